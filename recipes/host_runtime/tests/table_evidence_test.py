#!/usr/bin/env python3
"""table_evidence.py on small tables."""

import json
import tempfile
import unittest
from pathlib import Path

from table_evidence import NOT_SHOWN, SPECIAL, collect, names_to_show


def row(name: str, kind: str, patch: str) -> dict:
    return {"family": "f", "op": "o", "name": name, "form": "eager", "patch": patch, "kind": kind, "good": kind == "right"}


class Evidence(unittest.TestCase):
    """Which patches are shown."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def table(self, name: str, *rows: dict) -> Path:
        path = self.folder / name
        path.write_text(json.dumps({"rows": rows}))
        return path

    def problem(self, before: str, after: str) -> str | None:
        stock, patched = self.table("s", row("a", before, "0010-x")), self.table("p", row("a", after, "0010-x"))
        return collect(["0010-x"], [stock], [patched])["0010-x"].problem

    def test_wrong_before_and_right_after_shows(self) -> None:
        self.assertIsNone(self.problem("wrong", "right"))

    def test_right_before_shows_nothing(self) -> None:
        self.assertIn("stock gets all 1 rows right", self.problem("right", "right") or "")

    def test_wrong_after_is_told(self) -> None:
        self.assertIn("fails 1 rows: f/o/a/eager", self.problem("wrong", "wrong") or "")

    def test_a_patch_that_no_row_names_is_told(self) -> None:
        self.assertIn("no row", collect(["0011-y"], [], [])["0011-y"].problem or "")

    def test_names_leave_out_patches_shown_elsewhere_or_not_at_all(self) -> None:
        for name in (*SPECIAL, *NOT_SHOWN, "0010-x"):
            (self.folder / f"{name}.patch").touch()
        (self.folder / "vkf_a.cpp").write_text("TORCH_LIBRARY_IMPL(aten, Vulkan, m)")
        (self.folder / "vkf_shared.cpp").write_text("int shared;")
        self.assertEqual(names_to_show(self.folder, self.folder), ["0010-x", "vkf_a"])


if __name__ == "__main__":
    unittest.main()
