#include "enabled_features.h"

namespace vkforge {
namespace {

VkPhysicalDeviceFeatures g_enabled_features{};

}  // namespace

const VkPhysicalDeviceFeatures& enabled_features() { return g_enabled_features; }

void remember_enabled_features(const VkDeviceCreateInfo& create_info) {
  g_enabled_features =
      create_info.pEnabledFeatures ? *create_info.pEnabledFeatures : VkPhysicalDeviceFeatures{};
}

}  // namespace vkforge
