"""Tests of maven_repository.py.

python3 -m unittest recipes/aar/maven_repository_test.py
"""

import hashlib
import json
import sys
import tempfile
import unittest
from pathlib import Path
from xml.etree import ElementTree

sys.path.insert(0, str(Path(__file__).parent))
from maven_repository import write_repository

POM = "{http://maven.apache.org/POM/4.0.0}"


class WriteRepositoryTest(unittest.TestCase):
    """Behaviour of write_repository()."""

    def setUp(self) -> None:
        """Write a repository of one module."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        for name in ("x.aar", "s.jar", "d.jar", "dep.pom"):
            (self.root / name).write_text(name)
        self.spec = {
            "modules": [
                {
                    "group": "com.example",
                    "artifact": "x",
                    "version": "1.0",
                    "name": "X & Y",
                    "description": "<x>",
                    "url": "https://example.com",
                    "licence": {"name": "BSD-3-Clause", "url": "https://example.com/l"},
                    "files": {
                        "aar": str(self.root / "x.aar"),
                        "sources": str(self.root / "s.jar"),
                        "javadoc": str(self.root / "d.jar"),
                    },
                    "dependencies": [{"group": "g", "artifact": "dep", "version": "2"}],
                }
            ],
            "copies": [{"path": "g/dep/2/dep-2.pom", "file": str(self.root / "dep.pom")}],
        }
        self.out = self.root / "out"
        write_repository(self.spec, self.out)
        self.folder = self.out / "com/example/x/1.0"

    def test_lays_files_out_as_clients_look_for_them(self) -> None:
        names = {
            path.name for path in self.folder.iterdir() if path.suffix in (".aar", ".jar", ".pom", ".module")
        }
        self.assertEqual(
            names, {"x-1.0.aar", "x-1.0-sources.jar", "x-1.0-javadoc.jar", "x-1.0.pom", "x-1.0.module"}
        )
        self.assertEqual((self.out / "g/dep/2/dep-2.pom").read_text(), "dep.pom")

    def test_writes_a_pom_with_dependencies(self) -> None:
        pom = ElementTree.parse(self.folder / "x-1.0.pom").getroot()
        self.assertEqual(pom.findtext(f"{POM}packaging"), "aar")
        self.assertEqual(pom.findtext(f"{POM}name"), "X & Y")
        dependency = pom.find(f"{POM}dependencies/{POM}dependency")
        assert dependency is not None
        self.assertEqual([child.text for child in dependency], ["g", "dep", "2", "runtime"])

    def test_names_the_type_of_a_dependency_that_is_no_jar(self) -> None:
        self.spec["modules"][0]["dependencies"] = [
            {"group": "g", "artifact": "aar", "version": "3", "type": "aar"}
        ]
        again = self.root / "typed"
        write_repository(self.spec, again)
        pom = ElementTree.parse(again / "com/example/x/1.0/x-1.0.pom").getroot()
        self.assertEqual(pom.findtext(f"{POM}dependencies/{POM}dependency/{POM}type"), "aar")

    def test_writes_metadata_for_gradle(self) -> None:
        document = json.loads((self.folder / "x-1.0.module").read_text())
        api, runtime = document["variants"]
        self.assertNotIn("dependencies", api)
        self.assertEqual(runtime["dependencies"][0]["module"], "dep")
        self.assertEqual(api["files"][0]["sha256"], hashlib.sha256(b"x.aar").hexdigest())

    def test_lists_versions(self) -> None:
        document = ElementTree.parse(self.out / "com/example/x/maven-metadata.xml").getroot()
        self.assertEqual([one.text for one in document.iter("version")], ["1.0"])

    def test_writes_checksums_of_every_file_and_of_none_of_them_again(self) -> None:
        files = [path for path in self.out.rglob("*") if path.is_file()]
        sums = {".md5", ".sha1", ".sha256", ".sha512"}
        plain = [path for path in files if path.suffix not in sums]
        self.assertEqual(len(files), len(plain) * 5)
        for path in plain:
            expected = hashlib.sha1(path.read_bytes()).hexdigest()
            self.assertEqual(path.with_name(path.name + ".sha1").read_text(), expected)

    def test_writes_the_same_bytes_again(self) -> None:
        again = self.root / "again"
        write_repository(self.spec, again)
        for path in self.out.rglob("*"):
            if path.is_file():
                self.assertEqual(path.read_bytes(), (again / path.relative_to(self.out)).read_bytes())


if __name__ == "__main__":
    unittest.main()
