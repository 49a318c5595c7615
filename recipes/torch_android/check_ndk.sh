#!/bin/bash
# Passes if a folder holds NDK r21e with what PyTorch 1.13.1 takes from it.
#
# usage: check_ndk.sh FOLDER
set -euo pipefail

readonly ndk=$1
readonly wanted=21.4.7075529

refuse() { # CAUSE, FIX
  echo "Cannot build with the NDK in \"$ndk\": $1" >&2
  echo "  hint: $2" >&2
  exit 1
}

if [ ! -f "$ndk/source.properties" ]; then
  refuse "it has no source.properties" "Give the folder that ndk-build lies in"
fi
revision=$(sed -n 's/^Pkg\.Revision *= *//p' "$ndk/source.properties")
if [ "$revision" != "$wanted" ]; then
  refuse "it is ${revision:-of no known release}, PyTorch 1.13.1 needs $wanted (r21e)" \
    "Put android-ndk-r21e-linux-x86_64.zip into the mirror; r23 and later have no vulkan_wrapper.h"
fi
for file in build/cmake/android.toolchain.cmake shader-tools/linux-x86_64/glslc \
  sources/third_party/vulkan/src/common/vulkan_wrapper.h; do
  if [ ! -e "$ndk/$file" ]; then
    refuse "\"$file\" is missing" "Take the archive for Linux, unpacked whole"
  fi
done
