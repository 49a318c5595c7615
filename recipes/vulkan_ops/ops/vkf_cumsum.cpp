#include <ATen/native/vulkan/ops/vkf_reduction.h>
#include <torch/library.h>

namespace at {
namespace native {
namespace vulkan {
namespace ops {
namespace vkf {
namespace {

Tensor cumsum(const Tensor& self_arg, const int64_t dim, const c10::optional<ScalarType> dtype) {
  check_reducible("aten::cumsum", self_arg);
  check_result_type("aten::cumsum", self_arg, dtype);
  const Tensor self = on_device(self_arg);
  const vTensor& input = convert(self);
  vTensor output = make_output(self.sizes(), input.options());
  const int32_t axis = whcn_axis(dim, std::max<int64_t>(self.dim(), 1));
  const struct Block final {
    api::utils::ivec4 size;
    int32_t axis;
  } block{whcn(self.sizes()), axis};
  api::utils::uvec3 lines = output.extents();
  if (axis < 3) {
    lines.data[axis] = 1;
  }
  run_over(VK_KERNEL(vkf_cumsum), lines, output, block, input);
  return convert(output);
}

TORCH_LIBRARY_IMPL(aten, Vulkan, m) {
  m.impl(TORCH_SELECTIVE_NAME("aten::cumsum"), TORCH_FN(cumsum));
}

} // namespace
} // namespace vkf
} // namespace ops
} // namespace vulkan
} // namespace native
} // namespace at
