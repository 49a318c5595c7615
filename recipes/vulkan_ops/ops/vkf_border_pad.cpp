#include <ATen/native/vulkan/ops/vkf_spatial.h>
#include <torch/library.h>

namespace at {
namespace native {
namespace vulkan {
namespace ops {
namespace vkf {
namespace {

using api::utils::ivec2;
using api::utils::ivec4;

enum class Border { Reflect, Replicate, Wrap };

/// Along width and height: planes stay where they are.
void run_texels(
    const vTensor& v_self,
    vTensor& v_output,
    const ivec4& before,
    const ivec4& first,
    const ivec4& kept,
    const Border border) {
  const ivec4 isize = whcn(v_self.sizes());
  const api::utils::uvec3 extents = v_output.extents();
  const struct Block final {
    api::utils::uvec3 extents;
    uint32_t _;
    ivec2 last;
    ivec2 before;
    ivec2 first;
    ivec2 kept;
  } block{
      extents,
      0u,
      {isize.data[0u] - 1, isize.data[1u] - 1},
      {before.data[0u], before.data[1u]},
      {first.data[0u], first.data[1u]},
      {kept.data[0u], kept.data[1u]},
  };
  const api::ShaderSource shader = border == Border::Reflect ? VK_KERNEL(vkf_reflection_pad)
      : border == Border::Replicate                          ? VK_KERNEL(vkf_replication_pad)
                                                             : VK_KERNEL(vkf_circular_pad);
  run(shader, v_output, block, v_self);
}

/// Along the channels too.
void run_lanes(const vTensor& v_self, vTensor& v_output, const ivec4& before, const Border border) {
  const struct Block final {
    ivec4 size;
    ivec4 isize;
    ivec4 before;
    int32_t reflect;
  } block{whcn(v_output.sizes()), whcn(v_self.sizes()), before, border == Border::Reflect ? 1 : 0};
  run(VK_KERNEL(vkf_border_pad_lanes), v_output, block, v_self);
}

/// Pads the last padding.size() / 2 dimensions with what the tensor itself holds: pad = {left, right, top, ...}.
/// Negative numbers crop.
Tensor border_pad(const char* const op, const Tensor& self_arg, const IntArrayRef pad, const Border border) {
  check_float(op, self_arg);
  const int64_t padded = static_cast<int64_t>(pad.size()) / 2;
  // Without a batch dimension a tensor has one dimension less.
  check_rank_between(op, self_arg, padded + 1, std::min<int64_t>(padded + 2, 4));
  const int64_t rank = self_arg.dim();

  c10::SmallVector<int64_t, 4u> sizes(self_arg.sizes().begin(), self_arg.sizes().end());
  ivec4 before{0, 0, 0, 0};
  ivec4 first{0, 0, 0, 0};
  ivec4 kept = whcn(sizes);
  for (int64_t axis = 0; axis < padded; ++axis) {
    const int64_t size = sizes[rank - 1 - axis];
    const int64_t front = pad[2 * axis];
    const int64_t back = pad[2 * axis + 1];
    const int64_t cropped = std::max<int64_t>(-front, 0) + std::max<int64_t>(-back, 0);
    TORCH_CHECK(
        size + front + back > 0 && size > cropped,
        op, " of ", shape_of(self_arg.sizes()), " by ", shape_of(pad), " leaves nothing of dimension ", rank - 1 - axis);
    // A mirror image has no second border, a round holds what is left of the input.
    const int64_t limit = border == Border::Reflect ? size - 1 : size - cropped;
    TORCH_CHECK(
        border == Border::Replicate || (front <= limit && back <= limit),
        op, " adds at most ", limit, " elements on either side of dimension ", rank - 1 - axis, " of a tensor of shape ",
        shape_of(self_arg.sizes()), ", not ", front, " and ", back);
    sizes[rank - 1 - axis] = size + front + back;
    before.data[axis] = api::utils::safe_downcast<int32_t>(front);
    first.data[axis] = api::utils::safe_downcast<int32_t>(std::max<int64_t>(-front, 0));
    kept.data[axis] -= api::utils::safe_downcast<int32_t>(cropped);
  }

  const Tensor self = on_device(self_arg);
  const vTensor& v_self = convert(self);
  vTensor v_output = make_output(sizes, v_self.options());
  if (padded == 3) {
    run_lanes(v_self, v_output, before, border);
  } else {
    run_texels(v_self, v_output, before, first, kept, border);
  }
  return convert(v_output);
}

void check_pairs(const char* const op, const IntArrayRef pad, const size_t dimensions) {
  TORCH_CHECK(pad.size() == 2 * dimensions, op, " takes ", 2 * dimensions, " numbers, not ", pad.size());
}

Tensor reflection_pad1d(const Tensor& self, const IntArrayRef pad) {
  check_pairs("aten::reflection_pad1d", pad, 1);
  return border_pad("aten::reflection_pad1d", self, pad, Border::Reflect);
}

Tensor reflection_pad2d(const Tensor& self, const IntArrayRef pad) {
  check_pairs("aten::reflection_pad2d", pad, 2);
  return border_pad("aten::reflection_pad2d", self, pad, Border::Reflect);
}

Tensor reflection_pad3d(const Tensor& self, const IntArrayRef pad) {
  check_pairs("aten::reflection_pad3d", pad, 3);
  return border_pad("aten::reflection_pad3d", self, pad, Border::Reflect);
}

Tensor replication_pad1d(const Tensor& self, const IntArrayRef pad) {
  check_pairs("aten::replication_pad1d", pad, 1);
  return border_pad("aten::replication_pad1d", self, pad, Border::Replicate);
}

Tensor replication_pad2d(const Tensor& self, const IntArrayRef pad) {
  check_pairs("aten::replication_pad2d", pad, 2);
  return border_pad("aten::replication_pad2d", self, pad, Border::Replicate);
}

Tensor replication_pad3d(const Tensor& self, const IntArrayRef pad) {
  check_pairs("aten::replication_pad3d", pad, 3);
  return border_pad("aten::replication_pad3d", self, pad, Border::Replicate);
}

/// Unlike the others it always pads all dimensions but the first two.
Tensor pad_circular(const Tensor& self, const IntArrayRef pad) {
  check_float("aten::_pad_circular", self);
  TORCH_CHECK(self.dim() > 2, "aten::_pad_circular takes 3 or 4 dimensions, not ", self.dim());
  check_pairs("aten::_pad_circular", pad, self.dim() - 2);
  return border_pad("aten::_pad_circular", self, pad, Border::Wrap);
}

TORCH_LIBRARY_IMPL(aten, Vulkan, m) {
  m.impl(TORCH_SELECTIVE_NAME("aten::reflection_pad1d"), TORCH_FN(reflection_pad1d));
  m.impl(TORCH_SELECTIVE_NAME("aten::reflection_pad2d"), TORCH_FN(reflection_pad2d));
  m.impl(TORCH_SELECTIVE_NAME("aten::reflection_pad3d"), TORCH_FN(reflection_pad3d));
  m.impl(TORCH_SELECTIVE_NAME("aten::replication_pad1d"), TORCH_FN(replication_pad1d));
  m.impl(TORCH_SELECTIVE_NAME("aten::replication_pad2d"), TORCH_FN(replication_pad2d));
  m.impl(TORCH_SELECTIVE_NAME("aten::replication_pad3d"), TORCH_FN(replication_pad3d));
  m.impl(TORCH_SELECTIVE_NAME("aten::_pad_circular"), TORCH_FN(pad_circular));
}

} // namespace
} // namespace vkf
} // namespace ops
} // namespace vulkan
} // namespace native
} // namespace at
