// What this library offers beside the backend that it registers with libtorch. Found with dlsym().
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Describes the device that the backend uses, as a JSON object with "schema": 1; starts the backend if that
// has not happened yet. Where no device can be used the object has "error" instead of the device's fields.
// The text lives as long as the library.
const char* vkforge_vulkan_describe(void);

// Submits what has been recorded and waits until the device is idle. The backend itself does this only when
// a tensor is copied back to the host. Returns 0, or -1 if the device is lost or none can be used.
int vkforge_vulkan_synchronize(void);

// on: from now on each dispatch and each copy is bracketed by timestamps of the device; 0: no more. Returns
// 0, or -1 if the queue has no timestamps, or there is no device.
int vkforge_vulkan_time_commands(int on);

// Marks the commands that are recorded from now on; 0 at first.
void vkforge_vulkan_label_commands(uint32_t label);

typedef void (*vkforge_vulkan_command_time_callback)(void* context, uint32_t label, double begin_ns,
                                                     double end_ns);

// Does what vkforge_vulkan_synchronize() does, and calls back with each command that was timed since the last
// such call, in the order in which they were recorded; times are in nanoseconds since the begin of the first.
// A command begins when all before it have ended, so that commands never overlap. Returns 0, or -1 if the
// device is lost.
int vkforge_vulkan_take_command_times(vkforge_vulkan_command_time_callback callback, void* context);

#ifdef __cplusplus
}
#endif
