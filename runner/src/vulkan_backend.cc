#include "vulkan_backend.h"

#include <ATen/Context.h>
#include <ATen/Functions.h>
#include <dlfcn.h>

#include <nlohmann/json.hpp>

#include "failure.h"

namespace vkforge {
namespace {

const char* const kDriverHint = "Set VK_DRIVER_FILES and VK_ICD_FILENAMES to the driver's ICD file";

template <typename Function>
void Find(void* library, const char* name, Function*& function) {
  function = reinterpret_cast<Function*>(dlsym(library, name));
}

}  // namespace

VulkanBackend::VulkanBackend(const std::string& plugin) {
  if (plugin.empty()) return;
  // dlopen() searches the system's folders for a name without a slash.
  const std::string path = plugin.find('/') == std::string::npos ? "./" + plugin : plugin;
  void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL);
  if (!library) {
    const char* const reason = dlerror();
    throw FailureError({FailureCode::kLoadFailed, "Cannot load the plug-in \"" + plugin + "\"",
                        "The plug-in must be built for this libtorch", reason ? reason : ""});
  }
  Find(library, "vkforge_vulkan_describe", describe_);
  Find(library, "vkforge_vulkan_synchronize", synchronize_);
}

std::string VulkanBackend::Describe(const std::string& expected_name) const {
  const nlohmann::ordered_json device =
      describe_ ? nlohmann::ordered_json::parse(describe_()) : nlohmann::ordered_json{{"schema", 1}};
  if (device.contains("error")) {
    throw FailureError({FailureCode::kWrongDevice, "No Vulkan device can be used", kDriverHint,
                        device["error"].get<std::string>()});
  }
  if (!describe_ && !at::is_vulkan_available()) {
    throw FailureError({FailureCode::kWrongDevice, "This libtorch has no Vulkan backend, or no device for it",
                        "Pass --plugin where libtorch was built without Vulkan", ""});
  }
  const std::string name = device.value("deviceName", "");
  if (name.find(expected_name) == std::string::npos) {
    throw FailureError({FailureCode::kWrongDevice,
                        "The Vulkan device is \"" + name + "\", expected is \"" + expected_name + "\"",
                        kDriverHint, device.dump()});
  }
  return device.dump();
}

void VulkanBackend::Synchronize() {
  if (synchronize_) {
    if (synchronize_() != 0)
      throw FailureError({FailureCode::kDeviceLost, "Cannot wait for the Vulkan device", "", ""});
    return;
  }
  if (!probe_.defined()) probe_ = at::zeros({1, 1, 1, 1}).vulkan();
  probe_.cpu();
}

}  // namespace vkforge
