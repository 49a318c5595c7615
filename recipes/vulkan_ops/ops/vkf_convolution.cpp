#include <ATen/native/vulkan/ops/Convolution.h>
#include <torch/custom_class.h>
#include <torch/library.h>

namespace at {
namespace native {
namespace vulkan {
namespace ops {
namespace vkf {
namespace {

// optimize_for_mobile replaces every aten::conv2d by create_conv2d_context with the same arguments, also where its
// padding is a word. The overload that takes one is found by the types of the arguments.
//
// A schema can name a class only once that is registered, here by Register.cpp, whose initialisers run before those of
// this file as long as it is linked before it. Without the class, this overload is left out.
TORCH_LIBRARY_FRAGMENT(vulkan_prepack, m) {
  if (torch::getCustomClass("__torch__.torch.classes.vulkan.Conv2dPackedContext")) {
    m.def(TORCH_SELECTIVE_SCHEMA(
        "vulkan_prepack::create_conv2d_context.padding(Tensor W, Tensor? B, int[2] stride, "
        "str padding, int[2] dilation, int groups, "
        "Scalar? output_min=None, Scalar? output_max=None) "
        "-> __torch__.torch.classes.vulkan.Conv2dPackedContext"));
  }
}

TORCH_LIBRARY_IMPL(vulkan_prepack, CPU, m) {
  m.impl(
      TORCH_SELECTIVE_NAME("vulkan_prepack::create_conv2d_context.padding"), TORCH_FN(create_conv2d_context_padding));
}

} // namespace
} // namespace vkf
} // namespace ops
} // namespace vulkan
} // namespace native
} // namespace at
