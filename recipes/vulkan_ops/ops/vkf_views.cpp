#include <ATen/ExpandUtils.h>
#include <ATen/InferSize.h>
#include <ATen/native/vulkan/ops/vkf_rearrange.h>
#include <torch/library.h>

namespace at {
namespace native {
namespace vulkan {
namespace ops {
namespace vkf {
namespace {

// torch's views share memory with their base. Here a view shares the image if its elements lie alike in it,
// and is a copy otherwise; vTensor::set_view_of() lets in-place operators know.

Tensor alias_of(const Tensor& self) {
  const vTensor& v_self = convert(self);
  return convert(v_self.with_sizes(v_self.sizes()));
}

Tensor view_shape(const Tensor& self, const IntArrayRef shape) {
  return reshape("aten::view", self, at::infer_size_dv(shape, self.numel()));
}

Tensor view_copy(const Tensor& self, const IntArrayRef shape) {
  return reshape("aten::_unsafe_view", self, at::infer_size_dv(shape, self.numel()), true);
}

Tensor reshape_shape(const Tensor& self, const IntArrayRef shape, const IntArrayRef /*stride*/) {
  return reshape("aten::reshape", self, shape);
}

Tensor squeeze_all(const Tensor& self) {
  Sizes sizes;
  for (const int64_t size : self.sizes()) {
    if (size != 1) {
      sizes.push_back(size);
    }
  }
  return reshape("aten::squeeze", self, sizes);
}

Tensor squeeze_one(const Tensor& self, const int64_t dim_arg) {
  const int64_t dim = maybe_wrap_dim(dim_arg, self.dim());
  if (self.dim() == 0 || self.size(dim) != 1) {
    return alias_of(self);
  }
  Sizes sizes(self.sizes().begin(), self.sizes().end());
  sizes.erase(sizes.begin() + dim);
  return reshape("aten::squeeze", self, sizes);
}

Tensor unsqueeze_at(const Tensor& self, const int64_t dim_arg) {
  const int64_t dim = maybe_wrap_dim(dim_arg, self.dim() + 1);
  Sizes sizes(self.sizes().begin(), self.sizes().end());
  sizes.insert(sizes.begin() + dim, 1);
  if (sizes.size() > 4) {
    refuse(
        "aten::unsqueeze",
        "a tensor of shape " + shape_of(self.sizes()),
        "the result would have 5 dimensions, and Vulkan tensors have at most 4",
        "leave the dimension out, or run this part of the model on the CPU");
  }
  return reshape("aten::unsqueeze", self, sizes);
}

Tensor permute_dims(const Tensor& self, const IntArrayRef dims) {
  const int64_t rank = self.dim();
  TORCH_CHECK(
      static_cast<int64_t>(dims.size()) == rank,
      "permute(): number of dimensions in the tensor input does not match the length of the desired "
      "ordering of dimensions i.e. input.dim() = ", rank, " is not equal to len(dims) = ", dims.size());
  Sizes sizes(rank);
  Affine map;
  bool seen[4] = {false, false, false, false};
  // Dimensions of one element may stand anywhere: what counts is the order of the others.
  bool same_order = true;
  int64_t last = -1;
  for (int64_t i = 0; i < rank; ++i) {
    const int64_t dim = maybe_wrap_dim(dims[i], rank);
    TORCH_CHECK(!seen[dim], "permute(): duplicate dims are not allowed.");
    seen[dim] = true;
    sizes[i] = self.size(dim);
    api::utils::ivec4 step{{0, 0, 0, 0}};
    step.data[whcn_axis(dim, rank)] = 1;
    map.step[whcn_axis(i, rank)] = step;
    if (sizes[i] != 1) {
      same_order = same_order && dim > last;
      last = dim;
    }
  }
  if (same_order) {
    return reshape("aten::permute", self, sizes);
  }
  check_movable("aten::permute", self);
  return as_view(self, rearrange(self, sizes, map));
}

Tensor swap_dims(const Tensor& self, const int64_t dim0_arg, const int64_t dim1_arg) {
  const int64_t rank = self.dim();
  const int64_t dim0 = maybe_wrap_dim(dim0_arg, rank);
  const int64_t dim1 = maybe_wrap_dim(dim1_arg, rank);
  Sizes dims(rank);
  for (int64_t i = 0; i < rank; ++i) {
    dims[i] = i == dim0 ? dim1 : i == dim1 ? dim0 : i;
  }
  return permute_dims(self, dims);
}

Tensor transpose_matrix(const Tensor& self) {
  TORCH_CHECK(self.dim() <= 2, "t() expects a tensor with <= 2 dimensions, but self is ", self.dim(), "D");
  return self.dim() < 2 ? alias_of(self) : swap_dims(self, 0, 1);
}

Tensor select_one(const Tensor& self, const int64_t dim_arg, const int64_t index_arg) {
  const int64_t rank = self.dim();
  TORCH_CHECK_INDEX(rank > 0, "select() cannot be applied to a 0-dim tensor.");
  const int64_t dim = maybe_wrap_dim(dim_arg, rank);
  const int64_t size = self.size(dim);
  TORCH_CHECK_INDEX(
      index_arg >= -size && index_arg < size,
      "select(): index ", index_arg, " out of range for tensor of size ", self.sizes(), " at dimension ", dim);
  const int64_t index = index_arg < 0 ? index_arg + size : index_arg;

  Sizes sizes(self.sizes().begin(), self.sizes().end());
  sizes.erase(sizes.begin() + dim);
  if (size == 1) {
    return reshape("aten::select", self, sizes);
  }
  check_movable("aten::select", self);
  Affine map;
  map.base.data[whcn_axis(dim, rank)] = api::utils::safe_downcast<int32_t>(index);
  for (int64_t i = 0; i < rank - 1; ++i) {
    api::utils::ivec4 step{{0, 0, 0, 0}};
    step.data[whcn_axis(i < dim ? i : i + 1, rank)] = 1;
    map.step[whcn_axis(i, rank - 1)] = step;
  }
  return as_view(self, rearrange(self, sizes, map));
}

/// A slice whose texels are a box of the input's: nothing to compute.
bool copy_slice(
    const vTensor& from,
    vTensor& to,
    const int32_t axis,
    const int64_t start,
    const int64_t step) {
  const api::utils::ivec4 isize = whcn(from.sizes());
  const api::utils::ivec4 size = whcn(to.sizes());
  if (step != 1) {
    return false;
  }
  api::utils::uvec3 offset{{0u, 0u, 0u}};
  if (axis < 2) {
    offset.data[axis] = api::utils::safe_downcast<uint32_t>(start);
  } else {
    const int64_t first = axis == 2 ? start : start * isize.data[2];
    const int32_t planes = size.data[2] * size.data[3];
    // A part of the last texel would bring elements of other planes with it.
    const bool to_the_end = first + planes == isize.data[2] * isize.data[3];
    if ((axis == 2 && size.data[3] != 1) || first % 4 != 0 || (planes % 4 != 0 && !to_the_end)) {
      return false;
    }
    offset.data[2] = api::utils::safe_downcast<uint32_t>(first / 4);
  }
  copy_texels(from, offset, to, {{0u, 0u, 0u}}, to.extents());
  return true;
}

Tensor slice_range(
    const Tensor& self,
    const int64_t dim_arg,
    const c10::optional<int64_t> start_arg,
    const c10::optional<int64_t> end_arg,
    const int64_t step) {
  const int64_t rank = self.dim();
  TORCH_CHECK_INDEX(rank > 0, "slice() cannot be applied to a 0-dim tensor.");
  TORCH_CHECK(step > 0, "slice step must be positive");
  const int64_t dim = maybe_wrap_dim(dim_arg, rank);
  const int64_t size = self.size(dim);
  const auto clamp_place = [size](const int64_t place) {
    return std::min(std::max(place < 0 ? place + size : place, INT64_C(0)), size);
  };
  // INT64_MAX as the start is how an absent one is written by old models.
  const int64_t start = start_arg.value_or(0) == INT64_MAX ? 0 : clamp_place(start_arg.value_or(0));
  const int64_t end = std::max(clamp_place(end_arg.value_or(size)), start);
  if (start == end) {
    refuse(
        "aten::slice",
        "a tensor of shape " + shape_of(self.sizes()) + " from " + std::to_string(start) + " to " +
            std::to_string(end) + " in dimension " + std::to_string(dim),
        "nothing would be left, and Vulkan tensors have at least one element",
        "leave the slice out, or run it on the CPU");
  }
  Sizes sizes(self.sizes().begin(), self.sizes().end());
  // Without overflow for steps up to INT64_MAX.
  sizes[dim] = (end - start - 1) / step + 1;
  if (sizes[dim] == size) {
    return alias_of(self);
  }
  check_movable("aten::slice", self);

  const int32_t axis = whcn_axis(dim, rank);
  const vTensor& v_self = convert(self);
  vTensor v_output = make_output(sizes, v_self.options());
  if (copy_slice(v_self, v_output, axis, start, step)) {
    v_output.set_view_of(v_self);
    return convert(v_output);
  }
  Affine map;
  map.base.data[axis] = api::utils::safe_downcast<int32_t>(start);
  map.step[axis].data[axis] = static_cast<int32_t>(std::min<int64_t>(step, size));
  return as_view(self, rearrange(self, sizes, map));
}

std::vector<Tensor> split_ranges(const Tensor& self, const IntArrayRef split_sizes, const int64_t dim_arg) {
  TORCH_CHECK(self.dim() != 0, "split expects at least a 1-dimensional tensor");
  const int64_t dim = maybe_wrap_dim(dim_arg, self.dim());
  std::vector<Tensor> parts;
  int64_t start = 0;
  for (const int64_t size : split_sizes) {
    TORCH_CHECK(
        size >= 0, "split_with_sizes expects split_sizes have only non-negative entries, but got split_sizes=",
        split_sizes);
    parts.push_back(slice_range(self, dim, start, start + size, 1));
    start += size;
  }
  TORCH_CHECK(
      start == self.size(dim),
      "split_with_sizes expects split_sizes to sum exactly to ", self.size(dim), " (input tensor's size at dimension ",
      dim, "), but got split_sizes=", split_sizes);
  return parts;
}

Tensor expand_to(const Tensor& self, const IntArrayRef size, bool /*implicit*/) {
  TORCH_CHECK(
      static_cast<int64_t>(size.size()) >= self.dim(),
      "expand(", self.sizes(), ", size=", size, "): the number of sizes provided (", size.size(),
      ") must be greater or equal to the number of dimensions in the tensor (", self.dim(), ")");
  const auto geometry = inferExpandGeometry_dimvector(self.sizes(), self.strides(), size);
  const IntArrayRef sizes = geometry.sizes;
  if (convert(self).shares_layout(sizes)) {
    return reshape("aten::expand", self, sizes);
  }
  if (sizes.size() > 4) {
    refuse(
        "aten::expand",
        "a tensor of shape " + shape_of(self.sizes()) + " to " + shape_of(sizes),
        "Vulkan tensors have at most 4 dimensions",
        "merge dimensions before, or run this part of the model on the CPU");
  }
  check_movable("aten::expand", self);
  Affine map;
  const api::utils::ivec4 from = whcn(self.sizes());
  for (int axis = 0; axis < 4; ++axis) {
    if (from.data[axis] == 1) {
      map.step[axis] = {{0, 0, 0, 0}};
    }
  }
  return as_view(self, rearrange(self, sizes, map));
}

Tensor refuse_strided(
    const Tensor& self,
    const IntArrayRef size,
    const IntArrayRef stride,
    const c10::optional<int64_t> /*storage_offset*/) {
  refuse(
      "aten::as_strided",
      "a tensor of shape " + shape_of(self.sizes()) + " (size " + shape_of(size) + ", strides " +
          shape_of(stride) + ")",
      "a Vulkan tensor is an image and has no strides",
      "use slice, select, view, permute or expand instead");
}

Tensor refuse_unfold(const Tensor& self, const int64_t dim, const int64_t size, const int64_t step) {
  refuse(
      "aten::unfold",
      "a tensor of shape " + shape_of(self.sizes()) + " (dimension " + std::to_string(dim) + ", size " +
          std::to_string(size) + ", step " + std::to_string(step) + ")",
      "overlapping windows are not implemented on Vulkan",
      "use a convolution or slices instead, or run it on the CPU");
}

Tensor refuse_diagonal(const Tensor& self, const int64_t /*offset*/, const int64_t /*dim1*/, const int64_t /*dim2*/) {
  refuse(
      "aten::diagonal",
      "a tensor of shape " + shape_of(self.sizes()),
      "diagonals are not implemented on Vulkan",
      "multiply by an identity matrix and sum instead, or run it on the CPU");
}

[[noreturn]] void refuse_metadata_change(const char* const op, const Tensor& self) {
  refuse(
      op,
      "a tensor of shape " + shape_of(self.sizes()),
      "the shape of a Vulkan tensor cannot be changed in place",
      "use the operator without the underscore");
}

Tensor& squeeze_(Tensor& self) {
  refuse_metadata_change("aten::squeeze_", self);
}

Tensor& squeeze_dim_(Tensor& self, const int64_t /*dim*/) {
  refuse_metadata_change("aten::squeeze_", self);
}

Tensor& unsqueeze_(Tensor& self, const int64_t /*dim*/) {
  refuse_metadata_change("aten::unsqueeze_", self);
}

Tensor& transpose_(Tensor& self, const int64_t /*dim0*/, const int64_t /*dim1*/) {
  refuse_metadata_change("aten::transpose_", self);
}

Tensor& t_(Tensor& self) {
  refuse_metadata_change("aten::t_", self);
}

TORCH_LIBRARY_IMPL(aten, Vulkan, m) {
  m.impl(TORCH_SELECTIVE_NAME("aten::alias"), TORCH_FN(alias_of));
  m.impl(TORCH_SELECTIVE_NAME("aten::detach"), TORCH_FN(alias_of));
  m.impl(TORCH_SELECTIVE_NAME("aten::view"), TORCH_FN(view_shape));
  m.impl(TORCH_SELECTIVE_NAME("aten::_unsafe_view"), TORCH_FN(view_copy));
  m.impl(TORCH_SELECTIVE_NAME("aten::_reshape_alias"), TORCH_FN(reshape_shape));
  m.impl(TORCH_SELECTIVE_NAME("aten::squeeze"), TORCH_FN(squeeze_all));
  m.impl(TORCH_SELECTIVE_NAME("aten::squeeze.dim"), TORCH_FN(squeeze_one));
  m.impl(TORCH_SELECTIVE_NAME("aten::unsqueeze"), TORCH_FN(unsqueeze_at));
  m.impl(TORCH_SELECTIVE_NAME("aten::permute"), TORCH_FN(permute_dims));
  m.impl(TORCH_SELECTIVE_NAME("aten::transpose.int"), TORCH_FN(swap_dims));
  m.impl(TORCH_SELECTIVE_NAME("aten::t"), TORCH_FN(transpose_matrix));
  m.impl(TORCH_SELECTIVE_NAME("aten::select.int"), TORCH_FN(select_one));
  m.impl(TORCH_SELECTIVE_NAME("aten::slice.Tensor"), TORCH_FN(slice_range));
  m.impl(TORCH_SELECTIVE_NAME("aten::split_with_sizes"), TORCH_FN(split_ranges));
  m.impl(TORCH_SELECTIVE_NAME("aten::expand"), TORCH_FN(expand_to));
  m.impl(TORCH_SELECTIVE_NAME("aten::as_strided"), TORCH_FN(refuse_strided));
  m.impl(TORCH_SELECTIVE_NAME("aten::unfold"), TORCH_FN(refuse_unfold));
  m.impl(TORCH_SELECTIVE_NAME("aten::diagonal"), TORCH_FN(refuse_diagonal));
  m.impl(TORCH_SELECTIVE_NAME("aten::squeeze_"), TORCH_FN(squeeze_));
  m.impl(TORCH_SELECTIVE_NAME("aten::squeeze_.dim"), TORCH_FN(squeeze_dim_));
  m.impl(TORCH_SELECTIVE_NAME("aten::unsqueeze_"), TORCH_FN(unsqueeze_));
  m.impl(TORCH_SELECTIVE_NAME("aten::transpose_"), TORCH_FN(transpose_));
  m.impl(TORCH_SELECTIVE_NAME("aten::t_"), TORCH_FN(t_));
}

} // namespace
} // namespace vkf
} // namespace ops
} // namespace vulkan
} // namespace native
} // namespace at
