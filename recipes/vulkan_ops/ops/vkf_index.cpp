#include <ATen/native/vulkan/ops/vkf_rearrange.h>
#include <torch/library.h>

namespace at {
namespace native {
namespace vulkan {
namespace ops {
namespace vkf {
namespace {

// Indices are integers, which no Vulkan tensor holds, so they are on the CPU: constants of the model, or made
// there. They are uploaded as floats, which are exact up to 2^24; no dimension of an image is that long.

/// The indices as a tensor on the device, checked against the size of the dimension that they count.
Tensor upload_indices(const char* const op, const Tensor& indices, const Tensor& self, const int64_t dim) {
  if (!indices.device().is_cpu()) {
    refuse(
        op,
        "indices of shape " + shape_of(indices.sizes()) + " on Vulkan",
        "indices must be integers on the CPU",
        "keep them there, or make them a constant of the model");
  }
  TORCH_CHECK_INDEX(
      indices.scalar_type() == kLong || indices.scalar_type() == kInt,
      op, ": expected indices of type Long or Int, not ", indices.scalar_type());
  const int64_t size = self.dim() == 0 ? 1 : self.size(dim);
  TORCH_CHECK_INDEX(
      indices.numel() > 0, op, ": the list of indices is empty, and Vulkan tensors have at least one element");
  TORCH_CHECK_INDEX(
      indices.min().item<int64_t>() >= 0 && indices.max().item<int64_t>() < size,
      op, ": index out of range for a tensor of shape ", shape_of(self.sizes()), " in dimension ", dim);
  return indices.to(kFloat).vulkan();
}

struct IndexBlock final {
  api::utils::ivec4 size;
  api::utils::ivec4 isize;
  int32_t axis;
};

Tensor select_listed(const Tensor& self_arg, const int64_t dim_arg, const Tensor& index) {
  const Tensor self = on_device(self_arg);
  check_movable("aten::index_select", self);
  const int64_t dim = maybe_wrap_dim(dim_arg, self.dim());
  TORCH_CHECK_INDEX(index.dim() <= 1, "index_select(): Index is supposed to be a vector");
  const Tensor index_1d = upload_indices("aten::index_select", index.reshape({-1}), self, dim);
  Sizes sizes(self.sizes().begin(), self.sizes().end());
  if (self.dim() > 0) {
    sizes[dim] = index_1d.size(0);
  }
  vTensor v_output = make_output(sizes, convert(self).options());
  const IndexBlock block{
      whcn(sizes), whcn(self.sizes()), self.dim() == 0 ? 0 : whcn_axis(dim, self.dim())};
  run(VK_KERNEL(vkf_index_select), v_output, block, convert(self), convert(index_1d));
  return convert(v_output);
}

Tensor gather_at(const Tensor& self_arg, const int64_t dim_arg, const Tensor& index, const bool /*sparse_grad*/) {
  const Tensor self = on_device(self_arg);
  check_movable("aten::gather", self);
  const int64_t dim = maybe_wrap_dim(dim_arg, self.dim());
  TORCH_CHECK(
      index.dim() == self.dim() || self.dim() == 0 || index.dim() == 0,
      "Index tensor must have the same number of dimensions as input tensor");
  for (int64_t i = 0; i < index.dim() && self.dim() > 0; ++i) {
    TORCH_CHECK(
        i == dim || index.size(i) <= self.size(i),
        "Size does not match at dimension ", i, " expected index ", index.sizes(),
        " to be smaller than self ", self.sizes(), " apart from dimension ", dim);
  }
  const Tensor index_vk = upload_indices("aten::gather", index, self, dim);
  vTensor v_output = make_output(index.sizes(), convert(self).options());
  const IndexBlock block{
      whcn(index.sizes()), whcn(self.sizes()), self.dim() == 0 ? 0 : whcn_axis(dim, self.dim())};
  run(VK_KERNEL(vkf_gather), v_output, block, convert(self), convert(index_vk));
  return convert(v_output);
}

/// x[:, [2, 0, 1]]: one list of numbers, or one mask of one dimension, among full slices.
Tensor index_by_list(const Tensor& self, const c10::List<c10::optional<Tensor>>& indices) {
  int64_t dim = -1;
  Tensor list;
  for (size_t i = 0u; i < indices.size(); ++i) {
    const c10::optional<Tensor> at = indices.get(i);
    if (!at.has_value() || !at->defined()) {
      continue;
    }
    if (dim >= 0) {
      refuse(
          "aten::index",
          "a tensor of shape " + shape_of(self.sizes()) + " with indices in more than one dimension",
          "only one dimension can be indexed by a list at a time",
          "index one dimension after the other, or use gather");
    }
    dim = static_cast<int64_t>(i);
    list = *at;
  }
  if (dim < 0) {
    return convert(convert(self).with_sizes(self.sizes()));
  }
  TORCH_CHECK_INDEX(dim < self.dim(), "too many indices for tensor of dimension ", self.dim());
  if (list.scalar_type() == kBool || list.scalar_type() == kByte) {
    if (!list.device().is_cpu() || list.dim() != 1) {
      refuse(
          "aten::index",
          "a tensor of shape " + shape_of(self.sizes()) + " with a mask of shape " + shape_of(list.sizes()),
          "a mask must have one dimension and be on the CPU",
          "multiply by the mask instead, or run this on the CPU");
    }
    TORCH_CHECK_INDEX(
        list.size(0) == self.size(dim),
        "The shape of the mask ", list.sizes(), " at index 0 does not match the shape of the indexed tensor ",
        self.sizes(), " at index ", dim);
    list = list.nonzero().reshape({-1});
  }
  if (list.device().is_cpu()) {
    list = at::where(list.lt(0), list + self.size(dim), list);
  }
  Sizes sizes(self.sizes().begin(), self.sizes().begin() + dim);
  sizes.append(list.sizes().begin(), list.sizes().end());
  sizes.append(self.sizes().begin() + dim + 1, self.sizes().end());
  const Tensor rows = select_listed(self, dim, list.reshape({-1}));
  return reshape("aten::index", rows, sizes, true);
}

TORCH_LIBRARY_IMPL(aten, Vulkan, m) {
  m.impl(TORCH_SELECTIVE_NAME("aten::index_select"), TORCH_FN(select_listed));
  m.impl(TORCH_SELECTIVE_NAME("aten::gather"), TORCH_FN(gather_at));
  m.impl(TORCH_SELECTIVE_NAME("aten::index.Tensor"), TORCH_FN(index_by_list));
}

} // namespace
} // namespace vkf
} // namespace ops
} // namespace vulkan
} // namespace native
} // namespace at
