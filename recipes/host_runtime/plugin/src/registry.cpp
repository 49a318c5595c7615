// The registry through which a libtorch without Vulkan finds the backend.
//
// ATen/vulkan/Context.cpp defines these symbols, but a stock libtorch_cpu.so does not export them, so the
// static registrar in api/Context.cpp would not link. Nothing outside this library reads the pointer:
// dispatch_kernels.cpp takes over what libtorch uses it for.

#include <ATen/vulkan/Context.h>

namespace at {
namespace vulkan {

std::atomic<const VulkanImplInterface*> g_vulkan_impl_registry;

VulkanImplRegistrar::VulkanImplRegistrar(VulkanImplInterface* impl) { g_vulkan_impl_registry.store(impl); }

}  // namespace vulkan
}  // namespace at
