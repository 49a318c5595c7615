#!/bin/bash
# Gathers everything that the runner needs of the image, so that it runs where nothing of it is installed.
#
# in:  /in/runner/vkforge-runner, /in/plugin/libvkforge_vulkan.so
# out: /out/bin   the runner and the plug-in
#      /out/lib   the libraries they load, under the names they load them by
#      /out/libc  the C library with its loader: they must be of one version, and a machine whose own one is newer
#                 uses that instead, since its Vulkan driver needs it
set -euo pipefail

readonly loader=/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2
# Parts of the C library, by the names that the loader knows them by.
readonly c_library='^(ld-linux-x86-64\.so\.2|lib(c|m|mvec|pthread|dl|rt|util|resolv|anl)\.so\.[0-9]+)$'

mkdir -p /out/bin /out/lib /out/libc
cp /in/runner/vkforge-runner /in/plugin/libvkforge_vulkan.so /out/bin/

readonly libraries=/usr/lib/x86_64-linux-gnu
# Opened at run time: the Vulkan loader by the plug-in, and libEGL by NVIDIA's driver, which has no device without it.
readonly opened=("$libraries/libvulkan.so.1" "$libraries/libEGL.so.1")

# "libx.so.1 => /usr/lib/…/libx.so.1 (0x…)"
for object in /out/bin/* "${opened[@]}"; do
  "$loader" --list "$object" | sed -n 's/^\s*\(\S*\) => \(\/\S*\) (0x[0-9a-f]*)$/\1 \2/p'
done | LC_ALL=C sort -u > closure

if "$loader" --list /out/bin/vkforge-runner | grep 'not found'; then
  echo "the image lacks libraries of the runner" >&2
  exit 1
fi
for path in "${opened[@]}"; do echo "${path##*/} $path" >> closure; done
while read -r name path; do
  name=${name##*/}
  [[ $name =~ $c_library ]] && folder=libc || folder=lib
  [ -e "/out/$folder/$name" ] || cp --dereference "$path" "/out/$folder/$name"
done < closure
# Programs name these only where they were linked long ago, drivers still do.
for name in ld-linux-x86-64.so.2 libpthread.so.0 libdl.so.2 librt.so.1; do
  [ -e "/out/libc/$name" ] || cp --dereference "$libraries/$name" "/out/libc/$name"
done
chmod 755 /out/bin/* /out/lib/* /out/libc/*
