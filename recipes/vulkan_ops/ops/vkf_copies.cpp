#include <ATen/native/vulkan/ops/vkf_rearrange.h>
#include <torch/library.h>

namespace at {
namespace native {
namespace vulkan {
namespace ops {
namespace vkf {
namespace {

/// A copy. Memory formats are about strides, which Vulkan tensors do not have, so any will do.
Tensor clone_image(const Tensor& self, const c10::optional<c10::MemoryFormat> /*memory_format*/) {
  const vTensor& v_self = convert(self);
  vTensor v_output = v_self.is_quantized()
      ? vTensor{api::context(), v_self.sizes(), v_self.options(), v_self.get_scale(), v_self.get_zero_point()}
      : make_output(v_self.sizes(), v_self.options());
  copy_texels(v_self, {{0u, 0u, 0u}}, v_output, {{0u, 0u, 0u}}, v_self.extents());
  return v_self.is_quantized() ? convert_quantized(v_output) : convert(v_output);
}

Tensor repeat_dims(const Tensor& self, const IntArrayRef repeats) {
  const int64_t rank = static_cast<int64_t>(repeats.size());
  TORCH_CHECK(
      rank >= self.dim(),
      "Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor");
  Sizes sizes(repeats.begin(), repeats.end());
  bool once = true;
  for (int64_t i = 0; i < self.dim(); ++i) {
    once = once && sizes[rank - 1 - i] == 1;
    sizes[rank - 1 - i] *= self.size(self.dim() - 1 - i);
  }
  check_movable("aten::repeat", self);
  if (rank > 4) {
    refuse(
        "aten::repeat",
        "a tensor of shape " + shape_of(self.sizes()) + " with repeats " + shape_of(repeats),
        "Vulkan tensors have at most 4 dimensions",
        "merge dimensions before, or run this part of the model on the CPU");
  }
  Affine map;
  map.wrap = !once;
  const api::utils::ivec4 from = whcn(self.sizes());
  for (int axis = 0; axis < 4; ++axis) {
    if (from.data[axis] == 1) {
      map.step[axis] = {{0, 0, 0, 0}};
    }
  }
  return rearrange(self, sizes, map);
}

Tensor flip_dims(const Tensor& self, const IntArrayRef dims) {
  check_movable("aten::flip", self);
  const int64_t rank = self.dim();
  Affine map;
  bool seen[4] = {false, false, false, false};
  for (const int64_t dim_arg : dims) {
    const int64_t dim = maybe_wrap_dim(dim_arg, rank);
    TORCH_CHECK(!seen[dim], "dim ", dim, " appears multiple times in the list of dims");
    seen[dim] = true;
    if (rank > 0) {
      const int32_t axis = whcn_axis(dim, rank);
      map.base.data[axis] = api::utils::safe_downcast<int32_t>(self.size(dim) - 1);
      map.step[axis].data[axis] = -1;
    }
  }
  return rearrange(self, self.sizes(), map);
}

Tensor roll_dims(const Tensor& self, const IntArrayRef shifts, const IntArrayRef dims) {
  check_movable("aten::roll", self);
  TORCH_CHECK(!shifts.empty(), "`shifts` required");
  if (dims.empty() && shifts.size() == 1u) {
    const Tensor flat = reshape("aten::roll", self, {self.numel()}, true);
    return reshape("aten::roll", roll_dims(flat, shifts, {0}), self.sizes(), true);
  }
  TORCH_CHECK(
      shifts.size() == dims.size(),
      "shifts and dimensions must align. shifts: ", shifts.size(), ", dims:", dims.size());
  Affine map;
  map.wrap = true;
  for (size_t i = 0u; i < dims.size(); ++i) {
    const int64_t size = self.size(dims[i]);
    int32_t& base = map.base.data[whcn_axis(dims[i], self.dim())];
    base = static_cast<int32_t>(((base - shifts[i] % size) % size + size) % size);
  }
  return rearrange(self, self.sizes(), map);
}

Tensor& fill_image_(Tensor& self, const Scalar& value) {
  check_movable("aten::fill_", self);
  vTensor& v_self = convert(self);
  const struct Block final {
    api::utils::ivec4 size;
    float value;
  } block{whcn(v_self.sizes()), value.to<float>()};
  run(VK_KERNEL(vkf_fill), v_self, block);
  return self;
}

Tensor& fill_with_(Tensor& self, const Tensor& value) {
  TORCH_CHECK(
      value.dim() == 0,
      "fill_ only supports 0-dimension value tensor but got tensor with ", value.dim(), " dimensions.");
  return fill_image_(self, value.is_vulkan() ? value.cpu().item() : value.item());
}

Tensor& zero_image_(Tensor& self) {
  return fill_image_(self, 0);
}

TORCH_LIBRARY_IMPL(aten, Vulkan, m) {
  m.impl(TORCH_SELECTIVE_NAME("aten::clone"), TORCH_FN(clone_image));
  m.impl(TORCH_SELECTIVE_NAME("aten::repeat"), TORCH_FN(repeat_dims));
  m.impl(TORCH_SELECTIVE_NAME("aten::flip"), TORCH_FN(flip_dims));
  m.impl(TORCH_SELECTIVE_NAME("aten::roll"), TORCH_FN(roll_dims));
  m.impl(TORCH_SELECTIVE_NAME("aten::fill_.Scalar"), TORCH_FN(fill_image_));
  m.impl(TORCH_SELECTIVE_NAME("aten::fill_.Tensor"), TORCH_FN(fill_with_));
  m.impl(TORCH_SELECTIVE_NAME("aten::zero_"), TORCH_FN(zero_image_));
}

} // namespace
} // namespace vkf
} // namespace ops
} // namespace vulkan
} // namespace native
} // namespace at
