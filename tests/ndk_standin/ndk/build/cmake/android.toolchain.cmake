# Stand-in for the toolchain file of NDK r21e: takes the same variables, compiles with Debian's cross compiler for
# 64-bit ARM. What it makes runs on Linux, not on Android.
cmake_minimum_required(VERSION 3.6.0)

# Read again for every try_compile(); those get the variables that are named here.
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES ANDROID_ABI ANDROID_NDK ANDROID_STL)

if(NOT ANDROID_ABI STREQUAL "arm64-v8a")
  message(FATAL_ERROR "The stand-in has no compiler for the ABI \"${ANDROID_ABI}\", only for arm64-v8a")
endif()
get_filename_component(ANDROID_NDK "${CMAKE_CURRENT_LIST_DIR}/../.." ABSOLUTE)
if(NOT ANDROID_STL)
  set(ANDROID_STL c++_static)
endif()

# Version 1 keeps CMake's own rules for Android out, as the NDK's file does.
set(CMAKE_SYSTEM_NAME Android)
set(CMAKE_SYSTEM_VERSION 1)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(ANDROID TRUE)
set(ANDROID_PLATFORM android-${ANDROID_NATIVE_API_LEVEL})
set(ANDROID_HOST_TAG linux-x86_64)
set(ANDROID_NDK_HOST_SYSTEM_NAME ${ANDROID_HOST_TAG})
set(ARM64_V8A TRUE)

set(CMAKE_C_COMPILER /usr/bin/aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER /usr/bin/aarch64-linux-gnu-g++)
set(CMAKE_AR /usr/bin/aarch64-linux-gnu-ar CACHE FILEPATH "Archiver")
set(CMAKE_RANLIB /usr/bin/aarch64-linux-gnu-ranlib CACHE FILEPATH "Ranlib")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)

# As the NDK's clang does; and -g, which upstream's CMakeLists.txt takes back. Bionic's stdlib.h declares memalign().
set(flags "-D__ANDROID__ -D__ANDROID_API__=${ANDROID_NATIVE_API_LEVEL} -g -fPIC -isystem ${ANDROID_NDK}/sysroot -include malloc.h")
set(CMAKE_C_FLAGS "" CACHE STRING "Flags used by the compiler during all build types.")
set(CMAKE_CXX_FLAGS "" CACHE STRING "Flags used by the compiler during all build types.")
set(CMAKE_C_FLAGS "${flags} ${CMAKE_C_FLAGS}")
set(CMAKE_CXX_FLAGS "${flags} ${CMAKE_CXX_FLAGS}")
