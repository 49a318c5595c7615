#pragma once

// What the operators that only move elements share: which view of a tensor needs no copy, and the shaders that
// make the copy where one is needed.

#ifdef USE_VULKAN_API

#include <ATen/native/vulkan/ops/vkf_layout.h>

namespace at {
namespace native {
namespace vulkan {
namespace ops {
namespace vkf {

/// Sizes of a result.
using Sizes = c10::SmallVector<int64_t, 4u>;

/// Where the elements of an output come from: element e of it (w, h, c, n) is element
/// base + e.w * step[0] + e.h * step[1] + e.c * step[2] + e.n * step[3] of the input.
struct Affine final {
  api::utils::ivec4 base{{0, 0, 0, 0}};
  api::utils::ivec4 step[4] = {{{1, 0, 0, 0}}, {{0, 1, 0, 0}}, {{0, 0, 1, 0}}, {{0, 0, 0, 1}}};
  /// Positions count modulo the input's size.
  bool wrap = false;
};

/// Refuses tensors of more than four dimensions, and others than float.
void check_movable(const char* op, const Tensor& tensor);

/// A new tensor of these sizes with the input's elements at the positions that "map" tells.
Tensor rearrange(const Tensor& input, IntArrayRef sizes, const Affine& map);

/// The input's elements in another shape: on the same image if they lie alike there, else a copy that counts as
/// a view (vTensor::set_view_of) unless "fresh" says that torch makes a new tensor here.
Tensor reshape(const char* op, const Tensor& input, IntArrayRef sizes, bool fresh = false);

/// Declares "view", a copy, to be what torch takes for a view of "base".
Tensor as_view(const Tensor& base, const Tensor& view);

/// Puts "count" planes of a tensor, from the one numbered "first" on, into another from its plane "begin" on. All
/// planes of "to" must be put, in their order: each call leaves the lanes after its last plane 0.
void put_planes(const vTensor& from, int32_t first, int32_t count, vTensor& to, int32_t begin);

/// Copies a box of texels.
void copy_texels(
    const vTensor& from,
    const api::utils::uvec3& from_offset,
    vTensor& to,
    const api::utils::uvec3& to_offset,
    const api::utils::uvec3& extents);

} // namespace vkf
} // namespace ops
} // namespace vulkan
} // namespace native
} // namespace at

#endif /* USE_VULKAN_API */
