#!/bin/bash
# Builds the Vulkan backend as a library for an unmodified libtorch.
#
# in:  /in/src      the output folder "src" of source.sh
#      /in/plugin   recipes/host_runtime/plugin
# out: /out/lib/libvkforge_vulkan.so
set -euo pipefail

# -O1: the library's work is to record commands for the device. -O2 takes 8 s more to compile.
# The source files' warnings are upstream's, and nobody would read them here.
cmake -S /in/plugin -B build -G Ninja \
  -DCMAKE_BUILD_TYPE=None \
  -DCMAKE_CXX_FLAGS="-O1 -DNDEBUG -w -ffile-prefix-map=/in/src/= -ffile-prefix-map=$PWD/build/= -ffile-prefix-map=/in/plugin/=plugin/" \
  -DCMAKE_INSTALL_PREFIX=/out \
  -DPYTORCH_SOURCE=/in/src
cmake --build build --parallel "${JOBS:-1}"
cmake --install build --strip
