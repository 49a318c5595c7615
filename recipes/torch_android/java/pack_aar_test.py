"""Tests of pack_aar.py.

python3 -m unittest recipes/torch_android/java/pack_aar_test.py
"""

import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from pack_aar import pack_folder, replace_entries


class PackTest(unittest.TestCase):
    """Behaviour of replace_entries() and pack_folder()."""

    def setUp(self) -> None:
        """Make a folder."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def test_replaces_and_adds_entries(self) -> None:
        with zipfile.ZipFile(self.root / "x.aar", "w") as aar:
            aar.writestr("classes.jar", "c")
            aar.writestr("jni/", "")
            aar.writestr("jni/x86/libc++_shared.so", "4 KB")
        for name in ("new", "licence"):
            (self.root / name).write_text(name)
        files = {"jni/x86/libc++_shared.so": self.root / "new", "META-INF/LICENSE": self.root / "licence"}
        replace_entries(self.root / "x.aar", self.root / "y.aar", files)
        with zipfile.ZipFile(self.root / "y.aar") as aar:
            contents = {name: aar.read(name).decode() for name in aar.namelist()}
        self.assertEqual(
            contents, {"classes.jar": "c", "jni/x86/libc++_shared.so": "new", "META-INF/LICENSE": "licence"}
        )

    def test_packs_all_files_of_a_folder(self) -> None:
        (self.root / "in/a/b").mkdir(parents=True)
        (self.root / "in/a/b/c.txt").write_text("c")
        (self.root / "in/z.txt").write_text("z")
        pack_folder(self.root / "in", self.root / "out.jar")
        with zipfile.ZipFile(self.root / "out.jar") as jar:
            self.assertEqual(jar.namelist(), ["a/b/c.txt", "z.txt"])


if __name__ == "__main__":
    unittest.main()
