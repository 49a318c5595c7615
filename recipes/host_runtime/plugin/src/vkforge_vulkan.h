// What this library offers beside the backend that it registers with libtorch. Found with dlsym().
#pragma once

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

#ifdef __cplusplus
}
#endif
