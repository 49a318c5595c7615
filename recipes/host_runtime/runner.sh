#!/bin/bash
# Builds the program that runs the models.
#
# in:  /in/runner   the folder runner of the repository
# out: /out/bin/vkforge-runner
set -euo pipefail

# -O1: the program's own work is to read and write files; the models run in libtorch. The unity build reads
# libtorch's headers once instead of once per file.
cmake -S /in/runner -B build -G Ninja \
  -DCMAKE_BUILD_TYPE=None \
  -DCMAKE_CXX_FLAGS="-O1 -DNDEBUG -ffile-prefix-map=/in/runner/= -ffile-prefix-map=$PWD/build/=" \
  -DCMAKE_EXE_LINKER_FLAGS="-Wl,--build-id=none" \
  -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=0 \
  -DCMAKE_INSTALL_PREFIX=/out \
  -DVKFORGE_BUILD_TESTS=OFF
cmake --build build --parallel "${JOBS:-1}"
cmake --install build --strip
