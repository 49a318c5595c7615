#!/bin/bash
# Stands in for the Android SDK: those classes of the platform that PyTorch's Java files name.
#
# in:  /in/files   this folder
# out: /out/sdk
set -euo pipefail

platform=/out/sdk/platforms/android-28
mkdir -p "$platform" classes
find /in/files/platform -name '*.java' | LC_ALL=C sort > sources.txt
javac -nowarn --release 8 -d classes @sources.txt 2>/dev/null
python3 - "$platform/android.jar" << 'END'
import pathlib, sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as jar:
    for file in sorted(pathlib.Path("classes").rglob("*.class")):
        jar.writestr(zipfile.ZipInfo(file.relative_to("classes").as_posix()), file.read_bytes())
END
