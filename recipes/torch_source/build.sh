#!/bin/bash
# Builds torch itself with its Vulkan backend, and links it to one library.
#
# in:  as prepare.sh, and
#      /in/plugin       recipes/host_runtime/plugin
# out: /out/lib/libvkforge_vulkan.so  torch, the backend, and what vkforge_vulkan.h declares. It has the plug-in's
#                                     name, so that whoever runs models finds it where the plug-in would be
#      /out/include                   the headers that belong to it
set -euo pipefail

readonly source=$PWD/pytorch
readonly libraries=/usr/lib/x86_64-linux-gnu
# The host's compiler with the options of a mobile build: no Python, no autograd, no Caffe2, no training.
export BUILD_PYTORCH_MOBILE_WITH_HOST_TOOLCHAIN=1 PYTHONDONTWRITEBYTECODE=1

bash /in/recipe/prepare.sh "$source"

# -O1, and the CPU's kernels for the plainest x86-64 only: this library is to be right, not fast.
readonly flags="-O1 -DNDEBUG -w -isystem $source/third_party/system -ffile-prefix-map=$PWD/=/"
options=(
  -DCMAKE_BUILD_TYPE=None
  -DCMAKE_C_FLAGS="$flags"
  -DCMAKE_CXX_FLAGS="$flags"
  -DPYTHON_EXECUTABLE=/usr/bin/python3
  -DUSE_VULKAN=ON
  -DBUILD_SHARED_LIBS=OFF
  -DUSE_PRECOMPILED_HEADERS=ON
  -DXNNPACK_LIBRARY="$libraries/libXNNPACK.so.0"
  -DPTHREADPOOL_LIBRARY="$libraries/libpthreadpool.so.0"
  -DCPUINFO_LIBRARY="$libraries/libcpuinfo.so.0"
  -DFP16_HDR="$source/third_party/system/fp16.h"
  -DFXDIV_HDR="$source/third_party/system/fxdiv.h"
  -DPSIMD_HDR="$source/third_party/system/psimd.h"
)
for name in SYSTEM_CPUINFO SYSTEM_FP16 SYSTEM_FXDIV SYSTEM_PSIMD SYSTEM_PTHREADPOOL SYSTEM_XNNPACK XNNPACK PYTORCH_QNNPACK; do
  options+=("-DUSE_$name=ON")
done
for name in BLAS CCACHE CUDA DISTRIBUTED GFLAGS GLOG ITT KINETO METAL MKLDNN NNPACK NUMPY OPENMP ROCM VALGRIND; do
  options+=("-DUSE_$name=OFF")
done
for name in BINARY CUSTOM_PROTOBUF LITE_INTERPRETER PYTHON TEST; do
  options+=("-DBUILD_$name=OFF")
done
cmake -S "$source" -B build -G Ninja "${options[@]}"
cmake --build build --parallel "${JOBS:-1}" --target torch_cpu c10 pytorch_qnnpack clog

bash /in/recipe/link.sh "$source" build
