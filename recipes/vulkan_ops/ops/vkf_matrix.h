#pragma once

// Products of matrices.

#ifdef USE_VULKAN_API

#include <ATen/native/vulkan/ops/vkf_layout.h>

namespace at {
namespace native {
namespace vulkan {
namespace ops {
namespace vkf {

/// A matrix of K x N in the form in which the shaders take their right factor: texel (n, k) holds elements (k, 4 n)
/// to (k, 4 n + 3).
struct PackedMatrix final {
  vTensor image;
  int64_t inner; // K
  int64_t columns; // N
};

/// Packs a matrix of the CPU or of the device; "transposed" packs one of N x K (a vector: 1 x K).
PackedMatrix pack_matrix(const char* op, const Tensor& matrix, bool transposed = false);

/// beta * bias + alpha * input x right, where input is of the shape (..., K); the bias is broadcast.
Tensor multiply(
    const char* op,
    const Tensor& input,
    const PackedMatrix& right,
    const c10::optional<Tensor>& bias = c10::nullopt,
    float alpha = 1.0f,
    float beta = 1.0f);

} // namespace vkf
} // namespace ops
} // namespace vulkan
} // namespace native
} // namespace at

#endif /* USE_VULKAN_API */
