#!/usr/bin/env python3
"""Packs archives for normalise.py, which gives them their final form.

  pack_aar.py AAR OUT [NAME=FILE ...]   an AAR with entries replaced or added
  pack_aar.py --folder FOLDER OUT       all files of a folder
"""

import sys
import zipfile
from pathlib import Path


def replace_entries(aar: Path, out: Path, files: dict[str, Path]) -> None:
    """Copy an archive; named entries come from files, those that it lacks are added."""
    with zipfile.ZipFile(aar) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            if not entry.is_dir() and entry.filename not in files:
                target.writestr(entry.filename, source.read(entry))
        for name, file in files.items():
            target.writestr(name, file.read_bytes())


def pack_folder(folder: Path, out: Path) -> None:
    """Make an archive of all files of a folder."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                target.writestr(file.relative_to(folder).as_posix(), file.read_bytes())


def main() -> None:
    """Do what the command line says."""
    first, *rest = sys.argv[1:]
    if first == "--folder":
        folder, out = rest
        pack_folder(Path(folder), Path(out))
        return
    out, *additions = rest
    pairs = (addition.split("=", 1) for addition in additions)
    replace_entries(Path(first), Path(out), {name: Path(file) for name, file in pairs})


if __name__ == "__main__":
    main()
