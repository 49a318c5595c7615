#pragma once

// Specialisation constants for shaders: the backend's own interface only knows the three of the work group's size.

#ifdef USE_VULKAN_API

#include <ATen/native/vulkan/ops/Common.h>

#include <initializer_list>

namespace at {
namespace native {
namespace vulkan {
namespace ops {
namespace vkf {

/// The shader with its specialisation constants of the ids 3, 4, ... set to "values": a copy of the SPIR-V with
/// these defaults and without the code that they make unreachable, made once for each list of values; each is a
/// pipeline of its own. So one shader can hold a family of operations.
const api::ShaderSource& specialise(const api::ShaderSource& shader, std::initializer_list<uint32_t> values);

} // namespace vkf
} // namespace ops
} // namespace vulkan
} // namespace native
} // namespace at

#endif /* USE_VULKAN_API */
