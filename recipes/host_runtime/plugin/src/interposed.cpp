// Stands between the backend and the driver where something must be learnt that neither tells: which features
// a device was made with, and how long each command takes. The stock backend is watched in the same way,
// since its sources stay as they are.

#include <ATen/native/vulkan/api/vk_api.h>

#include <type_traits>

#include "command_times.h"
#include "enabled_features.h"

#ifdef USE_VULKAN_WRAPPER
// Android: Vulkan's functions are pointers, which InitVulkan() fills. The program is linked with
// --wrap for it and changes those pointers.
#define VKFORGE_REAL(function) static PFN_##function real_##function = nullptr
#else
// The library is linked with --wrap for each function, so that the backend's own calls pass here.
#define VKFORGE_REAL(function)                                        \
  extern "C" std::remove_pointer_t<PFN_##function> __real_##function; \
  static const PFN_##function real_##function = __real_##function
#endif

VKFORGE_REAL(vkCreateDevice);
VKFORGE_REAL(vkCmdDispatch);
VKFORGE_REAL(vkCmdCopyImage);
VKFORGE_REAL(vkCmdCopyImageToBuffer);
VKFORGE_REAL(vkCmdCopyBufferToImage);

#undef VKFORGE_REAL

extern "C" {

VkResult __wrap_vkCreateDevice(VkPhysicalDevice physical_device, const VkDeviceCreateInfo* create_info,
                               const VkAllocationCallbacks* allocator, VkDevice* device) {
  const VkResult result = real_vkCreateDevice(physical_device, create_info, allocator, device);
  if (result == VK_SUCCESS) vkforge::remember_enabled_features(*create_info);
  return result;
}

void __wrap_vkCmdDispatch(VkCommandBuffer commands, uint32_t x, uint32_t y, uint32_t z) {
  const vkforge::TimedCommand timed(commands);
  real_vkCmdDispatch(commands, x, y, z);
}

void __wrap_vkCmdCopyImage(VkCommandBuffer commands, VkImage source, VkImageLayout source_layout,
                           VkImage target, VkImageLayout target_layout, uint32_t count,
                           const VkImageCopy* regions) {
  const vkforge::TimedCommand timed(commands);
  real_vkCmdCopyImage(commands, source, source_layout, target, target_layout, count, regions);
}

void __wrap_vkCmdCopyImageToBuffer(VkCommandBuffer commands, VkImage source, VkImageLayout layout,
                                   VkBuffer target, uint32_t count, const VkBufferImageCopy* regions) {
  const vkforge::TimedCommand timed(commands);
  real_vkCmdCopyImageToBuffer(commands, source, layout, target, count, regions);
}

void __wrap_vkCmdCopyBufferToImage(VkCommandBuffer commands, VkBuffer source, VkImage target,
                                   VkImageLayout layout, uint32_t count, const VkBufferImageCopy* regions) {
  const vkforge::TimedCommand timed(commands);
  real_vkCmdCopyBufferToImage(commands, source, target, layout, count, regions);
}

}  // extern "C"

#ifdef USE_VULKAN_WRAPPER
namespace {

// Vulkan's functions are there once InitVulkan() has returned another number than 0.
int after_init(int found) {
  if (found == 0) return found;
  const auto interpose = [](auto& pointer, auto& real, auto wrapped) {
    real = pointer;
    pointer = wrapped;
  };
  interpose(vkCreateDevice, real_vkCreateDevice, __wrap_vkCreateDevice);
  interpose(vkCmdDispatch, real_vkCmdDispatch, __wrap_vkCmdDispatch);
  interpose(vkCmdCopyImage, real_vkCmdCopyImage, __wrap_vkCmdCopyImage);
  interpose(vkCmdCopyImageToBuffer, real_vkCmdCopyImageToBuffer, __wrap_vkCmdCopyImageToBuffer);
  interpose(vkCmdCopyBufferToImage, real_vkCmdCopyBufferToImage, __wrap_vkCmdCopyBufferToImage);
  return found;
}

}  // namespace

// Whether the wrapper's header gives InitVulkan() C linkage or not depends on the header: only one of them is
// ever called, and the other one's real function is missing.
[[gnu::weak]] int real_init_c() __asm__("__real_InitVulkan");
[[gnu::weak]] int real_init_cpp() __asm__("__real__Z10InitVulkanv");
int wrapped_init_c() __asm__("__wrap_InitVulkan");
int wrapped_init_cpp() __asm__("__wrap__Z10InitVulkanv");

int wrapped_init_c() { return after_init(real_init_c()); }
int wrapped_init_cpp() { return after_init(real_init_cpp()); }
#endif
