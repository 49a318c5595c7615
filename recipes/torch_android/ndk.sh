#!/bin/bash
# Unpacks the NDK.
#
# in:  /in/archive/ndk.zip
# out: /out/ndk
set -euo pipefail

mkdir unpacked
unzip -q /in/archive/ndk.zip -d unpacked
folders=(unpacked/*)
if [ ${#folders[@]} != 1 ]; then
  echo "Cannot unpack the NDK: its archive has ${#folders[@]} top folders" >&2
  exit 1
fi
bash /in/recipe/check_ndk.sh "${folders[0]}"
mv "${folders[0]}" /out/ndk
