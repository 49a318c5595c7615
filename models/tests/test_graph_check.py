"""The check step: what it writes for a file that can be mended, and for one that cannot be used."""

import json
import tempfile
import unittest
from pathlib import Path
from typing import Any

import torch
from torch import nn

from graph.check import main
from graph.load import load_module


class Check(unittest.TestCase):
    """Runs of the step."""

    def setUp(self) -> None:
        """Save a module that upstream's backend gets wrong."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        torch.manual_seed(0)
        module = nn.Sequential(
            nn.Conv2d(4, 8, 3, padding=2, dilation=2), nn.SiLU(), nn.MaxPool2d(3, 2, 1)
        ).eval()
        self.file = self.folder / "net.pt"
        torch.jit.trace(module, torch.zeros(1, 4, 9, 9)).save(str(self.file))

    def run_step(self, *words: str) -> dict[str, Any]:
        """Give check.json."""
        out = self.folder / "out"
        self.assertEqual(main(["--model", str(self.file), "--out", str(out), *words]), 0)
        return json.loads((out / "check.json").read_text())

    def test_each_operator_has_its_verdict_and_its_rewrite(self) -> None:
        report = self.run_step("--input", "1,4,9,9", "--runtime", "stock")
        self.assertEqual((report["ok"], report["mendable"]), (False, True))
        found = [(row["op"], row["verdict"], row["rewrites"]) for row in report["operators"]]
        self.assertEqual(
            found,
            [
                ("aten::conv2d", "wrong", ["dilated-conv-padding"]),
                ("aten::silu", "missing", ["silu-by-sigmoid"]),
                ("aten::max_pool2d", "wrong", ["max-pool-border"]),
            ],
        )

    def test_the_patched_runtime_is_right(self) -> None:
        self.assertTrue(self.run_step("--input", "1,4,9,9")["ok"])

    def test_the_mended_file_computes_the_same(self) -> None:
        fix = self.run_step("--input", "1,4,9,9", "--runtime", "stock", "--fix")["fix"]
        self.assertTrue(fix["equal"])
        x = torch.randn(1, 4, 9, 9)
        mended = load_module(self.folder / "out" / "mended.pt")
        self.assertTrue(torch.allclose(mended(x), load_module(self.file)(x), atol=1e-5))

    def test_a_wrong_shape_is_told_with_its_exit_code(self) -> None:
        error = self.run_step("--input", "1,5,9,9")["error"]
        self.assertEqual(error["exitCode"], 2)
        self.assertIn("cannot take inputs of 1x5x9x9", error["message"])

    def test_a_file_that_cannot_be_used_is_told_with_its_exit_code(self) -> None:
        self.file.write_text("text")
        error = self.run_step()["error"]
        self.assertEqual((error["exitCode"], error["detail"]), (1, ""))


if __name__ == "__main__":
    unittest.main()
