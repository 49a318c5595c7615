// Kernels for the two operators that a libtorch built without Vulkan answers wrongly:
// aten::copy_ says that the backend is not linked, aten::is_vulkan_available says false.

#include <ATen/NamedTensorUtils.h>
#include <ATen/native/vulkan/api/Context.h>
#include <ATen/native/vulkan/ops/Copy.h>
#include <ATen/quantized/Quantizer.h>
#include <torch/library.h>

namespace vkforge {
namespace {

// Mirrors at::native::copy_ and copy_impl (aten/src/ATen/native/Copy.cpp) up to the Vulkan branch, without
// what cannot be reached with a Vulkan tensor.
at::Tensor& copy_(at::Tensor& self, const at::Tensor& src, bool /*non_blocking*/) {
  const auto maybe_outnames = at::namedinference::compute_broadcast_outnames(self, src);
  {
    at::NoNamesGuard guard;
    TORCH_CHECK(self.defined(), "self is undefined");
    TORCH_CHECK(src.defined(), "src is undefined");
    if (!self.is_same(src) && !self.is_meta()) {
      TORCH_CHECK_NOT_IMPLEMENTED(!src.is_meta(), "Cannot copy out of meta tensor; no data!");
      TORCH_CHECK(self.is_quantized() == src.is_quantized(),
                  "Cannot copy between a quantized and a non-quantized tensor on Vulkan");
      if (self.is_quantized()) {
        TORCH_CHECK(self.qscheme() == src.qscheme(), "Quantized Copy only works with same qscheme");
        TORCH_CHECK(self.scalar_type() == src.scalar_type());
        at::set_quantizer_(self, src.quantizer());
      }
      at::native::vulkan::ops::copy_(self, src);
    }
  }
  at::namedinference::propagate_names_if_nonempty(self, maybe_outnames);
  return self;
}

bool is_vulkan_available() {
  try {
    return at::native::vulkan::api::available();
  } catch (const c10::Error&) {
    return false;
  }
}

TORCH_LIBRARY_IMPL(aten, Vulkan, m) { m.impl(TORCH_SELECTIVE_NAME("aten::copy_"), TORCH_FN(copy_)); }

// An operator without tensor arguments has no backend to dispatch on; BackendSelect is the key that such
// calls pass first, and libtorch registers nothing there for this one.
TORCH_LIBRARY_IMPL(aten, BackendSelect, m) {
  m.impl(TORCH_SELECTIVE_NAME("aten::is_vulkan_available"), TORCH_FN(is_vulkan_available));
}

}  // namespace
}  // namespace vkforge
