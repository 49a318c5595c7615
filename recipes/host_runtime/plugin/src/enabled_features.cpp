#include "enabled_features.h"

namespace vkforge {
namespace {

VkPhysicalDeviceFeatures g_enabled_features{};

}  // namespace

const VkPhysicalDeviceFeatures& enabled_features() { return g_enabled_features; }

}  // namespace vkforge

extern "C" {

VkResult __real_vkCreateDevice(VkPhysicalDevice, const VkDeviceCreateInfo*, const VkAllocationCallbacks*,
                               VkDevice*);

// The library is linked with --wrap=vkCreateDevice, so the backend's own call passes here.
VkResult __wrap_vkCreateDevice(VkPhysicalDevice physical_device, const VkDeviceCreateInfo* create_info,
                               const VkAllocationCallbacks* allocator, VkDevice* device) {
  const VkResult result = __real_vkCreateDevice(physical_device, create_info, allocator, device);
  if (result == VK_SUCCESS) {
    vkforge::g_enabled_features =
        create_info->pEnabledFeatures ? *create_info->pEnabledFeatures : VkPhysicalDeviceFeatures{};
  }
  return result;
}

}  // extern "C"
