#!/bin/bash
# Links what build.sh compiled to one library and takes its headers.
#
# usage: link.sh SOURCE BUILD
set -euo pipefail

readonly source=$1
readonly build=$2
readonly libraries=/usr/lib/x86_64-linux-gnu

mkdir -p /out/lib /out/include
archives=("$build/lib/libtorch_cpu.a" "$build/lib/libc10.a")
includes=("-I$build/aten/src" "-I$source/aten/src" "-I$build" "-I$source" "-I$build/vulkan"
  "-I$source/third_party/VulkanMemoryAllocator" "-isystem" "$source/third_party/system")

# Kernels register themselves in constructors that nothing refers to: whole archives.
c++ -shared -O1 -DNDEBUG -w -fPIC -std=gnu++17 -DC10_MOBILE -DUSE_VULKAN -DUSE_VULKAN_API -DFMT_HEADER_ONLY=1 \
  "-ffile-prefix-map=$PWD/=/" -ffile-prefix-map=/in/plugin/=plugin/ "${includes[@]}" \
  /in/plugin/src/{command_times,describe,enabled_features,interposed,synchronize}.cpp \
  -Wl,--whole-archive "${archives[@]}" -Wl,--no-whole-archive \
  "$build/lib/libpytorch_qnnpack.a" "$build/lib/libclog.a" \
  "$libraries/libXNNPACK.so.0" "$libraries/libpthreadpool.so.0" "$libraries/libcpuinfo.so.0" \
  -lvulkan -lpthread -ldl \
  -Wl,--wrap={vkCreateDevice,vkCmdDispatch,vkCmdCopyImage,vkCmdCopyImageToBuffer,vkCmdCopyBufferToImage} \
  -Wl,--no-undefined -Wl,--build-id=none -Wl,--strip-all \
  -Wl,-soname,libvkforge_vulkan.so -o /out/lib/libvkforge_vulkan.so

take_headers() { # FROM, folders in it
  local from=$1
  shift
  (cd "$from" && find "$@" \( -name '*.h' -o -name '*.hpp' \) -print0 | LC_ALL=C sort -z |
    tar --create --null --files-from=- --file=-) | tar --extract --file=- --directory=/out/include
}
take_headers "$source" c10 caffe2 torch
take_headers "$source/aten/src" ATen
take_headers "$build/aten/src" ATen
take_headers "$build" c10 caffe2
