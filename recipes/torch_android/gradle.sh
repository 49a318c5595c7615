#!/bin/bash
# Unpacks Gradle.
#
# in:  /in/archive/gradle.zip   one top folder
# out: /out/gradle
set -euo pipefail

mkdir unpacked
unzip -q /in/archive/gradle.zip -d unpacked
mv unpacked/* /out/gradle
