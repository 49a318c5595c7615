#pragma once

// What the operators that work along the spatial dimensions share: pooling, resampling, padding, shuffling.

#ifdef USE_VULKAN_API

#include <ATen/native/vulkan/ops/vkf_layout.h>

namespace at {
namespace native {
namespace vulkan {
namespace ops {
namespace vkf {

/// Refuses tensors of more than four dimensions and quantized ones, whose images the float shaders cannot read.
inline void check_float(const char* const op, const Tensor& tensor) {
  check_rank(op, tensor);
  if (!at::isFloatingType(tensor.scalar_type())) {
    refuse(
        op,
        std::string("a tensor of type ") + c10::toString(tensor.scalar_type()),
        "its shader reads floats",
        "convert the tensor to float (or dequantize it) before");
  }
}

/// Refuses ranks outside [from, to].
inline void check_rank_between(const char* const op, const Tensor& tensor, const int64_t from, const int64_t to) {
  if (tensor.dim() < from || tensor.dim() > to) {
    refuse(
        op,
        "a tensor of shape " + shape_of(tensor.sizes()),
        "it takes " + std::to_string(from) + (from == to ? "" : " to " + std::to_string(to)) + " dimensions",
        "reshape it before");
  }
}

} // namespace vkf
} // namespace ops
} // namespace vulkan
} // namespace native
} // namespace at

#endif /* USE_VULKAN_API */
