#!/usr/bin/env python3
"""Lays locked files out as a Maven repository, and writes Gradle's own list of their checksums.

  repository.py LOCK FILES OUT

LOCK is gradle.lock.json; FILES a folder with each file as <path>/<its name>. OUT gets repository/ and
verification-metadata.xml, which Gradle, given --dependency-verification strict, holds every file against.
"""

import json
import shutil
import sys
from pathlib import Path, PurePosixPath
from xml.sax.saxutils import quoteattr

NAMESPACE = "https://schema.gradle.org/dependency-verification"


def lay_out(lock: dict, files: Path, out: Path) -> None:
    """Write repository/ and verification-metadata.xml."""
    for file in lock["files"]:
        path = PurePosixPath(file["path"])
        target = out / "repository" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(files / path / path.name, target)
    (out / "verification-metadata.xml").write_text(verification_metadata(lock))


def verification_metadata(lock: dict) -> str:
    """Give the checksums as gradle/verification-metadata.xml has them."""
    components: dict[tuple[str, str, str], list[dict]] = {}
    for file in lock["files"]:
        *group, name, version, _ = PurePosixPath(file["path"]).parts
        components.setdefault((".".join(group), name, version), []).append(file)
    lines = "".join(
        component_xml(coordinates, files) for coordinates, files in sorted(components.items())
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<verification-metadata xmlns="{NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xsi:schemaLocation="{NAMESPACE} {NAMESPACE}/dependency-verification-1.0.xsd">
   <configuration>
      <verify-metadata>true</verify-metadata>
      <verify-signatures>false</verify-signatures>
   </configuration>
   <components>
{lines}   </components>
</verification-metadata>
"""


def component_xml(coordinates: tuple[str, str, str], files: list[dict]) -> str:
    """List the files of one version of a module."""
    group, name, version = map(quoteattr, coordinates)
    artifacts = "".join(
        f"""         <artifact name={quoteattr(PurePosixPath(file["path"]).name)}>
            <sha256 value={quoteattr(file["sha256"])} origin={quoteattr(file["repository"])}/>
         </artifact>
"""
        for file in files
    )
    return f"""      <component group={group} name={name} version={version}>
{artifacts}      </component>
"""


def main() -> None:
    """Read the lock named on the command line."""
    lock, files, out = map(Path, sys.argv[1:])
    lay_out(json.loads(lock.read_text()), files, out)


if __name__ == "__main__":
    main()
