#!/usr/bin/env python3
"""Writes a zip archive (AAR, JAR) anew, so that equal content gives equal bytes.

Entries are sorted by name, have one fixed time and one mode, and are packed alike; folders, which no tool
needs, are left out. Archives inside (classes.jar, libs/*.jar, the search index of a javadoc) are treated the
same way. Contents are not touched.

  normalise.py IN OUT
"""

import io
import sys
import zipfile
from pathlib import Path, PurePosixPath

# The first day that the format can express.
TIME = (1980, 1, 1, 0, 0, 0)
# Jars are read one after another by java.util.jar.JarInputStream, which wants these first.
FIRST = ("META-INF/MANIFEST.MF",)
LEVEL = 6
NESTED = (".jar", ".zip")


def normalise(data: bytes) -> bytes:
    """Give the archive's canonical form.

    Raises ValueError for names that leave the folder and for names that are there twice, and
    zipfile.BadZipFile for an archive that is damaged.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        entries = [entry for entry in source.infolist() if not entry.is_dir()]
        seen: set[str] = set()
        for entry in sorted(entries, key=order):
            check_name(entry.filename)
            if entry.filename in seen:
                raise ValueError(f"{entry.filename!r} is there twice")
            seen.add(entry.filename)
            content = source.read(entry)
            if entry.filename.endswith(NESTED):
                content = normalise(content)
            target.writestr(plain_info(entry.filename), content, zipfile.ZIP_DEFLATED, LEVEL)
    return out.getvalue()


def order(entry: zipfile.ZipInfo) -> tuple[bool, bytes]:
    """Sort by bytes: by letters would depend on the machine's language."""
    return (entry.filename not in FIRST, entry.filename.encode())


def check_name(name: str) -> None:
    """Raise ValueError for a name that would be unpacked outside the folder."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or name == "":
        raise ValueError(f"{name!r} leaves the folder it is unpacked to")


def plain_info(name: str) -> zipfile.ZipInfo:
    """Describe an entry that tells nothing of who wrote it."""
    info = zipfile.ZipInfo(name, TIME)
    info.create_system = 3
    info.external_attr = 0o100644 << 16
    return info


def main() -> None:
    """Read and write the files named on the command line."""
    source, target = map(Path, sys.argv[1:])
    target.write_bytes(normalise(source.read_bytes()))


if __name__ == "__main__":
    main()
