// Stand-in for Android's log: what PyTorch's sources name of it.
#pragma once

enum {
  ANDROID_LOG_VERBOSE = 2,
  ANDROID_LOG_DEBUG,
  ANDROID_LOG_INFO,
  ANDROID_LOG_WARN,
  ANDROID_LOG_ERROR,
  ANDROID_LOG_FATAL
};

#ifdef __cplusplus
extern "C" {
#endif
int __android_log_print(int priority, const char* tag, const char* format, ...);
int __android_log_write(int priority, const char* tag, const char* text);
#ifdef __cplusplus
}
#endif
