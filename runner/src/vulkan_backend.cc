#include "vulkan_backend.h"

#include <ATen/Context.h>
#include <ATen/Functions.h>
#include <dlfcn.h>

#include <nlohmann/json.hpp>

#include "failure.h"

// Where libtorch itself holds the backend these are part of the program (CMakeLists.txt,
// VKFORGE_PLUGIN_SOURCE); elsewhere they are null, and those of the plug-in are used. What they do: the
// plug-in's vkforge_vulkan.h.
extern "C" {
[[gnu::weak]] const char* vkforge_vulkan_describe(void);
[[gnu::weak]] int vkforge_vulkan_synchronize(void);
[[gnu::weak]] int vkforge_vulkan_time_commands(int on);
[[gnu::weak]] void vkforge_vulkan_label_commands(uint32_t label);
[[gnu::weak]] int vkforge_vulkan_take_command_times(void (*callback)(void*, uint32_t, double, double),
                                                    void* context);
}

namespace vkforge {
namespace {

const char* const kDriverHint = "Set VK_DRIVER_FILES and VK_ICD_FILENAMES to the driver's ICD file";

template <typename Function>
void Find(void* library, const char* name, Function*& function) {
  function = reinterpret_cast<Function*>(dlsym(library, name));
}

[[noreturn]] void FailToWait() {
  throw FailureError({FailureCode::kDeviceLost, "Cannot wait for the Vulkan device", "", ""});
}

void KeepCommandTime(void* times, uint32_t label, double begin_ns, double end_ns) {
  static_cast<std::vector<CommandTime>*>(times)->push_back({label, begin_ns, end_ns});
}

}  // namespace

VulkanBackend::VulkanBackend(const std::string& plugin)
    : describe_(vkforge_vulkan_describe),
      synchronize_(vkforge_vulkan_synchronize),
      time_commands_(vkforge_vulkan_time_commands),
      label_commands_(vkforge_vulkan_label_commands),
      take_command_times_(vkforge_vulkan_take_command_times) {
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
  Find(library, "vkforge_vulkan_time_commands", time_commands_);
  Find(library, "vkforge_vulkan_label_commands", label_commands_);
  Find(library, "vkforge_vulkan_take_command_times", take_command_times_);
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
    if (synchronize_() != 0) FailToWait();
    return;
  }
  if (!probe_.defined()) probe_ = at::zeros({1, 1, 1, 1}).vulkan();
  probe_.cpu();
}

bool VulkanBackend::StartTiming() { return CanTimeCommands() && time_commands_(1) == 0; }

void VulkanBackend::StopTiming() { time_commands_(0); }

std::vector<CommandTime> VulkanBackend::TakeCommandTimes() {
  std::vector<CommandTime> times;
  if (take_command_times_(KeepCommandTime, &times) != 0) FailToWait();
  return times;
}

}  // namespace vkforge
