#pragma once

#include <ATen/native/vulkan/api/vk_api.h>

namespace vkforge {

// Brackets a command with timestamps of the device, while times are taken.
class TimedCommand {
 public:
  explicit TimedCommand(VkCommandBuffer commands);
  ~TimedCommand();
  TimedCommand(const TimedCommand&) = delete;
  TimedCommand& operator=(const TimedCommand&) = delete;

 private:
  VkCommandBuffer commands_;
};

}  // namespace vkforge
