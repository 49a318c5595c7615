#!/bin/bash
# Builds libtorch for one ABI with upstream's own script.
#
# in:  /in/source   the output folder "src" of source.sh
#      /in/ndk      the output folder "ndk" of ndk.sh
#      /in/recipe   this folder
#      ANDROID_ABI and the other variables of scripts/build_android.sh
# out: build_android/install and build_android below the current folder; /out stays empty
set -euo pipefail

bash /in/recipe/check_ndk.sh /in/ndk

# Code generation writes beside the sources.
cp -R /in/source pytorch
chmod -R u+w pytorch

export ANDROID_NDK=/in/ndk
export BUILD_ROOT=$PWD/build_android
export MAX_JOBS=${JOBS:-1}
export PYTHON=python3 PYTHONDONTWRITEBYTECODE=1
# CMake would append to it with a semicolon, and then Python finds no torchgen (cmake/VulkanCodegen.cmake).
unset PYTHONPATH

# build_android.sh hands its arguments to CMake unquoted: none may hold a space.
# - the profiler needs kineto, which the JNI library does not link; upstream's build_pytorch_android.sh turns it off, too
# - binaries: speed_benchmark_torch
# - devices with pages of 16 KB refuse smaller alignment; r21's clang asks for 4 KB, the last request counts
readonly pages=-Wl,-z,max-page-size=16384
bash pytorch/scripts/build_android.sh \
  -DUSE_LITE_INTERPRETER_PROFILER=OFF \
  -DBUILD_BINARY=ON \
  -DCMAKE_SHARED_LINKER_FLAGS=$pages \
  -DCMAKE_EXE_LINKER_FLAGS=$pages
