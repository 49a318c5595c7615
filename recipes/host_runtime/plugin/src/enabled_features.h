#pragma once

#include <ATen/native/vulkan/api/vk_api.h>

namespace vkforge {

// The features that the last vkCreateDevice call of the backend enabled. Vulkan has no query for them.
const VkPhysicalDeviceFeatures& enabled_features();

// Keeps them, of a call that succeeded.
void remember_enabled_features(const VkDeviceCreateInfo& create_info);

}  // namespace vkforge
