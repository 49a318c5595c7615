#!/bin/bash
# Unpacks the packages of the Android SDK to where Google's sdkmanager would put them.
#
# in:  /in/platform/platform.zip   one top folder, android-9
#      /in/tools/build-tools.zip   the same
# out: /out/sdk
set -euo pipefail

take() { # ARCHIVE, FOLDER
  mkdir unpacked
  unzip -q "$1" -d unpacked
  mkdir -p "$(dirname "/out/sdk/$2")"
  mv unpacked/* "/out/sdk/$2"
  rmdir unpacked
}

take /in/platform/platform.zip platforms/android-28
take /in/tools/build-tools.zip build-tools/28.0.3
