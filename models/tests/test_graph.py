"""Graphs: what a file becomes, what is refused, and that a graph computes what the file does."""

import io
import tempfile
import unittest
import zipfile
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.utils.mobile_optimizer import optimize_for_mobile

from graph.emit import module_of
from graph.errors import InputError, ModelFileError
from graph.execute import run_graph
from graph.load import graph_of, load_graph, load_module


class Small(nn.Module):
    """Convolution, in-place activations, a list of tensors, numbers from shapes."""

    def __init__(self) -> None:
        """Build the layers."""
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding="same", bias=False)
        self.norm = nn.BatchNorm2d(8)
        self.head = nn.Linear(8, 4)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return scores and a map."""
        y = nn.functional.silu(self.norm(self.conv(x)), inplace=True)
        halves = y.chunk(2, 1)
        y = torch.cat([halves[1], halves[0]], 1)
        scores = self.head(y.mean((2, 3))) / x.shape[2]
        scores += 1
        return scores, y


class Branching(nn.Module):
    """Chooses by rank and repeats by size: both are known once shapes are."""

    def forward(self, x: Tensor) -> Tensor:
        """Return x, doubled a few times."""
        if x.dim() == 3:
            x = x.unsqueeze(0)
        for _ in range(x.shape[1]):
            x = x + x
        return x


class ByValue(nn.Module):
    """Chooses by values."""

    def forward(self, x: Tensor) -> Tensor:
        """Return x or its double."""
        if bool(x.sum() > 0):
            return x
        return x + x


class Dictionary(nn.Module):
    """Returns a dictionary, as torchvision's segmentation models do."""

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Return x by name."""
        return {"out": x.relu()}


class PartWrite(nn.Module):
    """Assigns to a slice and reads the whole."""

    def forward(self, x: Tensor) -> Tensor:
        """Return x with its first channel doubled."""
        y = x * 1.0
        y[:, 0] *= 2
        return y


class ViewWrite(nn.Module):
    """Works in place on a view whose base is not read again."""

    def forward(self, x: Tensor) -> Tensor:
        """Return the rectified view."""
        y = (x + 1).view(1, -1)
        y.relu_()
        return y


def traced(module: nn.Module, *inputs: Tensor) -> torch.jit.ScriptModule:
    """Trace, save and load, as a user's file is."""
    return reloaded(torch.jit.trace(module.eval(), inputs, check_trace=False, strict=False))


def reloaded(module: torch.jit.ScriptModule) -> torch.jit.ScriptModule:
    """Save and load."""
    buffer = io.BytesIO()
    torch.jit.save(module, buffer)
    buffer.seek(0)
    return torch.jit.load(buffer)


X = torch.linspace(-1, 1, 3 * 9 * 7).reshape(1, 3, 9, 7)


