#!/bin/bash
# Stands in for one ABI of libtorch: its static libraries, of which one has constants that look like the Vulkan backend.
#
# in:  /in/constants/constants.bin
# out: /out/install, /out/shared
set -euo pipefail

mkdir -p /out/install/lib /out/install/include/torch /out/shared
echo '#pragma once' > /out/install/include/torch/script.h
cat > torch.s << 'END'
  .section .rodata
  .global constants
constants:
  .incbin "/in/constants/constants.bin"
  .section .note.GNU-stack,"",%progbits
END
echo 'extern "C" const unsigned char constants[]; extern "C" const unsigned char* standin_constants() { return constants; }' > torch.cpp
echo 'int standin_nothing;' > nothing.cpp
compiler=aarch64-linux-gnu-g++
$compiler -c -fPIC torch.s -o constants.o
$compiler -c -fPIC -O1 torch.cpp -o torch.o
for name in torch torch_cpu c10 nnpack XNNPACK pytorch_qnnpack pthreadpool eigen_blas cpuinfo clog; do
  sed "s/nothing/$name/" nothing.cpp > "$name.cpp"
  $compiler -c -fPIC -O1 "$name.cpp" -o "$name.extra.o"
  objects=("$name.extra.o")
  [ "$name" != torch_cpu ] || objects+=(constants.o torch.o)
  aarch64-linux-gnu-ar rcsD "/out/install/lib/lib$name.a" "${objects[@]}"
done
$compiler -shared -nostdlib -fPIC -Wl,-soname,libc++_shared.so -Wl,-z,max-page-size=16384 -Wl,--build-id=sha1 -s \
  torch.extra.o -o /out/shared/libc++_shared.so
