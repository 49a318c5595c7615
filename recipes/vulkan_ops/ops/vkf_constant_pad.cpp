#include <ATen/native/vulkan/ops/vkf_spatial.h>
#include <torch/library.h>

namespace at {
namespace native {
namespace vulkan {
namespace ops {
namespace vkf {
namespace {

/// Pads (or crops, where negative) from the last dimension on: pad = {left, right, top, bottom, front, ...}.
Tensor constant_pad_nd(const Tensor& self_arg, const IntArrayRef pad, const Scalar& value) {
  check_float("aten::constant_pad_nd", self_arg);
  const int64_t rank = self_arg.dim();
  TORCH_CHECK(
      pad.size() % 2 == 0 && static_cast<int64_t>(pad.size()) <= 2 * rank,
      "constant_pad_nd expects pairs for at most ", rank, " dimensions, not ", pad.size(), " numbers");

  c10::SmallVector<int64_t, 4u> sizes(self_arg.sizes().begin(), self_arg.sizes().end());
  api::utils::ivec4 before{0, 0, 0, 0};
  for (size_t axis = 0; axis < pad.size() / 2; ++axis) {
    int64_t& size = sizes[rank - 1 - axis];
    size += pad[2 * axis] + pad[2 * axis + 1];
    before.data[axis] = api::utils::safe_downcast<int32_t>(pad[2 * axis]);
    TORCH_CHECK(
        size > 0,
        "constant_pad_nd of ", shape_of(self_arg.sizes()), " by ", shape_of(pad), " leaves nothing of dimension ",
        rank - 1 - static_cast<int64_t>(axis));
  }

  const Tensor self = on_device(self_arg);
  const vTensor& v_self = convert(self);
  vTensor v_output = make_output(sizes, v_self.options());
  const struct Block final {
    api::utils::ivec4 size;
    api::utils::ivec4 isize;
    api::utils::ivec4 before;
    float value;
  } block{whcn(sizes), whcn(v_self.sizes()), before, value.to<float>()};
  const bool planes_stay = before.data[2u] == 0 && before.data[3u] == 0 && block.size.data[2u] == block.isize.data[2u];
  run(planes_stay ? VK_KERNEL(vkf_constant_pad) : VK_KERNEL(vkf_constant_pad_lanes), v_output, block, v_self);
  return convert(v_output);
}

TORCH_LIBRARY_IMPL(aten, Vulkan, m) {
  m.impl(TORCH_SELECTIVE_NAME("aten::constant_pad_nd"), TORCH_FN(constant_pad_nd));
}

} // namespace
} // namespace vkf
} // namespace ops
} // namespace vulkan
} // namespace native
} // namespace at
