#!/bin/bash
# Runs a program of an unpacked image (or of a bundle of it) with the Vulkan driver of this machine, outside any sandbox.
#
# run_on_host.sh ROOT PROGRAM [ARGUMENT...]
#
#   ROOT     the unpacked image, or the folder that a bundle was unpacked into
#   PROGRAM  a path below ROOT: usr/bin/python3.11; or an absolute one of a program that was built for the image
#
# A folder of links is made in $VKFORGE_WORK, or else in ROOT.
#
# A driver is written for its own system's C library, and a process has only one: the newer of the image's and the
# machine's must serve both. VK_DRIVER_FILES chooses the driver; without it, the loader's usual folders and NVIDIA's.
set -euo pipefail

root=$(cd "$1" && pwd)
program=$([[ $2 = /* ]] && echo "$2" || echo "$root/$2")
shift 2

readonly libraries=usr/lib/x86_64-linux-gnu
# Parts of the C library; they must be of one version, that of the loader that starts the process.
readonly c_library='ld-linux-x86-64.so.2|libc.so.6|libm.so.6|libmvec.so.1|libpthread.so.0|libdl.so.2|librt.so.1|libutil.so.1|libresolv.so.2|libanl.so.1|libnss_[a-z]*.so.2'

version_of() { # the version that a libc.so.6 names itself by
  grep -a -o -m1 'GNU C Library [^,]* version [0-9.]*' "$1" | grep -o '[0-9][0-9.]*$' | sed 's/\.$//'
}

host_loader=/lib64/ld-linux-x86-64.so.2
host_c=""
if [ -e "$host_loader" ]; then
  host_c=$(env -i "$host_loader" --list /bin/sh 2> /dev/null | sed -n 's/.*libc\.so\.6 => \([^ ]*\).*/\1/p')
fi
image_version=$(version_of "$root/$libraries/libc.so.6")
host_version=$([ -n "$host_c" ] && version_of "$host_c" || echo 0)

# What finds the image's libraries without its C library: links, made once, and there by one rename, since several
# processes may start at the same time.
shadow=${VKFORGE_WORK:-$root}/.libraries-$image_version
if [ ! -e "$shadow" ]; then
  making=$(mktemp -d "$shadow.XXXXXX")
  for folder in $libraries/blas $libraries/lapack $libraries usr/lib; do
    [ -d "$root/$folder" ] || continue
    for file in "$root/$folder"/*.so*; do
      name=${file##*/}
      [[ $name =~ ^($c_library)$ ]] || [ -e "$making/$name" ] || ln -s "$file" "$making/$name"
    done
  done
  chmod 755 "$making"
  mv -T "$making" "$shadow" 2> /dev/null || rm -rf "$making"
fi

if [ -z "${VK_DRIVER_FILES-}" ]; then
  for manifest in /etc/vulkan/icd.d/nvidia_icd.json /usr/share/vulkan/icd.d/nvidia_icd.json \
    /usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json; do
    if [ -e "$manifest" ]; then
      export VK_DRIVER_FILES=$manifest VK_ICD_FILENAMES=$manifest
      break
    fi
  done
fi
driver_folders=/usr/local/nvidia/lib64:/usr/local/nvidia/lib

unset VKFORGE_LAUNCH
export PYTHONHOME=$root/usr PYTHONDONTWRITEBYTECODE=1 OMP_WAIT_POLICY=passive
unset LD_PRELOAD
if [ "$(printf '%s\n%s\n' "$image_version" "$host_version" | sort -V | tail -1)" = "$host_version" ]; then
  # The machine's C library is newer or the same: it serves both.
  export LD_LIBRARY_PATH=$shadow:$driver_folders
  exec "$host_loader" "$program" "$@"
fi
# Children of the program must be started the same way: one word a line.
loader=$root/$libraries/ld-linux-x86-64.so.2
path=$shadow:$root/$libraries:$driver_folders:/usr/lib/x86_64-linux-gnu:/usr/lib64:/usr/lib
export VKFORGE_LAUNCH=$loader$'\n'--library-path$'\n'$path
exec "$loader" --library-path "$path" "$program" "$@"
