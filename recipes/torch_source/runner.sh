#!/bin/bash
# Builds the runner on the libtorch of build.sh: it needs no plug-in to find Vulkan.
#
# in:  /in/runner   the folder runner of the repository
#      /in/torch    the output of build.sh
# out: /out/bin/vkforge-runner
set -euo pipefail

# Its libtorch lies where measuring mounts the plug-in: /in/plugin.
cmake -S /in/runner -B build -G Ninja \
  -DCMAKE_BUILD_TYPE=None \
  -DCMAKE_CXX_FLAGS="-O1 -DNDEBUG -DC10_MOBILE -ffile-prefix-map=/in/runner/= -ffile-prefix-map=$PWD/build/=" \
  -DCMAKE_EXE_LINKER_FLAGS="-Wl,--build-id=none -Wl,-rpath,/in/plugin" \
  -DCMAKE_SKIP_RPATH=ON \
  -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=0 \
  -DCMAKE_INSTALL_PREFIX=/out \
  -DTORCH_INCLUDE_DIR=/in/torch/include \
  -DTORCH_CPU_LIBRARY=/in/torch/lib/libvkforge_vulkan.so \
  -DC10_LIBRARY=/in/torch/lib/libvkforge_vulkan.so \
  -DVKFORGE_BUILD_TESTS=OFF
cmake --build build --parallel "${JOBS:-1}"
cmake --install build --strip
