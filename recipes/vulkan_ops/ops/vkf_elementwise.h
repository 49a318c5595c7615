#pragma once

// The elementwise operators' common path: operands, broadcasting, and the three shaders vkf_unary, vkf_binary and
// vkf_ternary, in which the operation (glsl/vkf_elementwise_ops.h) is a specialisation constant.

#ifdef USE_VULKAN_API

#include <ATen/native/vulkan/glsl/vkf_elementwise_ops.h>
#include <ATen/native/vulkan/ops/vkf_layout.h>

namespace at {
namespace native {
namespace vulkan {
namespace ops {
namespace vkf {

/// The tensor on the device, as float; integers and booleans on the CPU are converted. Refuses other types.
Tensor float_on_device(const char* op, const Tensor& tensor);

/// How a shader reads an operand that is broadcast to "output": VKF_SAME, VKF_TEXEL, VKF_SPLAT or VKF_GATHER.
uint32_t access_of(const Tensor& operand, IntArrayRef output);

/// A tensor or a number. Tensors without dimensions that lie on the CPU (as torch passes the number in x + 1) are
/// numbers.
struct Operand final {
  Operand(const char* op, const Tensor& tensor);
  explicit Operand(const Scalar& scalar) : number(scalar.to<float>()) {}

  Tensor tensor; // undefined for a number
  float number{0.0f};
};

/// Parameters of an operation with one operand.
using Parameters = api::utils::vec4;

Tensor unary(const char* op, uint32_t operation, const Tensor& self, const Parameters& parameters = {});
Tensor& unary_(const char* op, uint32_t operation, Tensor& self, const Parameters& parameters = {});

Tensor binary(const char* op, uint32_t operation, const Operand& a, const Operand& b, float alpha = 1.0f);
Tensor& binary_(const char* op, uint32_t operation, Tensor& self, const Operand& b, float alpha = 1.0f);

Tensor ternary(
    const char* op,
    uint32_t operation,
    const Operand& a,
    const Operand& b,
    const Operand& c,
    float alpha = 1.0f);
Tensor& ternary_(
    const char* op,
    uint32_t operation,
    Tensor& self,
    const Operand& b,
    const Operand& c,
    float alpha = 1.0f);

} // namespace vkf
} // namespace ops
} // namespace vulkan
} // namespace native
} // namespace at

#endif /* USE_VULKAN_API */
