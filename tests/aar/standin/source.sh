#!/bin/bash
# Puts stand-ins for C++ that would need all of libtorch into upstream's sources; Java, Gradle's and CMake's scripts stay.
#
# in:  /in/source   the output folder "src" of torch-android/source
#      /in/files    this folder
# out: /out/src
set -euo pipefail

mkdir /out/src
(cd /in/source && cp -R --parents android scripts cmake/VulkanDependencies.cmake LICENSE /out/src)
chmod -R u+w /out/src
cpp=/out/src/android/pytorch_android/src/main/cpp
cp /in/files/source/pytorch_jni_*.cpp "$cpp"
mkdir -p /out/src/android/libs/fbjni /out/src/third_party/standin
cp /in/files/source/fbjni.cmake /out/src/android/libs/fbjni/CMakeLists.txt
echo "Licence of a stand-in" > /out/src/third_party/standin/LICENSE
