#!/bin/bash
# Adds to PyTorch's sources what Debian's archive leaves out of third_party, as far as headers of packages go.
#
# in:  /in/source          the output folder "src" of recipes/torch_android/source.sh
#      /in/packages*/*.deb  -dev packages
#      /in/numpy/numpy.tar.gz
#      /in/kineto          recipes/torch_source, for ActivityType.h
# out: /out/src
set -euo pipefail

readonly third_party=/out/src/third_party

cp -R /in/source /out/src
chmod -R u+w /out/src
mkdir packages
for package in /in/packages*/*.deb; do
  # No ar in this image but the cross compiler's.
  aarch64-linux-gnu-ar p "$package" data.tar.xz | tar --extract --xz --directory=packages
done
mkdir -p "$third_party/system" "$third_party/VulkanMemoryAllocator/include" "$third_party/fmt" \
  "$third_party/eigen" "$third_party/flatbuffers/include" "$third_party/kineto/libkineto/include"
cp -R packages/usr/include/. "$third_party/system"
cp -R "$third_party/system/eigen3/." "$third_party/eigen"
cp -R "$third_party/system/flatbuffers" "$third_party/flatbuffers/include"
cp /usr/include/vk_mem_alloc.h "$third_party/VulkanMemoryAllocator/include"
cp /in/kineto/ActivityType.h "$third_party/kineto/libkineto/include"
cat > "$third_party/fmt/CMakeLists.txt" << 'CMAKE'
add_library(fmt-header-only INTERFACE)
target_compile_definitions(fmt-header-only INTERFACE FMT_HEADER_ONLY=1)
add_library(fmt::fmt-header-only ALIAS fmt-header-only)
CMAKE
tar --extract --gzip --file=/in/numpy/numpy.tar.gz --directory="$third_party/pocketfft" --strip-components=4 \
  --no-same-owner --wildcards '*/numpy/fft/pocketfft/pocketfft_hdronly.h'
