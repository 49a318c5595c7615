#include <ATen/native/vulkan/api/Context.h>

#include <cstring>
#include <exception>
#include <string>
#include <vector>

#include "compute_queue.h"
#include "enabled_features.h"
#include "json_object.h"
#include "vkforge_vulkan.h"

namespace vkforge {
namespace {

std::string version_text(uint32_t version) {
  return std::to_string(VK_VERSION_MAJOR(version)) + "." + std::to_string(VK_VERSION_MINOR(version)) + "." +
         std::to_string(VK_VERSION_PATCH(version));
}

std::string device_type_text(VkPhysicalDeviceType type) {
  switch (type) {
    case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU:
      return "integrated-gpu";
    case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU:
      return "discrete-gpu";
    case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU:
      return "virtual-gpu";
    case VK_PHYSICAL_DEVICE_TYPE_CPU:
      return "cpu";
    default:
      return "other";
  }
}

// Driver name and version text need Vulkan 1.2 or VK_KHR_driver_properties. The backend's own instance is
// Vulkan 1.0, which may not ask for them, so a second instance is made for the question.
class DriverQuery {
 public:
  DriverQuery() {
    const auto enumerate_version = reinterpret_cast<PFN_vkEnumerateInstanceVersion>(
        vkGetInstanceProcAddr(VK_NULL_HANDLE, "vkEnumerateInstanceVersion"));
    uint32_t version = VK_API_VERSION_1_0;
    if (!enumerate_version || enumerate_version(&version) != VK_SUCCESS || version < VK_API_VERSION_1_1)
      return;
    VkApplicationInfo application{};
    application.sType = VK_STRUCTURE_TYPE_APPLICATION_INFO;
    application.apiVersion = VK_API_VERSION_1_1;
    VkInstanceCreateInfo create_info{};
    create_info.sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO;
    create_info.pApplicationInfo = &application;
    if (vkCreateInstance(&create_info, nullptr, &instance_) != VK_SUCCESS) instance_ = VK_NULL_HANDLE;
  }
  ~DriverQuery() {
    if (instance_ != VK_NULL_HANDLE) vkDestroyInstance(instance_, nullptr);
  }
  DriverQuery(const DriverQuery&) = delete;
  DriverQuery& operator=(const DriverQuery&) = delete;

  // Adds driverName, driverInfo and subgroupSize of the device that has these properties, if they can be
  // known.
  void add_to(JsonObject& device, const VkPhysicalDeviceProperties& wanted) const {
    const VkPhysicalDevice handle = find(wanted);
    if (handle == VK_NULL_HANDLE) return;
    const auto get_properties = reinterpret_cast<PFN_vkGetPhysicalDeviceProperties2>(
        vkGetInstanceProcAddr(instance_, "vkGetPhysicalDeviceProperties2"));
    if (!get_properties) return;
    // The names from before Vulkan 1.2 and 1.2.175: the NDK's headers are that old.
    VkPhysicalDeviceDriverPropertiesKHR driver{};
    driver.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_DRIVER_PROPERTIES_KHR;
    VkPhysicalDeviceSubgroupProperties subgroup{};
    subgroup.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_PROPERTIES;
    VkPhysicalDeviceProperties2 properties{};
    properties.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2;
    properties.pNext = &subgroup;
    // A driver below 1.2 that lacks the extension ignores the structure, and the names stay empty.
    subgroup.pNext = &driver;
    get_properties(handle, &properties);
    device.text("driverName", driver.driverName).text("driverInfo", driver.driverInfo);
    device.number("subgroupSize", subgroup.subgroupSize);
  }

 private:
  VkPhysicalDevice find(const VkPhysicalDeviceProperties& wanted) const {
    if (instance_ == VK_NULL_HANDLE) return VK_NULL_HANDLE;
    uint32_t count = 0;
    if (vkEnumeratePhysicalDevices(instance_, &count, nullptr) != VK_SUCCESS) return VK_NULL_HANDLE;
    std::vector<VkPhysicalDevice> handles(count);
    if (vkEnumeratePhysicalDevices(instance_, &count, handles.data()) != VK_SUCCESS) return VK_NULL_HANDLE;
    for (const VkPhysicalDevice handle : handles) {
      VkPhysicalDeviceProperties properties{};
      vkGetPhysicalDeviceProperties(handle, &properties);
      if (properties.vendorID == wanted.vendorID && properties.deviceID == wanted.deviceID &&
          properties.driverVersion == wanted.driverVersion && properties.apiVersion >= VK_API_VERSION_1_1 &&
          std::memcmp(properties.pipelineCacheUUID, wanted.pipelineCacheUUID, VK_UUID_SIZE) == 0) {
        return handle;
      }
    }
    return VK_NULL_HANDLE;
  }

