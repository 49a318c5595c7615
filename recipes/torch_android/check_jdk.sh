#!/bin/bash
# Passes if the java on PATH is one that Gradle 6.8.3 and the Android plug-in 4.1.2 run on.
set -euo pipefail

refuse() { # CAUSE
  echo "Cannot run Gradle 6.8.3: $1" >&2
  echo "  hint: Use an image with JDK 11, as docker/ndk-r21e/image.ts asks for" >&2
  exit 1
}

if ! command -v java > /dev/null; then
  refuse "there is no java on PATH"
fi
# "11.0.24", or "1.8.0_402" before 9.
version=$(java -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p')
major=${version#1.}
major=${major%%[!0-9]*}
case $major in
  8 | 11) ;;
  *) refuse "java is version ${version:-unknown}, it and the Android plug-in 4.1.2 need 8 or 11" ;;
esac
