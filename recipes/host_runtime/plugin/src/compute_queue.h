#pragma once

#include <ATen/native/vulkan/api/vk_api.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace vkforge {

struct ComputeQueue {
  uint32_t family_index;
  // 0: the queue has no timestamps.
  uint32_t timestamp_valid_bits;
};

// The queue that the backend uses is the first of the first family with compute capability, as in
// create_logical_device (api/Adapter.cpp).
inline std::optional<ComputeQueue> compute_queue(VkPhysicalDevice device) {
  uint32_t count = 0;
  vkGetPhysicalDeviceQueueFamilyProperties(device, &count, nullptr);
  std::vector<VkQueueFamilyProperties> families(count);
  vkGetPhysicalDeviceQueueFamilyProperties(device, &count, families.data());
  for (uint32_t i = 0; i < count; i++) {
    if (families[i].queueFlags & VK_QUEUE_COMPUTE_BIT) {
      return ComputeQueue{i, families[i].timestampValidBits};
    }
  }
  return std::nullopt;
}

}  // namespace vkforge
