#!/bin/bash
# Runs upstream's build_pytorch_android.sh over native libraries that are built already: Java classes, JNI
# libraries, AARs.
#
# in:  /in/source                   PyTorch with its submodules, patched for Android
#      /in/ndk /in/sdk /in/gradle
#      /in/abi/<abi>/install        libtorch's static libraries and headers
#      /in/abi/<abi>/shared         libc++_shared.so with pages of 16 KB; missing with STL c++_static
#      /in/dependencies             repository/ and verification-metadata.xml
#      /in/aapt2/aapt2.jar          the program, as the Android plug-in takes it
#      /in/normalise/normalise.py   gives archives their normal form
#      /in/build-tools/build-tools.zip   29.0.2, with one top folder
#      /in/recipe                   this folder
#      ABIS VARIANT STL STRIP       comma separated; full or lite; c++_shared or c++_static; true or false
# out: /out/pytorch_android.aar and /out/pytorch_android_torchvision.aar, each with -sources.jar and -javadoc.jar
set -euo pipefail

readonly work=$PWD
readonly torch=$work/torch
readonly android=$torch/android
readonly sdk=$work/sdk
readonly repository=/in/dependencies/repository
modules=(pytorch_android pytorch_android_torchvision)
# Only the lite interpreter has them; upstream leaves them out of the full JIT's classes.
lite_sources=(org/pytorch/LiteModuleLoader.java org/pytorch/LiteNativePeer.java)

main() {
  bash /in/native/check_jdk.sh
  prepare
  build
  for module in "${modules[@]}"; do
    collect "$module"
  done
}

prepare() {
  mkdir -p "$torch"
  # Of all of PyTorch the Java side reads these. A copy, since upstream's script writes into it.
  (cd /in/source && cp -R --parents android scripts cmake/VulkanDependencies.cmake LICENSE "$torch")
  chmod -R u+w "$torch"
  local patch_file abi
  for patch_file in /in/recipe/patches/*.patch; do
    patch --directory="$torch" --strip=1 --fuzz=0 --batch --forward --no-backup-if-mismatch \
      --reject-file=- --input="$patch_file"
  done
  for abi in ${ABIS//,/ }; do
    ln -s "/in/abi/$abi" "$torch/build_android_$abi"
  done
  prepare_sdk
  printf 'sdk.dir=%s\nndk.dir=/in/ndk\ncmake.dir=/usr\n' "$sdk" > "$android/local.properties"
  cp /in/dependencies/verification-metadata.xml "$android/gradle/"
  python3 -m zipfile --extract /in/aapt2/aapt2.jar tools
  chmod +x tools/aapt2
}

# A copy: the Android plug-in writes a package.xml beside what did not come from sdkmanager.
prepare_sdk() {
  cp -R /in/sdk "$sdk"
  chmod -R u+w "$sdk"
  mkdir -p "$sdk/build-tools" unpacked-tools
  unzip -q /in/build-tools/build-tools.zip -d unpacked-tools
  mv unpacked-tools/* "$sdk/build-tools/29.0.2"
}

build() {
  # upstream's script gives arguments of its own; these come before them.
  cat > gradle.sh <<'END'
#!/bin/bash
exec /in/gradle/bin/gradle \
  --offline --no-daemon --no-build-cache --console=plain --max-workers="$JOBS" \
  --gradle-user-home "$WORK/gradle-home" --dependency-verification strict \
  -PmavenRepository=/in/dependencies/repository -PnativeLibsDoNotStrip="$([ "$STRIP" = true ] && echo false || echo true)" \
  -Pandroid.aapt2FromMavenOverride="$WORK/tools/aapt2" -Pandroid.enableJetifier=false \
  "$@"
END
  chmod +x gradle.sh
  local status=0 tasks=("${modules[@]/#/:}")
  tasks=("${tasks[@]/%/:assembleRelease}")
  ANDROID_HOME="$sdk" ANDROID_SDK_ROOT="$sdk" ANDROID_NDK=/in/ndk ANDROID_PREFS_ROOT="$work" \
    HOME="$work" WORK="$work" GRADLE_PATH="$work/gradle.sh" GRADLE_TASKS="${tasks[*]}" BUILD_ROOT="$torch" \
    ANDROID_STL="$STL" BUILD_LITE_INTERPRETER="$([ "$VARIANT" = full ] && echo 0 || echo 1)" \
    bash "$torch/scripts/build_pytorch_android.sh" "$ABIS" > build.log 2>&1 || status=$?
  cat build.log
  [ "$status" = 0 ] || { python3 /in/recipe/explain_gradle.py build.log >&2; exit "$status"; }
}

collect() {
  local module=$1 aar
  aar=$(find "$android/$module/build/outputs/aar" -name '*-release.aar' | head -1)
  [ -n "$aar" ] || { echo "Gradle ended well and made no AAR of $module" >&2; exit 1; }
  local additions=("META-INF/LICENSE=$torch/LICENSE")
  if [ "$module" = pytorch_android ]; then
    local licence name
    for licence in /in/source/third_party/*/LICENSE* /in/source/android/libs/fbjni/LICENSE* \
      /in/ndk/sources/cxx-stl/llvm-libc++*/{LICENSE,NOTICE}*; do
      [ -f "$licence" ] || continue
      name=$(basename "$(dirname "$licence")")
      additions+=("META-INF/licenses/$name/$(basename "$licence")=$licence")
    done
  fi
  if [ "$STL" = c++_shared ] && [ "$module" = pytorch_android ]; then
    for abi in ${ABIS//,/ }; do
      # The NDK's own has pages of 4 KB.
      additions+=("jni/$abi/libc++_shared.so=/in/abi/$abi/shared/libc++_shared.so")
    done
  fi
  python3 /in/recipe/pack_aar.py "$aar" raw.aar "${additions[@]}"
  python3 /in/normalise/normalise.py raw.aar "/out/$module.aar"
  document "$module"
}

# Sources and their documentation, without what is not in the classes.
document() {
  local module=$1 sources=$work/sources/$1
  mkdir -p "$sources" "$work/javadoc/$module"
  cp -R "$android/$module/src/main/java/." "$sources"
  if [ "$VARIANT" = full ]; then
    (cd "$sources" && rm -f "${lite_sources[@]}")
  fi
  local classpath=/in/sdk/platforms/android-28/android.jar jar
  while read -r jar; do classpath+=:$jar; done < <(
    find "$repository/com/facebook" -name '*.jar' | sort
  )
  [ "$module" = pytorch_android ] || classpath+=:$work/classes.jar
  # -notimestamp: the day it was made on is not part of what it says.
  find "$sources" -name '*.java' | sort > sources.txt
  "$JAVA_HOME/bin/javadoc" -quiet -notimestamp -Xdoclint:none -encoding UTF-8 -classpath "$classpath" \
    -d "$work/javadoc/$module" @sources.txt
  if [ "$module" = pytorch_android ]; then
    python3 -m zipfile --extract "/out/$module.aar" unpacked
    cp unpacked/classes.jar classes.jar
  fi
  pack_folder "$sources" "/out/$module-sources.jar"
  pack_folder "$work/javadoc/$module" "/out/$module-javadoc.jar"
}

pack_folder() { # FOLDER ARCHIVE
  python3 /in/recipe/pack_aar.py --folder "$1" raw.jar
  python3 /in/normalise/normalise.py raw.jar "$2"
}

main