class Specialised(unittest.TestCase):
    """What modules become."""

    def test_a_graph_and_its_module_compute_what_the_file_does(self) -> None:
        for form in (traced(Small(), X), reloaded(torch.jit.script(Small().eval()))):
            graph = graph_of(form, [X])
            for outputs in (run_graph(graph, [X]), module_of(graph)(X)):
                for actual, expected in zip(outputs, form(X), strict=True):
                    self.assertTrue(torch.allclose(actual, expected, atol=1e-6))

    def test_nodes_say_what_they_are_and_where_they_come_from(self) -> None:
        graph = graph_of(traced(Small(), X), [X])
        first = graph.nodes[0]
        self.assertEqual((first.op, first.overload), ("aten::conv2d", "padding"))
        self.assertEqual(first.output.shape, (1, 8, 9, 7))
        self.assertEqual(first.scope, "conv")
        self.assertRegex(first.source, r"^tests/test_graph\.py:\d+$")
        self.assertNotIn("aten::silu_", [node.op for node in graph.nodes])

    def test_shapes_decide_conditions_and_loops(self) -> None:
        graph = graph_of(torch.jit.script(Branching()), [X[0]])
        self.assertEqual([node.op for node in graph.nodes], ["aten::unsqueeze"] + ["aten::add"] * 3)

    def test_writing_into_a_view_that_alone_is_read(self) -> None:
        graph = graph_of(traced(ViewWrite(), X), [X])
        self.assertTrue(torch.equal(run_graph(graph, [X]), ViewWrite()(X)))

    def test_what_cannot_be_made_straight_is_refused_in_a_sentence(self) -> None:
        cases: list[tuple[Callable[[], torch.jit.ScriptModule], str]] = [
            (lambda: torch.jit.script(ByValue()), "control flow at .* depends on the values of a tensor"),
            (lambda: traced(Dictionary(), X), "returns a dictionary"),
            (lambda: traced(PartWrite(), X), "writes into a part of a tensor that is read again"),
        ]
        for make, sentence in cases:
            with self.subTest(sentence), self.assertRaisesRegex(ModelFileError, sentence) as caught:
                graph_of(make(), [X])
            self.assertNotIn("\n", str(caught.exception))

    def test_inputs_that_do_not_fit(self) -> None:
        module = traced(Small(), X)
        with self.assertRaisesRegex(
            InputError, "cannot take inputs of 1x5x9x7: aten::conv2d at .*test_graph.py"
        ):
            graph_of(module, [torch.zeros(1, 5, 9, 7)])
        with self.assertRaisesRegex(InputError, "takes 1 input, not 2"):
            graph_of(module, [X, X])


class Files(unittest.TestCase):
    """Files that are not what they should be."""

    def setUp(self) -> None:
        """Make a folder with a good file."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.good = self.folder / "good.pt"
        self.module = traced(Small(), X)
        self.module.save(str(self.good))

    def test_a_good_one(self) -> None:
        self.assertEqual(load_graph(self.good, [X]).outputs[0].shape, (1, 4))

    def test_one_with_prepacked_weights(self) -> None:
        optimize_for_mobile(self.module, backend="CPU").save(str(self.folder / "cpu.pt"))
        with self.assertRaisesRegex(ModelFileError, "weights are prepacked for one backend already"):
            load_graph(self.folder / "cpu.pt", [X])

    def test_a_lite_file_that_kept_its_code(self) -> None:
        self.module._save_for_lite_interpreter(str(self.folder / "kept.ptl"))
        self.assertEqual(load_graph(self.folder / "kept.ptl", [X]).outputs[0].shape, (1, 4))

    def test_each_other_is_one_sentence(self) -> None:
        with_code = self.folder / "with_code.ptl"
        self.module._save_for_lite_interpreter(str(with_code))
        with zipfile.ZipFile(with_code) as archive, zipfile.ZipFile(self.folder / "lite.ptl", "w") as lite:
            for entry in archive.infolist():
                if "/code/" not in entry.filename:
                    lite.writestr(entry, archive.read(entry))
        torch.save(Small().state_dict(), self.folder / "weights.pt")
        (self.folder / "text.pt").write_text("hello")
        (self.folder / "empty.pt").write_bytes(b"")
        whole = self.good.read_bytes()
        (self.folder / "short.pt").write_bytes(whole[: len(whole) // 2])
        middle = whole.index(b"data/") + 500
        (self.folder / "flipped.pt").write_bytes(
            whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
        )
        sentences = {
            "lite.ptl": "is for the lite interpreter",
            "weights.pt": "holds Python objects, not TorchScript",
            "text.pt": "is not a TorchScript file",
            "empty.pt": "is empty",
            "short.pt": "is damaged or cut short",
            "flipped.pt": "damaged",
            "none.pt": "no such file",
        }
        for name, sentence in sentences.items():
            with (
                self.subTest(name),
                self.assertRaisesRegex(ModelFileError, f'"{name}".*{sentence}') as caught,
            ):
                load_module(self.folder / name)
            self.assertNotIn("\n", str(caught.exception))


if __name__ == "__main__":
    unittest.main()
