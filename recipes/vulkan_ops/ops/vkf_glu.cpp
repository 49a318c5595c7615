#include <ATen/native/vulkan/ops/vkf_spatial.h>
#include <torch/library.h>

namespace at {
namespace native {
namespace vulkan {
namespace ops {
namespace vkf {
namespace {

/// The first half of a dimension times the sigmoid of the second.
Tensor glu(const Tensor& self_arg, const int64_t dim) {
  check_float("aten::glu", self_arg);
  check_rank_between("aten::glu", self_arg, 1, 4);
  const int64_t wrapped = maybe_wrap_dim(dim, self_arg.dim());
  TORCH_CHECK(
      self_arg.size(wrapped) % 2 == 0,
      "Halving dimension must be even, but dimension ", wrapped, " is size ", self_arg.size(wrapped));

  c10::SmallVector<int64_t, 4u> sizes(self_arg.sizes().begin(), self_arg.sizes().end());
  sizes[wrapped] /= 2;
  const int32_t axis = whcn_axis(dim, self_arg.dim());
  const int32_t half = api::utils::safe_downcast<int32_t>(sizes[wrapped]);
  const int32_t half_planes = axis == 2 ? half : half * whcn(sizes).data[2u];

  const Tensor self = on_device(self_arg);
  const vTensor& v_self = convert(self);
  vTensor v_output = make_output(sizes, v_self.options());
  if (axis < 2 || half_planes % 4 == 0) {
    // Texels along z until the gates come; along width, height and the batch none have to be skipped.
    const int32_t run_length = axis == 2 ? half_planes / 4 : std::numeric_limits<int32_t>::max();
    const struct Block final {
      api::utils::uvec3 extents;
      int32_t run;
      api::utils::ivec3 gate;
    } block{
        v_output.extents(),
        run_length,
        {axis == 0 ? half : 0, axis == 1 ? half : 0, axis >= 2 ? half_planes / 4 : 0},
    };
    run(VK_KERNEL(vkf_glu), v_output, block, v_self);
    return convert(v_output);
  }
  const struct Block final {
    api::utils::ivec4 size;
    int32_t gate;
    int32_t run;
  } block{whcn(sizes), half_planes, axis == 2 ? half_planes : std::numeric_limits<int32_t>::max()};
  run(VK_KERNEL(vkf_glu_lanes), v_output, block, v_self);
  return convert(v_output);
}

TORCH_LIBRARY_IMPL(aten, Vulkan, m) {
  m.impl(TORCH_SELECTIVE_NAME("aten::glu"), TORCH_FN(glu));
}

} // namespace
} // namespace vkf
} // namespace ops
} // namespace vulkan
} // namespace native
} // namespace at
