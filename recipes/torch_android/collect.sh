#!/bin/bash
# Takes from the build what Android projects need.
#
# in:  build_android below the current folder, as build_torch.sh leaves it
#      /in/ndk
#      ANDROID_DEBUG_SYMBOLS   1 keeps debug information
# out: /out/install/lib/*.a
#      /out/install/include
#      /out/bin/speed_benchmark_torch
set -euo pipefail

readonly installed=build_android/install
readonly strip=/in/ndk/toolchains/llvm/prebuilt/linux-x86_64/bin/llvm-strip

# What android/pytorch_android/CMakeLists.txt links; a missing one would show hours later, in Gradle.
readonly libraries=(c10 clog cpuinfo eigen_blas nnpack pthreadpool pytorch_qnnpack torch torch_cpu XNNPACK)
mkdir -p /out/install/lib /out/bin
for library in "${libraries[@]}"; do
  if [ ! -e "$installed/lib/lib$library.a" ]; then
    echo "Cannot collect the libraries: build_android.sh installed no lib$library.a" >&2
    exit 1
  fi
done
cp "$installed"/lib/*.a /out/install/lib
cp -R "$installed/include" /out/install/include
cp "$installed/bin/speed_benchmark_torch" /out/bin

# Archives without times and owners: -D.
if [ "${ANDROID_DEBUG_SYMBOLS:-}" = 1 ]; then
  "${strip%-strip}-objcopy" -D /out/bin/speed_benchmark_torch
  for library in /out/install/lib/*.a; do "${strip%-strip}-objcopy" -D "$library"; done
else
  "$strip" -D --strip-all /out/bin/speed_benchmark_torch
  for library in /out/install/lib/*.a; do "$strip" -D --strip-debug "$library"; done
fi
