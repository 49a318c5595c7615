#include <ATen/native/vulkan/ops/vkf_reduction.h>
#include <torch/library.h>

namespace at {
namespace native {
namespace vulkan {
namespace ops {
namespace vkf {
namespace {

/// Along width or height, or along the channels where each batch begins with a texel.
void softmax_lines(const vTensor& input, vTensor& output, const int32_t axis, const bool logarithm) {
  const api::utils::ivec4 size = whcn(input.sizes());
  api::utils::uvec3 units = texels_of(size);
  const int32_t count = axis == 2 ? api::utils::div_up(size.data[2], 4) : size.data[axis];
  units.data[axis] = axis == 2 ? size.data[3] : 1;
  api::utils::uvec3 texels{1, 1, 1};
  texels.data[axis] = static_cast<uint32_t>(count);
  Group group = Group::of(texels, units);
  if (group.together) {
    group.local = {1, 1, 1};
    group.local.data[axis] = 64;
  }
  if (axis == 2 && !group.together) {
    const struct ChannelBlock final {
      api::utils::ivec4 size;
      int32_t count;
      int32_t logarithm;
    } channel_block{size, count, logarithm};
    run_grouped(VK_KERNEL(vkf_softmax_channels), units, group, output, channel_block, input);
    return;
  }
  const struct Block final {
    api::utils::ivec4 size;
    int32_t axis;
    int32_t count;
    int32_t logarithm;
  } block{size, axis, count, logarithm};
  run_grouped(group.together ? VK_KERNEL(vkf_softmax_group) : VK_KERNEL(vkf_softmax), units, group, output, block, input);
}

/// Along batches or channels, wherever they begin: sums first, then what is made of them.
void softmax_planes(const vTensor& input, vTensor& output, const int32_t axis, const bool logarithm) {
  const api::utils::ivec4 size = whcn(input.sizes());
  const bool channels = axis == 2;
  const int32_t lines = size.data[channels ? 3 : 2];
  const Sizes line_sizes{lines, size.data[1], size.data[0]};
  std::pair<vTensor, vTensor> sums{
      make_output(line_sizes, input.options()), make_output(line_sizes, input.options())};

  const struct SumsBlock final {
    api::utils::ivec4 size;
    api::utils::ivec4 planes;
  } sums_block{
      whcn(line_sizes),
      channels ? api::utils::ivec4{size.data[2], 1, size.data[2], 0}
               : api::utils::ivec4{size.data[3], size.data[2], 1, 0}};
  const api::utils::uvec3 units = sums.first.extents();
  run_grouped(
      VK_KERNEL(vkf_softmax_sums), units, {false, adaptive_work_group_size(units)}, sums, sums_block, input);

  const struct Block final {
    api::utils::ivec4 size;
    int32_t divisor;
    int32_t lines;
    int32_t logarithm;
  } block{size, channels ? size.data[2] : 1, lines, logarithm};
  run(VK_KERNEL(vkf_softmax_planes), output, block, input, sums.first, sums.second);
}

Tensor softmax_of(const char* const op, const Tensor& self_arg, const int64_t dim, const bool logarithm) {
  check_reducible(op, self_arg);
  const Tensor self = on_device(self_arg);
  const vTensor& input = convert(self);
  vTensor output = make_output(self.sizes(), input.options());
  // A scalar counts as one dimension.
  const int32_t axis = whcn_axis(dim, std::max<int64_t>(self.dim(), 1));
  const api::utils::ivec4 size = whcn(self.sizes());
  if (axis < 2 || (axis == 2 && (size.data[3] == 1 || size.data[2] % 4 == 0))) {
    softmax_lines(input, output, axis, logarithm);
  } else {
    softmax_planes(input, output, axis, logarithm);
  }
  return convert(output);
}

Tensor softmax(const Tensor& self, const int64_t dim, const bool /* half_to_float */) {
  return softmax_of("aten::softmax", self, dim, false);
}

Tensor log_softmax(const Tensor& self, const int64_t dim, const bool /* half_to_float */) {
  return softmax_of("aten::log_softmax", self, dim, true);
}

TORCH_LIBRARY_IMPL(aten, Vulkan, m) {
  m.impl(TORCH_SELECTIVE_NAME("aten::_softmax"), TORCH_FN(softmax));
  m.impl(TORCH_SELECTIVE_NAME("aten::_log_softmax"), TORCH_FN(log_softmax));
}

} // namespace
} // namespace vkf
} // namespace ops
} // namespace vulkan
} // namespace native
} // namespace at
