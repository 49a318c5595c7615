#!/bin/bash
# Lays out PyTorch's source tree with the Vulkan backend as the host's runtime has it, and patches it for Android.
#
# in:  /in/pytorch/pytorch.tar   a commit's tree with its submodules, or an archive with one top folder
#      /in/backend               the output folder "src" of host_runtime/source.sh
#      /in/recipe                this folder
# out: /out/src
set -euo pipefail

readonly source=/out/src

mkdir unpacked
tar --extract --file=/in/pytorch/pytorch.tar --directory=unpacked --no-same-owner --no-same-permissions
folders=(unpacked/*)
if [ -e unpacked/version.txt ]; then
  mv unpacked "$source"
else
  mv "${folders[0]}" "$source"
fi
if [ ! -e "$source/scripts/build_android.sh" ]; then
  echo "Cannot take PyTorch's sources: \"scripts/build_android.sh\" is not in the archive" >&2
  exit 1
fi

# The patches take files out of the backend; those of the archive must not stay.
rm -r "$source/aten/src/ATen/native/vulkan"
cp -R /in/backend/. "$source"
chmod -R u+w "$source"

for patch_file in /in/recipe/patches/*.patch; do
  # Fuzz would let a patch land on code that it was not written for.
  if ! patch --directory="$source" --strip=1 --fuzz=0 --batch --forward --no-backup-if-mismatch \
    --reject-file=- --input="$patch_file"; then
    echo "Cannot apply \"$(basename "$patch_file")\" to PyTorch $(cat "$source/version.txt")" >&2
    exit 1
  fi
done