  VkInstance instance_ = VK_NULL_HANDLE;
};

JsonObject describe_limits(const VkPhysicalDeviceLimits& limits) {
  JsonObject json;
  json.number("maxImageDimension1D", limits.maxImageDimension1D)
      .number("maxImageDimension2D", limits.maxImageDimension2D)
      .number("maxImageDimension3D", limits.maxImageDimension3D)
      .number("maxUniformBufferRange", limits.maxUniformBufferRange)
      .number("maxStorageBufferRange", limits.maxStorageBufferRange)
      .number("maxPushConstantsSize", limits.maxPushConstantsSize)
      .number("maxMemoryAllocationCount", limits.maxMemoryAllocationCount)
      .number("maxPerStageDescriptorStorageImages", limits.maxPerStageDescriptorStorageImages)
      .number("maxComputeSharedMemorySize", limits.maxComputeSharedMemorySize)
      .numbers("maxComputeWorkGroupCount", limits.maxComputeWorkGroupCount)
      .number("maxComputeWorkGroupInvocations", limits.maxComputeWorkGroupInvocations)
      .numbers("maxComputeWorkGroupSize", limits.maxComputeWorkGroupSize)
      .number("nonCoherentAtomSize", limits.nonCoherentAtomSize)
      .flag("timestampComputeAndGraphics", limits.timestampComputeAndGraphics)
      .number("timestampPeriod", limits.timestampPeriod);
  return json;
}

JsonObject describe_features(const VkPhysicalDeviceFeatures& available,
                             const VkPhysicalDeviceFeatures& enabled) {
  JsonObject json;
  const auto add = [&](const char* name, VkBool32 VkPhysicalDeviceFeatures::*feature) {
    json.object(name, JsonObject().flag("available", available.*feature).flag("enabled", enabled.*feature));
  };
  add("robustBufferAccess", &VkPhysicalDeviceFeatures::robustBufferAccess);
  add("shaderFloat64", &VkPhysicalDeviceFeatures::shaderFloat64);
  add("shaderInt16", &VkPhysicalDeviceFeatures::shaderInt16);
  add("shaderInt64", &VkPhysicalDeviceFeatures::shaderInt64);
  add("shaderStorageImageReadWithoutFormat", &VkPhysicalDeviceFeatures::shaderStorageImageReadWithoutFormat);
  add("shaderStorageImageWriteWithoutFormat",
      &VkPhysicalDeviceFeatures::shaderStorageImageWriteWithoutFormat);
  return json;
}

JsonObject describe_queue(VkPhysicalDevice device) {
  JsonObject json;
  if (const std::optional<ComputeQueue> queue = compute_queue(device)) {
    json.number("familyIndex", queue->family_index).number("timestampValidBits", queue->timestamp_valid_bits);
  }
  return json;
}

uint64_t device_local_bytes(VkPhysicalDevice device) {
  VkPhysicalDeviceMemoryProperties memory{};
  vkGetPhysicalDeviceMemoryProperties(device, &memory);
  uint64_t bytes = 0;
  for (uint32_t i = 0; i < memory.memoryHeapCount; i++) {
    if (memory.memoryHeaps[i].flags & VK_MEMORY_HEAP_DEVICE_LOCAL_BIT) bytes += memory.memoryHeaps[i].size;
  }
  return bytes;
}

std::string describe() {
  namespace api = at::native::vulkan::api;
  const VkPhysicalDevice handle = api::context()->adapter_ptr()->physical_handle();
  VkPhysicalDeviceProperties properties{};
  vkGetPhysicalDeviceProperties(handle, &properties);
  VkPhysicalDeviceFeatures available{};
  vkGetPhysicalDeviceFeatures(handle, &available);

  JsonObject json;
  json.number("schema", 1)
      .text("deviceName", properties.deviceName)
      .text("deviceType", device_type_text(properties.deviceType))
      .number("vendorId", properties.vendorID)
      .number("deviceId", properties.deviceID)
      .text("apiVersion", version_text(properties.apiVersion))
      .number("driverVersion", properties.driverVersion);
  DriverQuery().add_to(json, properties);
  json.object("limits", describe_limits(properties.limits))
      .object("features", describe_features(available, enabled_features()))
      .object("queue", describe_queue(handle))
      .number("deviceLocalMemoryBytes", device_local_bytes(handle));
#ifdef USE_VULKAN_FP16_INFERENCE
  json.text("imageFormat", "rgba16f");
#else
  json.text("imageFormat", "rgba32f");
#endif
  return json.str();
}

}  // namespace
}  // namespace vkforge

const char* vkforge_vulkan_describe(void) {
  static const std::string text = []() -> std::string {
    try {
      return vkforge::describe();
    } catch (const std::exception& error) {
      return vkforge::JsonObject().number("schema", 1).text("error", error.what()).str();
    }
  }();
  return text.c_str();
}
