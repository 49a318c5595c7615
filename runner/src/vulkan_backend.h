#pragma once

#include <ATen/core/Tensor.h>

#include <string>

namespace vkforge {

// The Vulkan backend inside this process: from a plug-in, or part of libtorch.
class VulkanBackend {
 public:
  // Loads the plug-in, if one is named. Throws FailureError with kLoadFailed.
  explicit VulkanBackend(const std::string& plugin);

  // The device as a JSON object (see the plug-in's vkforge_vulkan.h); starts the backend. Without a plug-in
  // the object has "schema" only. Throws FailureError with kWrongDevice if there is no device, or its name
  // does not contain the expected text.
  std::string Describe(const std::string& expected_name) const;

  // How Synchronize() waits: "flush" (the plug-in submits what is recorded and waits until the queue is
  // idle) or "download" (a one-element tensor is copied back, which does the same and a little more).
  const char* SynchronizationText() const { return synchronize_ ? "flush" : "download"; }

  // Returns when the device has done all that was asked of it.
  void Synchronize();

 private:
  const char* (*describe_)() = nullptr;
  int (*synchronize_)() = nullptr;
  at::Tensor probe_;
};

}  // namespace vkforge
