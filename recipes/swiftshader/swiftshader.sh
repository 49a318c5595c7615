#!/bin/bash
# Takes SwiftShader, Vulkan in software, out of the npm package that carries it.
#
# in:  /in/chromium/chromium.tgz   npm package @sparticuz/chromium
# out: /out/lib/{libvk_swiftshader.so,vk_swiftshader_icd.json}
set -euo pipefail

mkdir -p /out/lib
# The package's largest part, the browser, is read past and not unpacked.
tar --extract --gzip --to-stdout --file=/in/chromium/chromium.tgz package/bin/swiftshader.tar.br |
  brotli --decompress --stdout |
  tar --extract --directory=/out/lib --no-same-owner --no-same-permissions \
    libvk_swiftshader.so vk_swiftshader_icd.json
