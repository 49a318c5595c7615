#include <ATen/native/vulkan/ops/vkf_elementwise.h>
#include <torch/library.h>

namespace at {
namespace native {
namespace vulkan {
namespace ops {
namespace vkf {
namespace {

// add, sub, mul, div and pow of a tensor and a number take the shader of one operand.

Tensor add_tensor(const Tensor& self, const Tensor& other, const Scalar& alpha) {
  const Operand a("aten::add", self);
  const Operand b("aten::add", other);
  const float factor = alpha.to<float>();
  if (!b.tensor.defined()) {
    return unary("aten::add", VKF_AFFINE, self, {1.0f, factor * b.number, 0.0f, 0.0f});
  }
  if (!a.tensor.defined()) {
    return unary("aten::add", VKF_AFFINE, other, {factor, a.number, 0.0f, 0.0f});
  }
  return binary("aten::add", VKF_ADD, a, b, factor);
}

Tensor& add_tensor_(Tensor& self, const Tensor& other, const Scalar& alpha) {
  const Operand b("aten::add_", other);
  const float factor = alpha.to<float>();
  if (!b.tensor.defined()) {
    return unary_("aten::add_", VKF_AFFINE, self, {1.0f, factor * b.number, 0.0f, 0.0f});
  }
  return binary_("aten::add_", VKF_ADD, self, b, factor);
}

Tensor add_scalar(const Tensor& self, const Scalar& other, const Scalar& alpha) {
  return unary("aten::add", VKF_AFFINE, self, {1.0f, alpha.to<float>() * other.to<float>(), 0.0f, 0.0f});
}

Tensor& add_scalar_(Tensor& self, const Scalar& other, const Scalar& alpha) {
  return unary_("aten::add_", VKF_AFFINE, self, {1.0f, alpha.to<float>() * other.to<float>(), 0.0f, 0.0f});
}

Tensor sub_tensor(const Tensor& self, const Tensor& other, const Scalar& alpha) {
  return add_tensor(self, other, -alpha.to<double>());
}

Tensor& sub_tensor_(Tensor& self, const Tensor& other, const Scalar& alpha) {
  return add_tensor_(self, other, -alpha.to<double>());
}

Tensor sub_scalar(const Tensor& self, const Scalar& other, const Scalar& alpha) {
  return add_scalar(self, other, -alpha.to<double>());
}

Tensor& sub_scalar_(Tensor& self, const Scalar& other, const Scalar& alpha) {
  return add_scalar_(self, other, -alpha.to<double>());
}

Tensor rsub_tensor(const Tensor& self, const Tensor& other, const Scalar& alpha) {
  return sub_tensor(other, self, alpha);
}

Tensor rsub_scalar(const Tensor& self, const Scalar& other, const Scalar& alpha) {
  return unary("aten::rsub", VKF_AFFINE, self, {-alpha.to<float>(), other.to<float>(), 0.0f, 0.0f});
}

// x * factor + -0 keeps the sign of a zero.
Parameters product_with(const float factor) {
  return {factor, -0.0f, 0.0f, 0.0f};
}

Tensor mul_tensor(const Tensor& self, const Tensor& other) {
  const Operand a("aten::mul", self);
  const Operand b("aten::mul", other);
  if (!b.tensor.defined()) {
    return unary("aten::mul", VKF_AFFINE, self, product_with(b.number));
  }
  if (!a.tensor.defined()) {
    return unary("aten::mul", VKF_AFFINE, other, product_with(a.number));
  }
  return binary("aten::mul", VKF_MUL, a, b);
}

Tensor& mul_tensor_(Tensor& self, const Tensor& other) {
  const Operand b("aten::mul_", other);
  return b.tensor.defined() ? binary_("aten::mul_", VKF_MUL, self, b)
                            : unary_("aten::mul_", VKF_AFFINE, self, product_with(b.number));
}

Tensor mul_scalar(const Tensor& self, const Scalar& other) {
  return unary("aten::mul", VKF_AFFINE, self, product_with(other.to<float>()));
}

Tensor& mul_scalar_(Tensor& self, const Scalar& other) {
  return unary_("aten::mul_", VKF_AFFINE, self, product_with(other.to<float>()));
}

Tensor div_tensor(const Tensor& self, const Tensor& other) {
  const Operand a("aten::div", self);
  const Operand b("aten::div", other);
  if (!b.tensor.defined()) {
    return unary("aten::div", VKF_DIV_NUMBER, self, {b.number, 0.0f, 0.0f, 0.0f});
  }
  if (!a.tensor.defined()) {
    return unary("aten::div", VKF_NUMBER_DIV, other, {a.number, 0.0f, 0.0f, 0.0f});
  }
  return binary("aten::div", VKF_DIV, a, b);
}

Tensor& div_tensor_(Tensor& self, const Tensor& other) {
  const Operand b("aten::div_", other);
  return b.tensor.defined() ? binary_("aten::div_", VKF_DIV, self, b)
                            : unary_("aten::div_", VKF_DIV_NUMBER, self, {b.number, 0.0f, 0.0f, 0.0f});
}

Tensor div_scalar(const Tensor& self, const Scalar& other) {
  return unary("aten::div", VKF_DIV_NUMBER, self, {other.to<float>(), 0.0f, 0.0f, 0.0f});
}

Tensor& div_scalar_(Tensor& self, const Scalar& other) {
  return unary_("aten::div_", VKF_DIV_NUMBER, self, {other.to<float>(), 0.0f, 0.0f, 0.0f});
}

uint32_t quotient(const c10::optional<c10::string_view>& rounding_mode) {
  if (!rounding_mode) {
    return VKF_DIV;
  }
  TORCH_CHECK(
      *rounding_mode == "trunc" || *rounding_mode == "floor",
      "aten::div expects rounding_mode to be one of None, \"trunc\" or \"floor\", not \"", *rounding_mode, "\"");
  return *rounding_mode == "trunc" ? VKF_DIV_TRUNC : VKF_DIV_FLOOR;
}

Tensor div_tensor_mode(const Tensor& self, const Tensor& other, const c10::optional<c10::string_view> rounding_mode) {
  return binary("aten::div", quotient(rounding_mode), Operand("aten::div", self), Operand("aten::div", other));
}

Tensor& div_tensor_mode_(Tensor& self, const Tensor& other, const c10::optional<c10::string_view> rounding_mode) {
  return binary_("aten::div_", quotient(rounding_mode), self, Operand("aten::div_", other));
}

Tensor div_scalar_mode(const Tensor& self, const Scalar& other, const c10::optional<c10::string_view> rounding_mode) {
  return binary("aten::div", quotient(rounding_mode), Operand("aten::div", self), Operand(other));
}

Tensor& div_scalar_mode_(Tensor& self, const Scalar& other, const c10::optional<c10::string_view> rounding_mode) {
  return binary_("aten::div_", quotient(rounding_mode), self, Operand(other));
}

/// The operation for a whole or half exponent that a cheaper one does, else VKF_POW_NUMBER.
uint32_t power(const float exponent) {
  return exponent == 2.0f    ? VKF_SQUARE
      : exponent == 3.0f     ? VKF_CUBE
      : exponent == 0.5f     ? VKF_SQRT
      : exponent == -0.5f    ? VKF_RSQRT
      : exponent == -1.0f    ? VKF_RECIPROCAL
                             : VKF_POW_NUMBER;
}

Tensor pow_scalar(const Tensor& self, const Scalar& exponent) {
  const float y = exponent.to<float>();
  return unary("aten::pow", power(y), self, {y, 0.0f, 0.0f, 0.0f});
}

Tensor& pow_scalar_(Tensor& self, const Scalar& exponent) {
  const float y = exponent.to<float>();
  return unary_("aten::pow_", power(y), self, {y, 0.0f, 0.0f, 0.0f});
}

Tensor pow_of_scalar(const Scalar& self, const Tensor& exponent) {
  return unary("aten::pow", VKF_NUMBER_POW, exponent, {self.to<float>(), 0.0f, 0.0f, 0.0f});
}

Tensor pow_tensor(const Tensor& self, const Tensor& exponent) {
  const Operand a("aten::pow", self);
  const Operand b("aten::pow", exponent);
  if (!b.tensor.defined()) {
    return pow_scalar(self, b.number);
  }
  return a.tensor.defined() ? binary("aten::pow", VKF_POW, a, b) : pow_of_scalar(a.number, exponent);
}

Tensor& pow_tensor_(Tensor& self, const Tensor& exponent) {
  const Operand b("aten::pow_", exponent);
  return b.tensor.defined() ? binary_("aten::pow_", VKF_POW, self, b) : pow_scalar_(self, b.number);
}

// Operators of two tensors without more: X(function, schema name, operation).
#define VKF_FOR_EACH_BINARY(X)                                                                                     \
  X(maximum, "maximum", VKF_MAXIMUM) X(minimum, "minimum", VKF_MINIMUM) X(fmax, "fmax", VKF_FMAX)                  \
  X(fmin, "fmin", VKF_FMIN) X(clamp_min_tensor, "clamp_min.Tensor", VKF_MAXIMUM)                                   \
  X(clamp_max_tensor, "clamp_max.Tensor", VKF_MINIMUM) X(logaddexp, "logaddexp", VKF_LOGADDEXP)                    \
  X(fmod_tensor, "fmod.Tensor", VKF_FMOD) X(remainder_tensor, "remainder.Tensor", VKF_REMAINDER)                   \
  X(floor_divide, "floor_divide", VKF_DIV_FLOOR) X(atan2, "atan2", VKF_ATAN2) X(hypot, "hypot", VKF_HYPOT)         \
  X(xlogy_tensor, "xlogy.Tensor", VKF_XLOGY) X(copysign_tensor, "copysign.Tensor", VKF_COPYSIGN)

#define VKF_FOR_EACH_BINARY_IN_PLACE(X)                                                                            \
  X(clamp_min_tensor, "clamp_min_.Tensor", VKF_MAXIMUM) X(clamp_max_tensor, "clamp_max_.Tensor", VKF_MINIMUM)      \
  X(fmod_tensor, "fmod_.Tensor", VKF_FMOD) X(remainder_tensor, "remainder_.Tensor", VKF_REMAINDER)                 \
  X(floor_divide, "floor_divide_.Tensor", VKF_DIV_FLOOR) X(atan2, "atan2_", VKF_ATAN2) X(hypot, "hypot_", VKF_HYPOT) \
  X(xlogy_tensor, "xlogy_.Tensor", VKF_XLOGY) X(copysign_tensor, "copysign_.Tensor", VKF_COPYSIGN)

#define VKF_FOR_EACH_BINARY_SCALAR(X)                                                                              \
  X(fmod_scalar, "fmod.Scalar", VKF_FMOD) X(remainder_scalar, "remainder.Scalar", VKF_REMAINDER)

#define VKF_FOR_EACH_BINARY_SCALAR_IN_PLACE(X)                                                                     \
  X(fmod_scalar, "fmod_.Scalar", VKF_FMOD) X(remainder_scalar, "remainder_.Scalar", VKF_REMAINDER)

#define VKF_DEFINE_BINARY(function, name, operation)                                                \
  Tensor binary_##function(const Tensor& self, const Tensor& other) {                               \
    return binary("aten::" name, operation, Operand("aten::" name, self), Operand("aten::" name, other)); \
  }
#define VKF_DEFINE_BINARY_IN_PLACE(function, name, operation)                                       \
  Tensor& binary_##function##_(Tensor& self, const Tensor& other) {                                 \
    return binary_("aten::" name, operation, self, Operand("aten::" name, other));                  \
  }
#define VKF_DEFINE_BINARY_SCALAR(function, name, operation)                                         \
  Tensor binary_##function(const Tensor& self, const Scalar& other) {                               \
    return binary("aten::" name, operation, Operand("aten::" name, self), Operand(other));          \
  }
#define VKF_DEFINE_BINARY_SCALAR_IN_PLACE(function, name, operation)                                \
  Tensor& binary_##function##_(Tensor& self, const Scalar& other) {                                 \
    return binary_("aten::" name, operation, self, Operand(other));                                 \
  }
VKF_FOR_EACH_BINARY(VKF_DEFINE_BINARY)
VKF_FOR_EACH_BINARY_IN_PLACE(VKF_DEFINE_BINARY_IN_PLACE)
VKF_FOR_EACH_BINARY_SCALAR(VKF_DEFINE_BINARY_SCALAR)
VKF_FOR_EACH_BINARY_SCALAR_IN_PLACE(VKF_DEFINE_BINARY_SCALAR_IN_PLACE)

Tensor prelu(const Tensor& self, const Tensor& weight) {
  if (weight.numel() == 1) {
    return binary("aten::prelu", VKF_PRELU, Operand("aten::prelu", self), Operand("aten::prelu", weight));
  }
  TORCH_CHECK(
      self.dim() > 1 && weight.numel() == self.size(1),
      "aten::prelu expects one weight or one for each channel, not ", weight.numel(), " for an input of shape ",
      shape_of(self.sizes()));
  c10::SmallVector<int64_t, 4u> shape(self.dim() - 1, 1);
  shape[0] = weight.numel();
  return binary(
      "aten::prelu", VKF_PRELU, Operand("aten::prelu", self), Operand("aten::prelu", weight.reshape(shape)));
}

TORCH_LIBRARY_IMPL(aten, Vulkan, m) {
  m.impl(TORCH_SELECTIVE_NAME("aten::add.Tensor"), add_tensor);
  m.impl(TORCH_SELECTIVE_NAME("aten::add_.Tensor"), add_tensor_);
  m.impl(TORCH_SELECTIVE_NAME("aten::add.Scalar"), add_scalar);
  m.impl(TORCH_SELECTIVE_NAME("aten::add_.Scalar"), add_scalar_);
  m.impl(TORCH_SELECTIVE_NAME("aten::sub.Tensor"), sub_tensor);
  m.impl(TORCH_SELECTIVE_NAME("aten::sub_.Tensor"), sub_tensor_);
  m.impl(TORCH_SELECTIVE_NAME("aten::sub.Scalar"), sub_scalar);
  m.impl(TORCH_SELECTIVE_NAME("aten::sub_.Scalar"), sub_scalar_);
  m.impl(TORCH_SELECTIVE_NAME("aten::rsub.Tensor"), rsub_tensor);
  m.impl(TORCH_SELECTIVE_NAME("aten::rsub.Scalar"), rsub_scalar);
  m.impl(TORCH_SELECTIVE_NAME("aten::mul.Tensor"), mul_tensor);
  m.impl(TORCH_SELECTIVE_NAME("aten::mul_.Tensor"), mul_tensor_);
  m.impl(TORCH_SELECTIVE_NAME("aten::mul.Scalar"), mul_scalar);
  m.impl(TORCH_SELECTIVE_NAME("aten::mul_.Scalar"), mul_scalar_);
  m.impl(TORCH_SELECTIVE_NAME("aten::div.Tensor"), div_tensor);
  m.impl(TORCH_SELECTIVE_NAME("aten::div_.Tensor"), div_tensor_);
  m.impl(TORCH_SELECTIVE_NAME("aten::div.Scalar"), div_scalar);
  m.impl(TORCH_SELECTIVE_NAME("aten::div_.Scalar"), div_scalar_);
  m.impl(TORCH_SELECTIVE_NAME("aten::div.Tensor_mode"), div_tensor_mode);
  m.impl(TORCH_SELECTIVE_NAME("aten::div_.Tensor_mode"), div_tensor_mode_);
  m.impl(TORCH_SELECTIVE_NAME("aten::div.Scalar_mode"), div_scalar_mode);
  m.impl(TORCH_SELECTIVE_NAME("aten::div_.Scalar_mode"), div_scalar_mode_);
  m.impl(TORCH_SELECTIVE_NAME("aten::pow.Tensor_Scalar"), pow_scalar);
  m.impl(TORCH_SELECTIVE_NAME("aten::pow_.Scalar"), pow_scalar_);
  m.impl(TORCH_SELECTIVE_NAME("aten::pow.Scalar"), pow_of_scalar);
  m.impl(TORCH_SELECTIVE_NAME("aten::pow.Tensor_Tensor"), pow_tensor);
  m.impl(TORCH_SELECTIVE_NAME("aten::pow_.Tensor"), pow_tensor_);
  m.impl(TORCH_SELECTIVE_NAME("aten::prelu"), prelu);

#define VKF_REGISTER_BINARY(function, name, operation) \
  m.impl(TORCH_SELECTIVE_NAME("aten::" name), binary_##function);
#define VKF_REGISTER_BINARY_IN_PLACE(function, name, operation) \
  m.impl(TORCH_SELECTIVE_NAME("aten::" name), binary_##function##_);
  VKF_FOR_EACH_BINARY(VKF_REGISTER_BINARY)
  VKF_FOR_EACH_BINARY_SCALAR(VKF_REGISTER_BINARY)
  VKF_FOR_EACH_BINARY_IN_PLACE(VKF_REGISTER_BINARY_IN_PLACE)
  VKF_FOR_EACH_BINARY_SCALAR_IN_PLACE(VKF_REGISTER_BINARY_IN_PLACE)
}

#undef VKF_FOR_EACH_BINARY
#undef VKF_FOR_EACH_BINARY_IN_PLACE
#undef VKF_FOR_EACH_BINARY_SCALAR
#undef VKF_FOR_EACH_BINARY_SCALAR_IN_PLACE
#undef VKF_DEFINE_BINARY
#undef VKF_DEFINE_BINARY_IN_PLACE
#undef VKF_DEFINE_BINARY_SCALAR
#undef VKF_DEFINE_BINARY_SCALAR_IN_PLACE
#undef VKF_REGISTER_BINARY
#undef VKF_REGISTER_BINARY_IN_PLACE

} // namespace
} // namespace vkf
} // namespace ops
} // namespace vulkan
} // namespace native
} // namespace at
