#include <ATen/native/vulkan/ops/vkf_elementwise.h>
#include <torch/library.h>

namespace at {
namespace native {
namespace vulkan {
namespace ops {
namespace vkf {
namespace {

Tensor addcmul(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) {
  const char* const op = "aten::addcmul";
  return ternary(op, VKF_ADDCMUL, {op, self}, {op, tensor1}, {op, tensor2}, value.to<float>());
}

Tensor& addcmul_(Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) {
  const char* const op = "aten::addcmul_";
  return ternary_(op, VKF_ADDCMUL, self, {op, tensor1}, {op, tensor2}, value.to<float>());
}

Tensor addcdiv(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) {
  const char* const op = "aten::addcdiv";
  return ternary(op, VKF_ADDCDIV, {op, self}, {op, tensor1}, {op, tensor2}, value.to<float>());
}

Tensor& addcdiv_(Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) {
  const char* const op = "aten::addcdiv_";
  return ternary_(op, VKF_ADDCDIV, self, {op, tensor1}, {op, tensor2}, value.to<float>());
}

Tensor lerp_scalar(const Tensor& self, const Tensor& end, const Scalar& weight) {
  const char* const op = "aten::lerp";
  return ternary(op, VKF_LERP, {op, self}, {op, end}, Operand(weight));
}

Tensor& lerp_scalar_(Tensor& self, const Tensor& end, const Scalar& weight) {
  const char* const op = "aten::lerp_";
  return ternary_(op, VKF_LERP, self, {op, end}, Operand(weight));
}

Tensor lerp_tensor(const Tensor& self, const Tensor& end, const Tensor& weight) {
  const char* const op = "aten::lerp";
  return ternary(op, VKF_LERP, {op, self}, {op, end}, {op, weight});
}

Tensor& lerp_tensor_(Tensor& self, const Tensor& end, const Tensor& weight) {
  const char* const op = "aten::lerp_";
  return ternary_(op, VKF_LERP, self, {op, end}, {op, weight});
}

// The masks come from the CPU, where booleans can be stored, or are floats on the device.

Tensor where(const Tensor& condition, const Tensor& self, const Tensor& other) {
  const char* const op = "aten::where";
  return ternary(op, VKF_WHERE, {op, other}, {op, self}, {op, condition});
}

Tensor masked_fill_scalar(const Tensor& self, const Tensor& mask, const Scalar& value) {
  const char* const op = "aten::masked_fill";
  return ternary(op, VKF_WHERE, {op, self}, Operand(value), {op, mask});
}

Tensor& masked_fill_scalar_(Tensor& self, const Tensor& mask, const Scalar& value) {
  const char* const op = "aten::masked_fill_";
  return ternary_(op, VKF_WHERE, self, Operand(value), {op, mask});
}

Tensor masked_fill_tensor(const Tensor& self, const Tensor& mask, const Tensor& value) {
  const char* const op = "aten::masked_fill";
  TORCH_CHECK(value.dim() == 0, op, " expects a value without dimensions, not of shape ", shape_of(value.sizes()));
  return ternary(op, VKF_WHERE, {op, self}, {op, value}, {op, mask});
}

Tensor& masked_fill_tensor_(Tensor& self, const Tensor& mask, const Tensor& value) {
  const char* const op = "aten::masked_fill_";
  TORCH_CHECK(value.dim() == 0, op, " expects a value without dimensions, not of shape ", shape_of(value.sizes()));
  return ternary_(op, VKF_WHERE, self, {op, value}, {op, mask});
}

Tensor clamp_tensor(const Tensor& self, const c10::optional<Tensor>& min, const c10::optional<Tensor>& max) {
  const char* const op = "aten::clamp";
  const bool has_min = min && min->defined();
  const bool has_max = max && max->defined();
  TORCH_CHECK(has_min || has_max, "torch.clamp: At least one of 'min' or 'max' must not be None");
  const Tensor above = has_min ? binary(op, VKF_MAXIMUM, {op, self}, {op, *min}) : self;
  return has_max ? binary(op, VKF_MINIMUM, {op, above}, {op, *max}) : above;
}

Tensor& clamp_tensor_(Tensor& self, const c10::optional<Tensor>& min, const c10::optional<Tensor>& max) {
  const char* const op = "aten::clamp_";
  const bool has_min = min && min->defined();
  const bool has_max = max && max->defined();
  TORCH_CHECK(has_min || has_max, "torch.clamp: At least one of 'min' or 'max' must not be None");
  if (has_min) {
    binary_(op, VKF_MAXIMUM, self, {op, *min});
  }
  return has_max ? binary_(op, VKF_MINIMUM, self, {op, *max}) : self;
}

TORCH_LIBRARY_IMPL(aten, Vulkan, m) {
  m.impl(TORCH_SELECTIVE_NAME("aten::addcmul"), addcmul);
  m.impl(TORCH_SELECTIVE_NAME("aten::addcmul_"), addcmul_);
  m.impl(TORCH_SELECTIVE_NAME("aten::addcdiv"), addcdiv);
  m.impl(TORCH_SELECTIVE_NAME("aten::addcdiv_"), addcdiv_);
  m.impl(TORCH_SELECTIVE_NAME("aten::lerp.Scalar"), lerp_scalar);
  m.impl(TORCH_SELECTIVE_NAME("aten::lerp_.Scalar"), lerp_scalar_);
  m.impl(TORCH_SELECTIVE_NAME("aten::lerp.Tensor"), lerp_tensor);
  m.impl(TORCH_SELECTIVE_NAME("aten::lerp_.Tensor"), lerp_tensor_);
  m.impl(TORCH_SELECTIVE_NAME("aten::where.self"), where);
  m.impl(TORCH_SELECTIVE_NAME("aten::masked_fill.Scalar"), masked_fill_scalar);
  m.impl(TORCH_SELECTIVE_NAME("aten::masked_fill_.Scalar"), masked_fill_scalar_);
  m.impl(TORCH_SELECTIVE_NAME("aten::masked_fill.Tensor"), masked_fill_tensor);
  m.impl(TORCH_SELECTIVE_NAME("aten::masked_fill_.Tensor"), masked_fill_tensor_);
  m.impl(TORCH_SELECTIVE_NAME("aten::clamp.Tensor"), clamp_tensor);
  m.impl(TORCH_SELECTIVE_NAME("aten::clamp_.Tensor"), clamp_tensor_);
}

} // namespace
} // namespace vkf
} // namespace ops
} // namespace vulkan
} // namespace native
} // namespace at
