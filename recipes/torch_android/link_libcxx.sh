#!/bin/bash
# Links libc++_shared.so anew: the NDK's own has segments aligned to 4 KB, and no tool can spread them afterwards.
# The NDK makes it of the same archives: all of libc++_static and libc++abi, and for 32-bit ARM its unwinder, hidden.
#
# in:  /in/ndk
#      ANDROID_ABI
# out: /out/shared/libc++_shared.so
set -euo pipefail

readonly llvm=/in/ndk/toolchains/llvm/prebuilt/linux-x86_64/bin
readonly archives=/in/ndk/sources/cxx-stl/llvm-libc++/libs/$ANDROID_ABI

case $ANDROID_ABI in
  armeabi-v7a) target=armv7a-linux-androideabi21 ;;
  arm64-v8a) target=aarch64-linux-android21 ;;
  x86) target=i686-linux-android21 ;;
  x86_64) target=x86_64-linux-android21 ;;
  *)
    echo "Unknown ABI \"$ANDROID_ABI\"" >&2
    exit 1
    ;;
esac

# Only some ABIs have these two.
extra=()
for name in libandroid_support.a libunwind.a; do
  if [ -e "$archives/$name" ]; then extra+=("$archives/$name"); fi
done

mkdir -p /out/shared
"$llvm/$target-clang++" -shared -nostdlib++ \
  -Wl,-soname,libc++_shared.so -Wl,-z,max-page-size=16384 -Wl,--build-id -Wl,-z,defs \
  -Wl,--exclude-libs,libunwind.a -Wl,--exclude-libs,libandroid_support.a \
  -Wl,--whole-archive "$archives/libc++_static.a" "$archives/libc++abi.a" -Wl,--no-whole-archive \
  ${extra[@]+"${extra[@]}"} -lc -lm -ldl \
  -o /out/shared/libc++_shared.so
"$llvm/llvm-strip" --strip-unneeded /out/shared/libc++_shared.so

# Every symbol of the NDK's library must be there: the libraries of an app are linked against it.
exported() {
  "$llvm/llvm-nm" --dynamic --defined-only --extern-only "$1" | awk '{ print $NF }' | LC_ALL=C sort -u
}
exported "$archives/libc++_shared.so" > symbols_before
exported /out/shared/libc++_shared.so > symbols_now
missing=$(LC_ALL=C comm -23 symbols_before symbols_now)
if [ -n "$missing" ]; then
  echo "Cannot link libc++_shared.so anew: $(wc -l <<< "$missing") symbols of the NDK's own are missing, such as" >&2
  head -n 10 <<< "$missing" >&2
  exit 1
fi
