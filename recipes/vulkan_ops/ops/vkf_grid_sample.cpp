#include <ATen/native/vulkan/ops/vkf_spatial.h>
#include <torch/library.h>

namespace at {
namespace native {
namespace vulkan {
namespace ops {
namespace vkf {
namespace {

/// Samples (N, C, H, W) at the positions (N, H', W', 2) of a grid, which are between -1 and 1.
Tensor grid_sampler_2d(
    const Tensor& self_arg,
    const Tensor& grid_arg,
    const int64_t interpolation,
    const int64_t padding,
    const bool align_corners) {
  check_float("aten::grid_sampler_2d", self_arg);
  check_float("aten::grid_sampler_2d", grid_arg);
  check_rank_between("aten::grid_sampler_2d", self_arg, 4, 4);
  TORCH_CHECK(
      grid_arg.dim() == 4 && grid_arg.size(0) == self_arg.size(0) && grid_arg.size(3) == 2,
      "grid_sampler_2d expects a grid of shape (", self_arg.size(0), ", H, W, 2), not ", shape_of(grid_arg.sizes()));

  const Tensor self = on_device(self_arg);
  const Tensor grid = on_device(grid_arg);
  const vTensor& v_self = convert(self);
  const vTensor& v_grid = convert(grid);
  const std::array<int64_t, 4> sizes{self.size(0), self.size(1), grid.size(1), grid.size(2)};
  vTensor v_output = make_output(sizes, v_self.options());
  const struct Block final {
    api::utils::ivec4 size;
    api::utils::ivec4 isize;
    api::utils::ivec4 gsize;
    int32_t interpolation;
    int32_t padding;
    int32_t align_corners;
  } block{
      whcn(sizes),
      whcn(v_self.sizes()),
      whcn(v_grid.sizes()),
      static_cast<int32_t>(interpolation),
      static_cast<int32_t>(padding),
      align_corners ? 1 : 0,
  };
  run(VK_KERNEL(vkf_grid_sample), v_output, block, v_self, v_grid);
  return convert(v_output);
}

TORCH_LIBRARY_IMPL(aten, Vulkan, m) {
  m.impl(TORCH_SELECTIVE_NAME("aten::grid_sampler_2d"), TORCH_FN(grid_sampler_2d));
}

} // namespace
} // namespace vkf
} // namespace ops
} // namespace vulkan
} // namespace native
} // namespace at
