"""The bisection: faults seeded into networks, on a device that the CPU stands in for, and on Vulkan."""

import io
import json
import os
import subprocess
import sys
import tempfile
import unittest
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import torch
from torch import Tensor, nn

from convert.tensor_file import write_tensor
from graph.bisect import GraphDevice, bisect, lines_of, report_of
from graph.bisect.__main__ import files_of, input_of, main
from graph.bisect.seeded import MODELS, REQUIRED_RATE, networks, outcomes, rate_of
from graph.errors import InputError, ModelFileError
from graph.faults import FAULTS, FaultyDevice, one_nan, scaled
from graph.ir import Graph, Node
from graph.load import graph_of

CPU = GraphDevice("cpu")


class Small(nn.Module):
    """Two convolutions with an activation and a shortcut."""

    def __init__(self) -> None:
        """Build the layers."""
        super().__init__()
        self.first = nn.Conv2d(3, 8, 3, padding=1)
        self.second = nn.Conv2d(8, 8, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """Run the layers."""
        y = torch.relu(self.first(x))
        return y + torch.sigmoid(self.second(y))


def small() -> tuple[Graph, list[Tensor]]:
    """Give its graph and inputs."""
    torch.manual_seed(0)
    inputs = [torch.rand(1, 3, 9, 11)]
    with torch.no_grad():
        return graph_of(torch.jit.trace(Small().eval(), tuple(inputs)), inputs), inputs


class RefusingDevice(GraphDevice):
    """Refuses one operator."""

    def run(self, graph: Graph, node: Node, values: object) -> tuple[Tensor, ...]:
        if node.op == "aten::sigmoid":
            raise RuntimeError("Traceback of TorchScript:\nRuntimeError: no sigmoid here\n")
        return super().run(graph, node, values)


class Bisect(unittest.TestCase):
    """bisect()."""

    def test_a_right_device_has_no_finding(self) -> None:
        graph, inputs = small()
        finding = bisect(graph, inputs, CPU)
        self.assertIsNone(finding.first)
        self.assertEqual(lines_of(finding), ["all 5 operators agree with the CPU"])

    def test_fed_only_the_broken_operator_differs_and_free_all_that_follow(self) -> None:
        graph, inputs = small()
        broken = graph.nodes[1]
        finding = bisect(graph, inputs, FaultyDevice(CPU, broken, scaled))
        self.assertEqual([node for node, _ in finding.fed], [broken])
        self.assertEqual(next(node for node, _ in finding.free), broken)
        self.assertGreater(len(finding.free), 1)
        self.assertIs(finding.first, broken)

    def test_nan_is_a_difference(self) -> None:
        graph, inputs = small()
        finding = bisect(graph, inputs, FaultyDevice(CPU, graph.nodes[0], one_nan))
        self.assertIs(finding.first, graph.nodes[0])
        self.assertIn("NaN", finding.fed[0][1].reason or "")

    def test_an_operator_that_is_refused_differs_and_the_rest_goes_on(self) -> None:
        graph, inputs = small()
        finding = bisect(graph, inputs, RefusingDevice("cpu"))
        self.assertEqual(
            [(node.op, found.reason) for node, found in finding.free],
            [("aten::sigmoid", "RuntimeError: no sigmoid here")],
        )

    def test_what_only_happens_in_the_whole_model_is_told(self) -> None:
        graph, inputs = small()

        class Tired(GraphDevice):
            """Breaks what comes after many calls."""

            calls = 0

            def run(self, graph: Graph, node: Node, values: object) -> tuple[Tensor, ...]:
                self.calls += 1
                made = super().run(graph, node, values)
                # Each node is run fed, then free.
                return (made[0] * 2,) if self.calls == 6 else made

        finding = bisect(graph, inputs, Tired("cpu"))
        self.assertEqual(finding.fed, ())
        self.assertIs(finding.first, graph.nodes[2])
        self.assertIn(
            "no operator differs by itself: errors add up, or depend on what ran before", lines_of(finding)
        )


class Report(unittest.TestCase):
    """What is written."""

    def test_it_names_operator_shapes_source_and_error(self) -> None:
        graph, inputs = small()
        finding = bisect(graph, inputs, FaultyDevice(CPU, graph.nodes[2], scaled))
        text = "\n".join(lines_of(finding))
        self.assertIn("first to differ: aten::conv2d", text)
        self.assertIn("1x8x9x11, 8x8x3x3, 8", text)
        self.assertIn("second", text)
        self.assertIn("off by 1.0e-02 of its scale", text)
        report = json.loads(json.dumps(report_of(finding, 1e-4)))
        self.assertEqual((report["schema"], report["ok"], report["first"]["op"]), (1, False, "aten::conv2d"))
        self.assertAlmostEqual(report["first"]["fed"]["error"], 0.01, places=4)


class Faults(unittest.TestCase):
    """The faults themselves."""

    def test_each_changes_some_value_and_no_shape(self) -> None:
        for name, fault in FAULTS.items():
            for shape in ((1, 6, 7, 5), (1, 10), (3, 4, 5), (7,)):
                with self.subTest(name, shape=shape):
                    x = torch.linspace(0.1, 1, int(torch.tensor(shape).prod())).reshape(shape)
                    kept = x.clone()
                    changed = fault(x)
                    self.assertEqual(changed.shape, x.shape)
                    self.assertFalse(torch.equal(changed, x))
                    self.assertTrue(torch.equal(x, kept), "it changed its argument")


class Rate(unittest.TestCase):
    """How often the right operator is named."""

    def test_seeded_faults_are_named(self) -> None:
        # Deep networks in full are what `python3 -m graph.bisect.seeded` is for.
        small_ones = networks(models=["mask_refiner"], blocks=12)
        found = list(outcomes(small_ones, CPU, faults=60, per_network=5))
        print(f"bisect: {rate_of(found):.1%} of {len(found)} seeded faults named right")
        self.assertGreaterEqual(len(found), 50)
        self.assertGreaterEqual(
            rate_of(found), REQUIRED_RATE, "\n".join(str(one) for one in found if not one.right)
        )

    def test_every_model_has_a_place(self) -> None:
        folder = Path(__file__).parent.parent
        names = {file.parent.name for file in folder.glob("*/model.py")}
        self.assertEqual(names, set(MODELS))


class Command(unittest.TestCase):
    """python3 -m graph.bisect."""

    def test_inputs_are_shapes_or_tensor_files(self) -> None:
        self.assertEqual(tuple(input_of("1,3,4,5", 0).shape), (1, 3, 4, 5))
        self.assertTrue(torch.equal(input_of("2x3", 1), input_of("2x3", 1)))
        with tempfile.TemporaryDirectory() as folder:
            header = Path(folder) / "x.json"
            write_tensor(header, "x", torch.arange(6.0).reshape(2, 3).numpy())
            self.assertTrue(torch.equal(input_of(str(header), 0), torch.arange(6.0).reshape(2, 3)))
        for text in ("one", "0,3", "missing.json"):
            with self.assertRaises(InputError):
                input_of(text, 0)

    def test_a_bad_file_is_one_sentence_and_exit_code_1(self) -> None:
        code, out = self.run_main(["none.pt", "--input", "1,3,4,4", "--plugin", "none.so"])
        self.assertEqual(code, 1)
        self.assertIn('error: Cannot read "none.pt": no such file\nhint: ', out)

    def test_a_bad_input_is_exit_code_2(self) -> None:
        code, out = self.run_main(["none.pt", "--input", "one", "--plugin", "none.so"])
        self.assertEqual(code, 2)
        self.assertIn('Cannot use input "one"', out)

    def test_a_folder_gives_its_plain_file_and_golden_inputs(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            fields = {"files": {"plain": "x.pt"}, "golden": [{"inputs": ["golden/a.json"]}]}
            (folder / "model.json").write_text(json.dumps(fields))
            self.assertEqual(files_of(folder, 0), (folder / "x.pt", [str(folder / "golden/a.json")]))
            with self.assertRaisesRegex(InputError, "sample 1: there are 1"):
                files_of(folder, 1)
            (folder / "model.json").unlink()
            with self.assertRaisesRegex(ModelFileError, "no model.json"):
                files_of(folder, 0)

    @unittest.skipUnless("VKFORGE_PLUGIN" in os.environ, "VKFORGE_PLUGIN is not set")
    def test_a_model_on_vulkan_agrees(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            model, report = Path(folder) / "small.pt", Path(folder) / "report.json"
            with torch.no_grad():
                torch.jit.trace(Small().eval(), torch.rand(1, 3, 9, 11)).save(str(model))
            command = [sys.executable, "-m", "graph.bisect", str(model), "--input", "1,3,9,11"]
            command += ["--plugin", os.environ["VKFORGE_PLUGIN"], "--json", str(report)]
            ran = subprocess.run(command, capture_output=True, text=True, check=False)
            self.assertEqual(
                (ran.returncode, ran.stdout), (0, "all 5 operators agree with the CPU\n"), ran.stderr
            )
            self.assertTrue(json.loads(report.read_text())["ok"])

    def run_main(self, arguments: list[str]) -> tuple[int, str]:
        errors = io.StringIO()
        with redirect_stderr(errors), redirect_stdout(io.StringIO()):
            code = main(arguments)
        return code, errors.getvalue()


if __name__ == "__main__":
    unittest.main()
