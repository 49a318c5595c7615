"""The exported forms compute what the network does."""

import tempfile
import unittest
from pathlib import Path

import torch
from small_build import small_build
from torch import nn

from convert import export
from convert.errors import ConvertError
from convert.forms import check_forms, form_error, load_form
from convert.golden import Sample
from convert.tensor_file import read_tensor


class Forms(unittest.TestCase):
    """The files of a build."""

    @classmethod
    def setUpClass(cls) -> None:
        """Read the golden data of the small build."""
        cls.out = small_build()
        cls.sample = Sample(
            {"input": read_tensor(cls.out / "golden/input.json")},
            {"output": read_tensor(cls.out / "golden/output.json")},
        )

    def test_every_form_is_close_to_the_golden_output(self) -> None:
        for name in ("mobilenet_v2.pt", "mobilenet_v2_cpu.pt", "mobilenet_v2.ptl"):
            with self.subTest(name):
                self.assertLess(form_error(self.out / name, self.sample), 1e-5)

    def test_the_lite_form_equals_the_cpu_form_bit_by_bit(self) -> None:
        picture = torch.from_numpy(self.sample.inputs["input"])
        with torch.inference_mode():
            lite = load_form(self.out / "mobilenet_v2.ptl")(picture)
            full = load_form(self.out / "mobilenet_v2_cpu.pt")(picture)
        self.assertTrue(torch.equal(lite, full))

    def test_the_cpu_form_has_its_norms_folded_and_its_convolutions_prepacked(self) -> None:
        operators = export.operators(torch.jit.load(str(self.out / "mobilenet_v2_cpu.pt")))
        self.assertIn("prepacked::conv2d_clamp_run", operators)
        self.assertFalse({"aten::batch_norm", "aten::_convolution", "aten::conv2d"} & set(operators))

    def test_a_form_that_differs_is_refused(self) -> None:
        wrong = Sample(self.sample.inputs, {"output": self.sample.outputs["output"] * 1.001})
        with self.assertRaisesRegex(ConvertError, '"mobilenet_v2.pt" differs from the network by'):
            check_forms([self.out / "mobilenet_v2.pt"], wrong)

    def test_nan_is_refused(self) -> None:
        wrong = Sample(self.sample.inputs, {"output": self.sample.outputs["output"] * float("nan")})
        with self.assertRaises(ConvertError):
            check_forms([self.out / "mobilenet_v2.pt"], wrong)


class Traced(unittest.TestCase):
    """`traced()`."""

    def test_folding_keeps_the_shift_of_a_norm_behind_a_convolution_without_bias(self) -> None:
        net = nn.Sequential(nn.Conv2d(3, 4, 1, bias=False), nn.BatchNorm2d(4)).eval()
        nn.init.uniform_(net[1].bias, 1, 2)
        picture = torch.rand(1, 3, 8, 8)
        with torch.no_grad():
            expected = net(picture)
            ours = export.for_cpu(export.traced(net, [picture]))(picture)
            upstream = export.for_cpu(torch.jit.trace(net, picture))(picture)
        self.assertLess(float((ours - expected).abs().max()), 1e-5)
        # Should this fail, upstream's fault is gone and `_with_biases` has served its time on the CPU.
        self.assertGreater(float((upstream - expected).abs().max()), 0.5)

    def test_the_network_itself_stays_as_it_was(self) -> None:
        net = nn.Sequential(nn.Conv2d(3, 4, 1, bias=False)).eval()
        export.traced(net, [torch.rand(1, 3, 8, 8)])
        self.assertIsNone(net[0].bias)


class LoadVulkanBackend(unittest.TestCase):
    """`load_vulkan_backend()`."""

    def test_a_missing_plug_in_is_named(self) -> None:
        with tempfile.TemporaryDirectory() as folder, self.assertRaisesRegex(ConvertError, "nothing.so"):
            export.load_vulkan_backend(Path(folder) / "nothing.so")


if __name__ == "__main__":
    unittest.main()
