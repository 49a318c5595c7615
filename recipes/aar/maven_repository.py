#!/usr/bin/env python3
"""Writes a folder that Maven and Gradle take as a repository.

  maven_repository.py SPEC OUT

SPEC is a JSON file:

  {"modules": [{"group", "artifact", "version", "name", "description", "url", "licence": {"name", "url"},
                "files": {"aar": PATH, "sources": PATH, "javadoc": PATH},
                "dependencies": [{"group", "artifact", "version", "type": "jar" if left out}]}],
   "copies": [{"path": "org/x/y/1/y-1.jar", "file": PATH}]}

Each module gets its files, a POM, Gradle's module metadata and checksums; each artifact its
maven-metadata.xml. Copies go in as they are, with checksums: modules of others, so that the folder serves
offline.
"""

import hashlib
import json
import shutil
import sys
from pathlib import Path
from xml.sax.saxutils import escape

ALGORITHMS = ("md5", "sha1", "sha256", "sha512")
# Gradle's own name of each file's variant; see its "Gradle Module Metadata specification".
USAGES = {"releaseApiElements": "java-api", "releaseRuntimeElements": "java-runtime"}


def write_repository(spec: dict, out: Path) -> None:
    """Write all modules and copies below a folder."""
    for module in spec["modules"]:
        write_module(module, out)
    for copy in spec["copies"]:
        target = out / copy["path"]
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(copy["file"], target)
    for folder in sorted({artifact_folder(module, out) for module in spec["modules"]}):
        mine = [module for module in spec["modules"] if artifact_folder(module, out) == folder]
        (folder / "maven-metadata.xml").write_text(metadata_xml(mine))
    for path in sorted(out.rglob("*")):
        if path.is_file():
            write_checksums(path)


def artifact_folder(module: dict, out: Path) -> Path:
    """Give the folder of all versions of an artifact."""
    return out.joinpath(*module["group"].split("."), module["artifact"])


def write_module(module: dict, out: Path) -> None:
    """Write one version of an artifact."""
    folder = artifact_folder(module, out) / module["version"]
    folder.mkdir(parents=True)
    stem = f"{module['artifact']}-{module['version']}"
    aar = folder / f"{stem}.aar"
    shutil.copyfile(module["files"]["aar"], aar)
    for classifier in ("sources", "javadoc"):
        shutil.copyfile(module["files"][classifier], folder / f"{stem}-{classifier}.jar")
    (folder / f"{stem}.pom").write_text(pom_xml(module))
    text = json.dumps(gradle_metadata(module, aar), indent=2)
    (folder / f"{stem}.module").write_text(text + "\n")


def pom_xml(module: dict) -> str:
    """Give the POM; the comment in it makes Gradle look for its own metadata."""
    values = {key: escape(value) for key, value in module.items() if isinstance(value, str)}
    dependencies = "".join(
        f"""    <dependency>
      <groupId>{escape(one["group"])}</groupId>
      <artifactId>{escape(one["artifact"])}</artifactId>
      <version>{escape(one["version"])}</version>
{type_xml(one)}      <scope>runtime</scope>
    </dependency>
"""
        for one in module["dependencies"]
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xsi:schemaLocation="http://maven.apache.org/POM/4.0.0 http://maven.apache.org/xsd/maven-4.0.0.xsd">
  <!-- do_not_remove: published-with-gradle-metadata -->
  <modelVersion>4.0.0</modelVersion>
  <groupId>{values["group"]}</groupId>
  <artifactId>{values["artifact"]}</artifactId>
  <version>{values["version"]}</version>
  <packaging>aar</packaging>
  <name>{values["name"]}</name>
  <description>{values["description"]}</description>
  <url>{values["url"]}</url>
  <licenses>
    <license>
      <name>{escape(module["licence"]["name"])}</name>
      <url>{escape(module["licence"]["url"])}</url>
    </license>
  </licenses>
  <dependencies>
{dependencies}  </dependencies>
</project>
"""


def type_xml(dependency: dict) -> str:
    """Name the type where it is no jar: Maven, unlike Gradle, does not look into the other module's POM for it."""
    return f"      <type>{escape(dependency['type'])}</type>\n" if "type" in dependency else ""


def gradle_metadata(module: dict, aar: Path) -> dict:
    """Give Gradle's module metadata, format 1.1: to compile, the AAR; to run, its dependencies too."""
    file = {"name": aar.name, "url": aar.name, "size": aar.stat().st_size}
    file.update({name: digest(aar, name) for name in reversed(ALGORITHMS)})
    dependencies = [
        {"group": one["group"], "module": one["artifact"], "version": {"requires": one["version"]}}
        for one in module["dependencies"]
    ]
    variants = []
    for name, usage in USAGES.items():
        attributes = {
            "org.gradle.category": "library",
            "org.gradle.dependency.bundling": "external",
            "org.gradle.libraryelements": "aar",
            "org.gradle.usage": usage,
        }
        variant = {"name": name, "attributes": attributes, "files": [file]}
        if usage == "java-runtime":
            variant["dependencies"] = dependencies
        variants.append(variant)
    return {
        "formatVersion": "1.1",
        "component": {
            "group": module["group"],
            "module": module["artifact"],
            "version": module["version"],
            "attributes": {"org.gradle.status": "release"},
        },
        "createdBy": {"vkforge": {}},
        "variants": variants,
    }


def metadata_xml(modules: list[dict]) -> str:
    """List the versions of an artifact, without the time of writing."""
    versions = [module["version"] for module in modules]
    lines = "".join(f"      <version>{escape(version)}</version>\n" for version in versions)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<metadata>
  <groupId>{escape(modules[0]["group"])}</groupId>
  <artifactId>{escape(modules[0]["artifact"])}</artifactId>
  <versioning>
    <latest>{escape(versions[-1])}</latest>
    <release>{escape(versions[-1])}</release>
    <versions>
{lines}    </versions>
  </versioning>
</metadata>
"""


def write_checksums(path: Path) -> None:
    """Write the files by which clients check another, such as x.aar.sha256."""
    for name in ALGORITHMS:
        path.with_name(f"{path.name}.{name}").write_text(digest(path, name))


def digest(path: Path, algorithm: str) -> str:
    """Give hex digits of a file's checksum."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, algorithm).hexdigest()


def main() -> None:
    """Read the spec named on the command line."""
    spec, out = map(Path, sys.argv[1:])
    write_repository(json.loads(spec.read_text()), out)


if __name__ == "__main__":
    main()
