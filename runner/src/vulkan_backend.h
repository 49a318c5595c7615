#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "gpu_times.h"

namespace vkforge {

// The Vulkan backend inside this process: from a plug-in, or part of libtorch.
class VulkanBackend {
 public:
  // Loads the plug-in, if one is named. Throws FailureError with kLoadFailed.
  explicit VulkanBackend(const std::string& plugin);

  // The device as a JSON object (see the plug-in's vkforge_vulkan.h); starts the backend. Where the
  // backend cannot say it the object has "schema" only. Throws FailureError with kWrongDevice if there is no
  // device, or its name does not contain the expected text.
  std::string Describe(const std::string& expected_name) const;

  // How Synchronize() waits: "flush" (the plug-in submits what is recorded and waits until the queue is
  // idle) or "download" (a one-element tensor is copied back, which does the same and a little more).
  const char* SynchronizationText() const { return synchronize_ ? "flush" : "download"; }

  // Returns when the device has done all that was asked of it.
  void Synchronize();

  // Whether the backend can have the device time its commands; whether the device can, StartTiming() says.
  bool CanTimeCommands() const { return time_commands_ && label_commands_ && take_command_times_; }

  // From now on each command is timed. Returns false if the device has no timestamps.
  bool StartTiming();
  void StopTiming();

  // Marks the commands that are recorded from now on.
  void LabelCommands(uint32_t label) { label_commands_(label); }

  // Waits like Synchronize(); gives the commands since the last call, in the order of recording.
  std::vector<CommandTime> TakeCommandTimes();

 private:
  // Null where neither the plug-in nor the program has them.
  const char* (*describe_)();
  int (*synchronize_)();
  int (*time_commands_)(int on);
  void (*label_commands_)(uint32_t label);
  int (*take_command_times_)(void (*callback)(void*, uint32_t, double, double), void* context);
  at::Tensor probe_;
};

}  // namespace vkforge
