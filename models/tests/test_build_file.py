"""Files that users bring: what is made of a good one, and one clear sentence for each bad one."""

import contextlib
import io
import json
import os
import tempfile
import unittest
import zipfile
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.mobile_optimizer import optimize_for_mobile

from convert import build_file
from convert.forms import load_form
from convert.tensor_file import read_tensor


class Net(nn.Module):
    """A convolution without a bias in front of a norm, which torch's own optimiser folds wrongly."""

    def __init__(self) -> None:
        """Build the layers with a norm that does something."""
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, bias=False)
        self.norm = nn.BatchNorm2d(4)
        nn.init.uniform_(self.norm.running_mean, -1, 1)
        nn.init.uniform_(self.norm.bias, -1, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Run both."""
        return self.norm(self.conv(x)).relu()


class Two(nn.Module):
    """Two inputs, two outputs."""

    def forward(self, x: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return both."""
        return x * mask, torch.sigmoid(x)


class Dictionary(nn.Module):
    """An output that cannot be compared by place."""

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Return a dictionary."""
        return {"y": x + 1}


class Flow(nn.Module):
    """Control flow that depends on values."""

    def forward(self, x: Tensor) -> Tensor:
        """Take one of two paths."""
        if bool(x.sum() > 0):
            return x * 2
        return x - 1


class BuildFile(unittest.TestCase):
    """`convert.build_file`."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        torch.manual_seed(0)

    def traced(self, model: nn.Module, *shapes: tuple[int, ...]) -> Path:
        """Trace a model and save it."""
        file = self.folder / "net.pt"
        torch.jit.trace(model.eval(), tuple(torch.rand(shape) for shape in shapes), strict=False).save(
            str(file)
        )
        return file

    def build(self, file: Path, *shapes: str) -> tuple[int, str]:
        """Run the step; give the exit code and what it says."""
        inputs = [part for shape in shapes for part in ("--input", shape)]
        said = io.StringIO()
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
            code = build_file.main(
                ["net", "--file", str(file), *inputs, "--samples", "5", "--out", str(self.folder / "out")]
            )
        return code, said.getvalue()

    def refused(self, file: Path, *shapes: str) -> str:
        """Build in vain; give the sentence, after making sure that there is one hint and no stack."""
        code, said = self.build(file, *shapes)
        self.assertEqual(code, 1)
        self.assertRegex(said, r"^error: [^\n]+\nhint: [^\n]+\n$")
        return said.splitlines()[0].removeprefix("error: ")

    def test_a_traced_file_gets_forms_and_a_float64_reference(self) -> None:
        model = Net()
        self.assertEqual(self.build(self.traced(model, (1, 3, 8, 9)), "1x3x8x9"), (0, ""))
        out = self.folder / "out"
        described = json.loads((out / "model.json").read_text())
        self.assertEqual(described["reference"], "float64")
        self.assertEqual(
            described["outputs"], [{"name": "output", "dtype": "float32", "shape": [1, 4, 6, 7]}]
        )
        for index in ("", "1", "4"):
            given = torch.from_numpy(read_tensor(out / f"golden/input{index}.json"))
            expected = copy_in_float64(model)(given.double()).float().detach().numpy()
            np.testing.assert_array_equal(read_tensor(out / f"golden/output{index}.json"), expected)
            for form in ("net.pt", "net_cpu.pt", "net.ptl"):
                with torch.inference_mode():
                    actual = load_form(out / form)(given).numpy()
                np.testing.assert_allclose(actual, expected, atol=1e-5 * max(1, np.abs(expected).max()))

    def test_several_inputs_and_outputs_are_lettered(self) -> None:
        file = self.traced(Two(), (1, 3, 4, 4), (1, 1, 4, 4))
        self.assertEqual(self.build(file, "1x3x4x4", "1x1x4x4"), (0, ""))
        described = json.loads((self.folder / "out/model.json").read_text())
        self.assertEqual([entry["name"] for entry in described["inputs"]], ["input_a", "input_b"])
        self.assertEqual([entry["name"] for entry in described["outputs"]], ["output_a", "output_b"])

    def test_other_files_are_told_apart(self) -> None:
        model = Net().eval()
        text, weights, lite = (self.folder / name for name in ("a.pt", "b.pt", "c.ptl"))
        text.write_text("hello\n" * 10)
        torch.save(model.state_dict(), weights)
        traced = torch.jit.trace(model, torch.rand(1, 3, 8, 8))
        traced._save_for_lite_interpreter(str(lite))
        packed = self.folder / "d.pt"
        optimize_for_mobile(traced).save(str(packed))
        for file, problem in (
            (text, 'Cannot load "a.pt": it is not a TorchScript file'),
            (weights, 'Cannot load "b.pt": it holds weights or a pickled module, not TorchScript'),
            (
                lite,
                'Cannot use "c.ptl": it is a file for the lite interpreter, whose graph was lowered already',
            ),
        ):
            self.assertEqual(self.refused(file, "1x3x8x8"), problem)
        self.assertIn(
            'Cannot use "d.pt": it was optimised for a backend already (', self.refused(packed, "1x3x8x8")
        )

    def test_a_damaged_file_is_named(self) -> None:
        file = self.traced(Net(), (1, 3, 8, 8))
        whole = file.read_bytes()
        file.write_bytes(whole[: len(whole) // 2])
        self.assertEqual(self.refused(file, "1x3x8x8"), 'Cannot load "net.pt": it is cut short or corrupt')

    def test_an_operator_that_torch_lacks_is_named(self) -> None:
        file = self.traced(Two(), (1, 3, 4, 4), (1, 1, 4, 4))
        other = self.folder / "custom.pt"
        with zipfile.ZipFile(file) as source, zipfile.ZipFile(other, "w") as target:
            for entry in source.infolist():
                data = source.read(entry)
                if entry.filename.endswith(".py"):
                    data = data.replace(b"torch.sigmoid(", b"ops.acme.fancy(")
                target.writestr(entry, data)
        self.assertIn('it uses "acme::fancy", which torch', self.refused(other, "1x3x4x4", "1x1x4x4"))

    def test_what_cannot_be_compared_is_said(self) -> None:
        flow = self.folder / "flow.pt"
        torch.jit.script(Flow()).save(str(flow))
        self.assertIn(
            'Cannot use "flow.pt": its control flow depends on values (prim::If', self.refused(flow, "1x3")
        )
        self.assertIn("its forward gives a dict", self.refused(self.traced(Dictionary(), (1, 3)), "1x3"))

    def test_wrong_inputs_are_said_in_torchs_words(self) -> None:
        file = self.traced(Net(), (1, 3, 8, 8))
        self.assertIn('Cannot run "net.pt" on 1,4,8,8: Given groups=1', self.refused(file, "1x4x8x8"))
        self.assertIn("its forward takes 1 tensors, 2 shapes were given", self.refused(file, "1x3x8x8", "1"))

    def test_torchs_stack_comes_only_when_asked_for(self) -> None:
        file = self.traced(Net(), (1, 3, 8, 8))
        os.environ["VKFORGE_TRACEBACK"] = "1"
        self.addCleanup(os.environ.pop, "VKFORGE_TRACEBACK")
        self.assertIn("Traceback (most recent call last)", self.build(file, "1x4x8x8")[1])


def copy_in_float64(model: nn.Module) -> nn.Module:
    """Give a copy in float64 and evaluation mode."""
    copied = Net().eval()
    copied.load_state_dict(model.state_dict())
    return copied.double()


if __name__ == "__main__":
    unittest.main()
