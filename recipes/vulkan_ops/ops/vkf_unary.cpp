#include <ATen/native/vulkan/ops/vkf_elementwise.h>
#include <torch/library.h>

#include <limits>

namespace at {
namespace native {
namespace vulkan {
namespace ops {
namespace vkf {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

// Operators without parameters: X(name, operation). Each gets its in-place form.
#define VKF_FOR_EACH_PLAIN_UNARY(X)                                                                    \
  X(abs, VKF_ABS) X(neg, VKF_NEG) X(sign, VKF_SIGN) X(sgn, VKF_SIGN) X(floor, VKF_FLOOR)               \
  X(ceil, VKF_CEIL) X(round, VKF_ROUND) X(trunc, VKF_TRUNC) X(frac, VKF_FRAC) X(sqrt, VKF_SQRT)        \
  X(rsqrt, VKF_RSQRT) X(reciprocal, VKF_RECIPROCAL) X(exp, VKF_EXP) X(exp2, VKF_EXP2)                  \
  X(expm1, VKF_EXPM1) X(log, VKF_LOG) X(log2, VKF_LOG2) X(log10, VKF_LOG10) X(log1p, VKF_LOG1P)        \
  X(sin, VKF_SIN) X(cos, VKF_COS) X(tan, VKF_TAN) X(asin, VKF_ASIN) X(acos, VKF_ACOS)                  \
  X(atan, VKF_ATAN) X(sinh, VKF_SINH) X(cosh, VKF_COSH) X(tanh, VKF_TANH) X(asinh, VKF_ASINH)          \
  X(acosh, VKF_ACOSH) X(atanh, VKF_ATANH) X(erf, VKF_ERF) X(erfc, VKF_ERFC) X(sigmoid, VKF_SIGMOID)    \
  X(silu, VKF_SILU) X(mish, VKF_MISH) X(hardswish, VKF_HARDSWISH) X(hardsigmoid, VKF_HARDSIGMOID)      \
  X(relu, VKF_RELU)

#define VKF_DEFINE_PLAIN_UNARY(name, operation)        \
  Tensor unary_##name(const Tensor& self) {            \
    return unary("aten::" #name, operation, self);     \
  }                                                    \
  Tensor& unary_##name##_(Tensor& self) {              \
    return unary_("aten::" #name "_", operation, self); \
  }
VKF_FOR_EACH_PLAIN_UNARY(VKF_DEFINE_PLAIN_UNARY)

std::tuple<Tensor, Tensor> log_sigmoid_forward(const Tensor& self) {
  // The second result serves the gradient only.
  return std::make_tuple(unary("aten::log_sigmoid", VKF_LOG_SIGMOID, self), at::empty({0}, self.options().device(kCPU)));
}

uint32_t gelu_operation(const c10::string_view approximate) {
  TORCH_CHECK(
      approximate == "none" || approximate == "tanh",
      "aten::gelu knows the approximations \"none\" and \"tanh\", not \"", approximate, "\"");
  return approximate == "none" ? VKF_GELU : VKF_GELU_TANH;
}

Tensor gelu(const Tensor& self, const c10::string_view approximate) {
  return unary("aten::gelu", gelu_operation(approximate), self);
}

Tensor& gelu_(Tensor& self, const c10::string_view approximate) {
  return unary_("aten::gelu_", gelu_operation(approximate), self);
}

Parameters bounds(const c10::optional<Scalar>& min, const c10::optional<Scalar>& max) {
  TORCH_CHECK(min || max, "torch.clamp: At least one of 'min' or 'max' must not be None");
  return {min ? min->to<float>() : -kInfinity, max ? max->to<float>() : kInfinity, 0.0f, 0.0f};
}

Tensor clamp(const Tensor& self, const c10::optional<Scalar>& min, const c10::optional<Scalar>& max) {
  return unary("aten::clamp", VKF_CLAMP, self, bounds(min, max));
}

Tensor& clamp_(Tensor& self, const c10::optional<Scalar>& min, const c10::optional<Scalar>& max) {
  return unary_("aten::clamp_", VKF_CLAMP, self, bounds(min, max));
}

Tensor clamp_min(const Tensor& self, const Scalar& min) {
  return unary("aten::clamp_min", VKF_CLAMP, self, bounds(min, c10::nullopt));
}

Tensor& clamp_min_(Tensor& self, const Scalar& min) {
  return unary_("aten::clamp_min_", VKF_CLAMP, self, bounds(min, c10::nullopt));
}

Tensor clamp_max(const Tensor& self, const Scalar& max) {
  return unary("aten::clamp_max", VKF_CLAMP, self, bounds(c10::nullopt, max));
}

Tensor& clamp_max_(Tensor& self, const Scalar& max) {
  return unary_("aten::clamp_max_", VKF_CLAMP, self, bounds(c10::nullopt, max));
}

Tensor hardtanh(const Tensor& self, const Scalar& min, const Scalar& max) {
  return unary("aten::hardtanh", VKF_CLAMP, self, bounds(min, max));
}

Tensor& hardtanh_(Tensor& self, const Scalar& min, const Scalar& max) {
  return unary_("aten::hardtanh_", VKF_CLAMP, self, bounds(min, max));
}

Tensor threshold(const Tensor& self, const Scalar& threshold, const Scalar& value) {
  return unary("aten::threshold", VKF_THRESHOLD, self, {threshold.to<float>(), value.to<float>(), 0.0f, 0.0f});
}

Tensor& threshold_(Tensor& self, const Scalar& threshold, const Scalar& value) {
  return unary_("aten::threshold_", VKF_THRESHOLD, self, {threshold.to<float>(), value.to<float>(), 0.0f, 0.0f});
}

Tensor hardshrink(const Tensor& self, const Scalar& lambd) {
  return unary("aten::hardshrink", VKF_HARDSHRINK, self, {lambd.to<float>(), 0.0f, 0.0f, 0.0f});
}

Tensor& hardshrink_(Tensor& self, const Scalar& lambd) {
  return unary_("aten::hardshrink_", VKF_HARDSHRINK, self, {lambd.to<float>(), 0.0f, 0.0f, 0.0f});
}

Tensor softshrink(const Tensor& self, const Scalar& lambd) {
  TORCH_CHECK(lambd.to<float>() >= 0.0f, "aten::softshrink expects a lambda of at least 0, not ", lambd.to<float>());
  return unary("aten::softshrink", VKF_SOFTSHRINK, self, {lambd.to<float>(), 0.0f, 0.0f, 0.0f});
}

Tensor leaky_relu(const Tensor& self, const Scalar& slope) {
  return unary("aten::leaky_relu", VKF_LEAKY_RELU, self, {slope.to<float>(), 0.0f, 0.0f, 0.0f});
}

Tensor& leaky_relu_(Tensor& self, const Scalar& slope) {
  return unary_("aten::leaky_relu_", VKF_LEAKY_RELU, self, {slope.to<float>(), 0.0f, 0.0f, 0.0f});
}

Parameters elu_parameters(const Scalar& alpha, const Scalar& scale, const Scalar& input_scale) {
  return {alpha.to<float>() * scale.to<float>(), scale.to<float>(), input_scale.to<float>(), 0.0f};
}

Tensor elu(const Tensor& self, const Scalar& alpha, const Scalar& scale, const Scalar& input_scale) {
  return unary("aten::elu", VKF_ELU, self, elu_parameters(alpha, scale, input_scale));
}

Tensor& elu_(Tensor& self, const Scalar& alpha, const Scalar& scale, const Scalar& input_scale) {
  return unary_("aten::elu_", VKF_ELU, self, elu_parameters(alpha, scale, input_scale));
}

Tensor softplus(const Tensor& self, const Scalar& beta, const Scalar& threshold) {
  return unary("aten::softplus", VKF_SOFTPLUS, self, {beta.to<float>(), threshold.to<float>(), 0.0f, 0.0f});
}

Parameters replacements(
    const c10::optional<double> nan,
    const c10::optional<double> posinf,
    const c10::optional<double> neginf) {
  return {
      static_cast<float>(nan.value_or(0.0)),
      static_cast<float>(posinf.value_or(std::numeric_limits<float>::max())),
      static_cast<float>(neginf.value_or(std::numeric_limits<float>::lowest())),
      0.0f};
}

Tensor nan_to_num(
    const Tensor& self,
    const c10::optional<double> nan,
    const c10::optional<double> posinf,
    const c10::optional<double> neginf) {
  return unary("aten::nan_to_num", VKF_NAN_TO_NUM, self, replacements(nan, posinf, neginf));
}

Tensor& nan_to_num_(
    Tensor& self,
    const c10::optional<double> nan,
    const c10::optional<double> posinf,
    const c10::optional<double> neginf) {
  return unary_("aten::nan_to_num_", VKF_NAN_TO_NUM, self, replacements(nan, posinf, neginf));
}

Tensor logit(const Tensor& self, const c10::optional<double> eps) {
  return unary("aten::logit", VKF_LOGIT, self, {static_cast<float>(eps.value_or(0.0)), 0.0f, 0.0f, 0.0f});
}

TORCH_LIBRARY_IMPL(aten, Vulkan, m) {
#define VKF_REGISTER_PLAIN_UNARY(name, operation)               \
  m.impl(TORCH_SELECTIVE_NAME("aten::" #name), unary_##name); \
  m.impl(TORCH_SELECTIVE_NAME("aten::" #name "_"), unary_##name##_);
  VKF_FOR_EACH_PLAIN_UNARY(VKF_REGISTER_PLAIN_UNARY)

  m.impl(TORCH_SELECTIVE_NAME("aten::log_sigmoid_forward"), log_sigmoid_forward);
  m.impl(TORCH_SELECTIVE_NAME("aten::gelu"), gelu);
  m.impl(TORCH_SELECTIVE_NAME("aten::gelu_"), gelu_);
  m.impl(TORCH_SELECTIVE_NAME("aten::clamp"), clamp);
  m.impl(TORCH_SELECTIVE_NAME("aten::clamp_"), clamp_);
  m.impl(TORCH_SELECTIVE_NAME("aten::clamp_min"), clamp_min);
  m.impl(TORCH_SELECTIVE_NAME("aten::clamp_min_"), clamp_min_);
  m.impl(TORCH_SELECTIVE_NAME("aten::clamp_max"), clamp_max);
  m.impl(TORCH_SELECTIVE_NAME("aten::clamp_max_"), clamp_max_);
  m.impl(TORCH_SELECTIVE_NAME("aten::hardtanh"), hardtanh);
  m.impl(TORCH_SELECTIVE_NAME("aten::hardtanh_"), hardtanh_);
  m.impl(TORCH_SELECTIVE_NAME("aten::threshold"), threshold);
  m.impl(TORCH_SELECTIVE_NAME("aten::threshold_"), threshold_);
  m.impl(TORCH_SELECTIVE_NAME("aten::hardshrink"), hardshrink);
  m.impl(TORCH_SELECTIVE_NAME("aten::hardshrink_"), hardshrink_);
  m.impl(TORCH_SELECTIVE_NAME("aten::softshrink"), softshrink);
  m.impl(TORCH_SELECTIVE_NAME("aten::leaky_relu"), leaky_relu);
  m.impl(TORCH_SELECTIVE_NAME("aten::leaky_relu_"), leaky_relu_);
  m.impl(TORCH_SELECTIVE_NAME("aten::elu"), elu);
  m.impl(TORCH_SELECTIVE_NAME("aten::elu_"), elu_);
  m.impl(TORCH_SELECTIVE_NAME("aten::softplus"), softplus);
  m.impl(TORCH_SELECTIVE_NAME("aten::nan_to_num"), nan_to_num);
  m.impl(TORCH_SELECTIVE_NAME("aten::nan_to_num_"), nan_to_num_);
  m.impl(TORCH_SELECTIVE_NAME("aten::logit"), logit);
}

#undef VKF_FOR_EACH_PLAIN_UNARY
#undef VKF_DEFINE_PLAIN_UNARY
#undef VKF_REGISTER_PLAIN_UNARY

} // namespace
} // namespace vkf
} // namespace ops
} // namespace vulkan
} // namespace native
} // namespace at
