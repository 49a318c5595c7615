#!/bin/bash
# Lays out PyTorch's whole source tree with the Vulkan backend as the plug-in has it, and with the libraries that
# Debian's archive leaves out of third_party.
#
# in:  /in/pytorch/pytorch.tar.xz  the source archive
#      /in/backend                 the output folder "src" of host_runtime/source.sh
#      /in/packages/*.deb          -dev packages: headers only are taken
#      /in/numpy/numpy.tar.gz      for pocketfft_hdronly.h
#      /in/recipe                  this folder
# usage: prepare.sh FOLDER
set -euo pipefail

readonly source=$1
readonly third_party=$source/third_party

mkdir -p "$source"
tar --extract --file=/in/pytorch/pytorch.tar.xz --directory="$source" --strip-components=1 \
  --no-same-owner --no-same-permissions
# The patches take files out of the backend; those of the archive must not stay.
rm -r "$source/aten/src/ATen/native/vulkan"
cp -R /in/backend/. "$source"
chmod -R u+w "$source"

for patch_file in /in/recipe/patches/*.patch; do
  if ! patch --directory="$source" --strip=1 --fuzz=0 --batch --forward --no-backup-if-mismatch \
    --reject-file=- --input="$patch_file"; then
    echo "Cannot apply \"$(basename "$patch_file")\" to PyTorch $(cat "$source/version.txt")" >&2
    exit 1
  fi
done
mkdir -p "$source/vkforge"
cp /in/recipe/{precompiled.h,unity.cmake,unity_apart.txt} "$source/vkforge"

mkdir -p packages
for package in /in/packages*/*.deb; do
  (cd packages && ar p "$package" data.tar.xz | tar --extract --xz)
done
mkdir -p "$third_party/system"
cp -R packages/usr/include/. "$third_party/system"
mkdir -p "$third_party/eigen" "$third_party/flatbuffers/include" "$third_party/VulkanMemoryAllocator/include"
cp -R "$third_party/system/eigen3/." "$third_party/eigen"
cp -R "$third_party/system/flatbuffers" "$third_party/flatbuffers/include"
cp /usr/include/vk_mem_alloc.h "$third_party/VulkanMemoryAllocator/include"

cat > "$third_party/fmt/CMakeLists.txt" << 'CMAKE'
add_library(fmt-header-only INTERFACE)
target_compile_definitions(fmt-header-only INTERFACE FMT_HEADER_ONLY=1)
add_library(fmt::fmt-header-only ALIAS fmt-header-only)
CMAKE

tar --extract --gzip --file=/in/numpy/numpy.tar.gz --directory="$third_party/pocketfft" --strip-components=4 \
  --no-same-owner --wildcards '*/numpy/fft/pocketfft/pocketfft_hdronly.h' '*/numpy/fft/pocketfft/LICENSE.md'

mkdir -p "$third_party/kineto/libkineto/include"
cp /in/recipe/ActivityType.h "$third_party/kineto/libkineto/include"
