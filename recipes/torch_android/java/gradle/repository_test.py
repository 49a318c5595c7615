"""Tests of repository.py.

python3 -m unittest recipes/torch_android/java/gradle/repository_test.py
"""

import sys
import tempfile
import unittest
from pathlib import Path
from xml.etree import ElementTree

sys.path.insert(0, str(Path(__file__).parent))
from repository import lay_out

NAME = "{https://schema.gradle.org/dependency-verification}"
LOCK = {
    "files": [
        {"repository": "central", "path": "org/x/y/1.0/y-1.0.jar", "sha256": "aa"},
        {"repository": "central", "path": "org/x/y/1.0/y-1.0.pom", "sha256": "bb"},
        {"repository": "google", "path": "a&b/z/2/z-2.pom", "sha256": "cc"},
    ]
}


class LayOutTest(unittest.TestCase):
    """Behaviour of lay_out()."""

    def setUp(self) -> None:
        """Lay a lock of two modules out."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.out = Path(folder.name, "out")
        files = Path(folder.name, "files")
        for file in LOCK["files"]:
            path = files / file["path"]
            path.mkdir(parents=True)
            (path / path.name).write_text(file["sha256"])
        lay_out(LOCK, files, self.out)

    def test_puts_files_where_clients_look(self) -> None:
        self.assertEqual((self.out / "repository/org/x/y/1.0/y-1.0.pom").read_text(), "bb")

    def test_lists_checksums_as_gradle_reads_them(self) -> None:
        root = ElementTree.parse(self.out / "verification-metadata.xml").getroot()
        self.assertEqual(root.findtext(f"{NAME}configuration/{NAME}verify-metadata"), "true")
        components = {
            (one.get("group"), one.get("name"), one.get("version")): {
                artifact.get("name"): artifact.find(f"{NAME}sha256").get("value")
                for artifact in one.iter(f"{NAME}artifact")
            }
            for one in root.iter(f"{NAME}component")
        }
        self.assertEqual(
            components,
            {
                ("org.x", "y", "1.0"): {"y-1.0.jar": "aa", "y-1.0.pom": "bb"},
                ("a&b", "z", "2"): {"z-2.pom": "cc"},
            },
        )


if __name__ == "__main__":
    unittest.main()
