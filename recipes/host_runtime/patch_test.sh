#!/bin/bash
# Shows on SwiftShader that each patch mends its fault: the unpatched backend fails the test, the patched passes.
#
# in:  /in/stock        output of plugin.sh from unpatched sources
#      /in/patched      output of plugin.sh from patched sources
#      /in/runner       output of runner.sh
#      /in/swiftshader  folder with vk_swiftshader_icd.json
#      /in/tests        recipes/host_runtime/tests
#      /in/patches      recipes/patches/vulkan
#      /in/ops          recipes/vulkan_ops/ops
#      /in/stock_*      truth tables of the unpatched backend, one for each family
#      /in/patched_*    those of the patched one
# out: /out/patch_test.json
set -euo pipefail

export VK_ICD_FILENAMES=/in/swiftshader/vk_swiftshader_icd.json
export VK_DRIVER_FILES=$VK_ICD_FILENAMES

exec python3 -B /in/tests/patch_test.py \
  --stock /in/stock/lib/libvkforge_vulkan.so \
  --patched /in/patched/lib/libvkforge_vulkan.so \
  --runner /in/runner/bin/vkforge-runner \
  --work "$PWD" \
  --patches /in/patches \
  --operators /in/ops \
  --stock-tables /in/stock_*/table.json \
  --patched-tables /in/patched_*/table.json \
  --output /out/patch_test.json
