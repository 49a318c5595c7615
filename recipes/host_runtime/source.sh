#!/bin/bash
# Takes the Vulkan backend out of PyTorch's source tree and patches it.
#
# in:  /in/pytorch/pytorch.tar.xz  the source archive; its one top folder may have any name
#      /in/patches/*.patch         applied in the order of their names; may be missing
#      /in/ops/{ops,glsl}/vkf_*    the project's own operators, added after the patches; may be missing
# out: /out/src                    the subset that plugin.sh and the conformance tests compile
set -euo pipefail

readonly archive=/in/pytorch/pytorch.tar.xz
readonly source=/out/src

members=(
  LICENSE
  NOTICE
  version.txt
  aten/src/ATen/native/utils
  aten/src/ATen/native/vulkan
  aten/src/ATen/vulkan
  aten/src/ATen/test/vulkan_api_test.cpp
  aten/src/ATen/test/vulkan_perf_test.cpp
  aten/src/ATen/test/vulkan_quantized_api_test.cpp
  tools/gen_vulkan_spv.py
  torchgen/__init__.py
  torchgen/code_template.py
)

mkdir -p "$source"
# The leading */ stands for the top folder, whose name differs between Debian's archive and upstream's.
# No owner, no times of this run: only names, modes and bytes are the output.
tar --extract --file="$archive" --directory="$source" --strip-components=1 \
  --no-same-owner --no-same-permissions --wildcards --no-wildcards-match-slash \
  "${members[@]/#/*/}"

shopt -s nullglob
for patch_file in /in/patches/*.patch; do
  name=$(basename "$patch_file")
  # Fuzz would let a patch land on code that it was not written for.
  if ! patch --directory="$source" --strip=1 --fuzz=0 --batch --forward --no-backup-if-mismatch \
    --reject-file=- --input="$patch_file"; then
    echo "Cannot apply \"$name\" to PyTorch $(cat "$source/version.txt")" >&2
    exit 1
  fi
  echo "applied $name"
done

if [ -d /in/ops ]; then
  for folder in ops glsl; do
    # Never over a file of upstream's: what changes one is a patch.
    for file in /in/ops/"$folder"/*; do
      target=$source/aten/src/ATen/native/vulkan/$folder/$(basename "$file")
      if [ -e "$target" ]; then
        echo "Cannot add \"$folder/$(basename "$file")\": PyTorch has a file of this name" >&2
        exit 1
      fi
      install -m 644 "$file" "$target"
    done
  done
  echo "added $(find /in/ops -name '*.cpp' | wc -l) files of operators"
fi
