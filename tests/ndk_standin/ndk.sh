#!/bin/bash
# Lays out the stand-in for the NDK: what the repository has of it, and what can be made from Debian's packages.
#
# in:  /in/files/ndk   tests/ndk_standin/ndk
# out: /out/ndk
set -euo pipefail

readonly ndk=/out/ndk
readonly vulkan=$ndk/sources/third_party/vulkan/src
readonly libraries=$ndk/sources/cxx-stl/llvm-libc++/libs/arm64-v8a

cp -R /in/files/ndk "$ndk"
chmod -R u+w "$ndk"
mkdir -p "$vulkan/include" "$vulkan/common"
cp -R /usr/include/vulkan "$vulkan/include"

# The NDK's wrapper has every function of Vulkan as a pointer. Here those of 1.0 alone: the backend may use no others,
# since the NDK's headers are older than Debian's.
mapfile -t functions < <(sed -n '/#define VK_VERSION_1_0 1/,/#define VK_VERSION_1_1 1/p' /usr/include/vulkan/vulkan_core.h |
  sed -n 's/^typedef .*VKAPI_PTR \*PFN_\(vk[A-Za-z0-9]*\))(.*/\1/p' | LC_ALL=C sort -u)
{
  echo '#pragma once'
  echo '#define VK_NO_PROTOTYPES 1'
  echo '#include <vulkan/vulkan.h>'
  echo 'int InitVulkan(void);'
  for name in "${functions[@]}"; do
    case $name in
      vkInternal* | vkVoid* | *Function | *Notification) ;;
      *) echo "extern PFN_$name $name;" ;;
    esac
  done
} > "$vulkan/common/vulkan_wrapper.h"
{
  echo '#include "vulkan_wrapper.h"'
  echo 'int InitVulkan(void) { return 0; }'
  sed -n 's/^extern \(.*\);$/\1 = nullptr;/p' "$vulkan/common/vulkan_wrapper.h"
} > "$vulkan/common/vulkan_wrapper.cpp"

# A C++ library of two functions, static and shared, so that it can be linked anew.
mkdir -p "$libraries"
cat > library.cpp << 'CPP'
extern "C" void* __cxa_allocate_exception(unsigned long) { return nullptr; }
int terminate_handler() { return 1; }
CPP
cat > other.cpp << 'CPP'
extern "C" int __cxa_guard_acquire(long*) { return 1; }
CPP
for file in library other; do
  aarch64-linux-gnu-g++ -c -O1 -fPIC -fno-exceptions "$file.cpp" -o "$file.o"
done
aarch64-linux-gnu-ar rcsD "$libraries/libc++_static.a" other.o
aarch64-linux-gnu-ar rcsD "$libraries/libc++abi.a" library.o
aarch64-linux-gnu-gcc -shared -Wl,-soname,libc++_shared.so -Wl,-z,max-page-size=4096 other.o library.o \
  -o "$libraries/libc++_shared.so"
