#!/bin/bash
# Stands in for Gradle 6.8.3: Debian's 4.4.1, which knows neither dependency verification nor newer flags. Asks that
# they were given, and does itself what they say.
set -euo pipefail

refuse() {
  echo "stand-in for Gradle: $1" >&2
  exit 1
}

wanted=(--offline --no-daemon --no-build-cache --console=plain --dependency-verification -Pandroid.enableJetifier=false)
for flag in "${wanted[@]}"; do
  case " $* " in *" $flag "*) ;; *) refuse "$flag is missing in: $*" ;; esac
done
[ -n "${BUILD_LITE_INTERPRETER:-}" ] || refuse "BUILD_LITE_INTERPRETER is not set: CMake and Gradle would differ"
[ -f "$ANDROID_HOME/platforms/android-28/android.jar" ] || refuse "ANDROID_HOME has no platform: $ANDROID_HOME"
[ -f "$ANDROID_HOME/build-tools/29.0.2/source.properties" ] || refuse "ANDROID_HOME has no build-tools 29.0.2"
kept=()
skip=0
for argument in "$@"; do
  if [ "$skip" = 1 ]; then skip=0; continue; fi
  case $argument in
    --dependency-verification) skip=1 ;;
    --no-build-cache | --max-workers=*) ;;
    -Pandroid.aapt2FromMavenOverride=*) [ -x "${argument#*=}" ] || refuse "${argument#*=} is no program" ;;
    *) kept+=("$argument") ;;
  esac
  case $argument in -p) project=next ;; *) [ "${project:-}" != next ] || project=$argument ;; esac
done
python3 - "$project/gradle/verification-metadata.xml" /in/dependencies/repository << 'END'
import hashlib, pathlib, sys
from xml.etree import ElementTree
name = "{https://schema.gradle.org/dependency-verification}"
known = {}
for component in ElementTree.parse(sys.argv[1]).iter(name + "component"):
    for artifact in component.iter(name + "artifact"):
        folder = component.get("group").replace(".", "/") + "/" + component.get("name") + "/" + component.get("version")
        known[folder + "/" + artifact.get("name")] = artifact.find(name + "sha256").get("value")
root = pathlib.Path(sys.argv[2])
for file in root.rglob("*"):
    path = file.relative_to(root).as_posix()
    if file.is_file() and known.get(path) != hashlib.sha256(file.read_bytes()).hexdigest():
        sys.exit(f"Dependency verification failed for configuration ':classpath'\nOn artifact {file.name}")
END
export GRADLE_OPTS=-Xmx512m
# What the NDK has: a jni.h that knows uint8_t; and nothing of Debian's C library, which Android does not have.
mkdir "$HOME/jni"
printf '#include <stdint.h>\n#include_next <jni.h>\n' > "$HOME/jni/jni.h"
export CPLUS_INCLUDE_PATH=$HOME/jni:$JAVA_HOME/include:$JAVA_HOME/include/linux
export LDFLAGS="-nostdlib -Wl,--build-id=sha1"
exec /usr/share/gradle/bin/gradle "${kept[@]}"
