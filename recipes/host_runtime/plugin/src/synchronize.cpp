#include <ATen/native/vulkan/api/Context.h>

#include <exception>

#include "vkforge_vulkan.h"

namespace vkforge {
namespace {

using at::native::vulkan::api::Context;

// Context::flush() waits for the queue, but drops commands that were recorded and not yet submitted (the
// backend submits every 16 dispatches). Context::submit_cmd_to_gpu(), which submits them, is private; an
// explicit instantiation may name a private member, so no copy of the header and no macro is needed.
template <void (Context::*submit)(VkFence)>
struct PendingCommands {
  friend void submit_pending_commands(Context& context) { (context.*submit)(VK_NULL_HANDLE); }
};
void submit_pending_commands(Context& context);
template struct PendingCommands<&Context::submit_cmd_to_gpu>;

void synchronize() {
  Context* const context = at::native::vulkan::api::context();
  const std::unique_lock<std::mutex> lock = context->dispatch_lock();
  submit_pending_commands(*context);
  context->flush();
}

}  // namespace
}  // namespace vkforge

int vkforge_vulkan_synchronize(void) {
  try {
    vkforge::synchronize();
    return 0;
  } catch (const std::exception&) {
    return -1;
  }
}
