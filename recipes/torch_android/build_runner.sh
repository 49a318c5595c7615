#!/bin/bash
# Builds the runner for one ABI on the libtorch that build_torch.sh made, linked into one program.
#
# in:  build_android below the current folder, as build_torch.sh leaves it
#      /in/ndk, /in/runner, /in/plugin (recipes/host_runtime/plugin)
#      ANDROID_ABI, ANDROID_STL_SHARED
# out: /out/bin/vkforge-runner
set -euo pipefail

readonly build=$PWD/build_android
readonly installed=$build/install

# The header alone: the host's include folder must not be searched.
mkdir -p json
cp -R /usr/include/nlohmann json

archive() {
  local found=$installed/lib/lib$1.a
  if [ ! -e "$found" ]; then found=$(find "$build" -name "lib$1.a" | LC_ALL=C sort | head -n 1); fi
  if [ -z "$found" ]; then
    echo "Cannot link the runner: the build has no lib$1.a" >&2
    exit 1
  fi
  echo "$found"
}

# Kernels register themselves in constructors that nothing refers to: whole archives. The backend's is part of torch_cpu.
# CMake takes flags between libraries for files, so all but c10 stands behind what the runner names.
c10=$(archive c10)
libraries="-Wl,--whole-archive $(archive torch_cpu) -Wl,--no-whole-archive"
for name in nnpack XNNPACK pytorch_qnnpack pthreadpool eigen_blas cpuinfo clog VulkanWrapper; do
  libraries+=" $(archive "$name")"
done
libraries+=" $c10 -llog -latomic -lm"

# The plug-in's files for the backend inside libtorch: what it runs on, and for how long.
options=(-DVKFORGE_PLUGIN_SOURCE=/in/plugin/src "-DVKFORGE_PYTORCH_SOURCE=$PWD/pytorch")
if [ "${ANDROID_STL_SHARED:-}" = 1 ]; then options+=(-DANDROID_STL=c++_shared); fi
# -w: warnings of the NDK's compiler are not those that the runner's own build is held to.
cmake -S /in/runner -B build_runner -G Ninja \
  -DCMAKE_TOOLCHAIN_FILE=/in/ndk/build/cmake/android.toolchain.cmake \
  -DANDROID_ABI="$ANDROID_ABI" \
  -DANDROID_NATIVE_API_LEVEL=21 \
  -DANDROID_CPP_FEATURES="rtti exceptions" \
  "${options[@]}" \
  -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_CXX_FLAGS="-w${USE_VULKAN_FP16_INFERENCE:+ -DUSE_VULKAN_FP16_INFERENCE}" \
  -DCMAKE_EXE_LINKER_FLAGS=-Wl,-z,max-page-size=16384 \
  -DCMAKE_INSTALL_PREFIX=/out \
  -DNLOHMANN_JSON_INCLUDE_DIR="$PWD/json" \
  -DTORCH_INCLUDE_DIR="$installed/include" \
  -DTORCH_CPU_LIBRARY="$c10" \
  -DC10_LIBRARY="$c10" \
  -DCMAKE_CXX_STANDARD_LIBRARIES="$libraries" \
  -DVKFORGE_BUILD_TESTS=OFF
cmake --build build_runner --parallel "${JOBS:-1}"
cmake --install build_runner
/in/ndk/toolchains/llvm/prebuilt/linux-x86_64/bin/llvm-strip --strip-all /out/bin/vkforge-runner
