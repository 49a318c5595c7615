#!/bin/bash
# Builds upstream's tests of the Vulkan backend against the plug-in.
#
# in:  /in/src      the output folder "src" of source.sh
#      /in/plugin   folder with libvkforge_vulkan.so
#      /in/recipe   recipes/conformance
# out: /out/bin/vulkan_api_test, /out/bin/vulkan_quantized_api_test
set -euo pipefail

# The tests include the list of shaders but use none.
mkdir -p generated/ATen/native/vulkan /out/bin
printf '#pragma once\n#include <cstdint>\n' > generated/ATen/native/vulkan/spv.h

flags=(-std=c++17 -O0 -DNDEBUG -w -DUSE_VULKAN -DUSE_VULKAN_API -I/in/src/aten/src -Igenerated
  "-ffile-prefix-map=/in/src/=" "-ffile-prefix-map=$PWD/=" "-ffile-prefix-map=/in/recipe/=")
vma=$(find /usr/include -name vk_mem_alloc.h | head -1)
mkdir -p generated/include
printf '#include "%s"\n' "$vma" > generated/include/vk_mem_alloc.h

tests=(vulkan_api_test vulkan_quantized_api_test)
g++ "${flags[@]}" -c /in/recipe/main.cpp -o main.o
for test in "${tests[@]}"; do
  g++ "${flags[@]}" -c "/in/src/aten/src/ATen/test/$test.cpp" -o "$test.o" &
  if [ "${JOBS:-1}" -lt 2 ]; then wait $!; fi
done
wait
for test in "${tests[@]}"; do
  # The plug-in registers its operators when it is loaded; nothing in the test need refer to it.
  g++ -o "/out/bin/$test" "$test.o" main.o -lgtest -Wl,--no-as-needed -L/in/plugin -lvkforge_vulkan -Wl,--as-needed \
    -ltorch_cpu -lc10 -lglog -lpthread -Wl,--build-id=none -s
done
