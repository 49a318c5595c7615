#pragma once

// Mean and variance in one, for the variances and for the normalisations.

#ifdef USE_VULKAN_API

#include <ATen/native/vulkan/ops/vkf_reduction.h>

namespace at {
namespace native {
namespace vulkan {
namespace ops {
namespace vkf {

/// How the variance is made from the mean of the squares of the differences.
struct Spread final {
  /// It is multiplied by.
  float factor;
  /// And the root is taken.
  bool root;
};

/// Mean and variance of an input of the reduction's sizes (which may be other than the tensor's own as long as
/// width, height and the number of planes are the same).
std::pair<vTensor, vTensor> moments(const vTensor& input, const Reduction& reduction, const Spread& spread = {1, false});

} // namespace vkf
} // namespace ops
} // namespace vulkan
} // namespace native
} // namespace at

#endif /* USE_VULKAN_API */
