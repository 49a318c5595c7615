#pragma once

#include <vulkan/vulkan.h>

namespace vkforge {

// The features that the last vkCreateDevice call of this library enabled. Vulkan has no query for them.
const VkPhysicalDeviceFeatures& enabled_features();

}  // namespace vkforge
