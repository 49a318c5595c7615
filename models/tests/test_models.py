"""Every network: the published parameters, and seeded weights under which a comparison means something."""

import copy
import unittest
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from convert.interface import InputSpec
from convert.network import new_model, seed_and_calibrate

# Small pictures: scales hold at any size, and float64 is slow.
INPUTS = {
    "mobilenet_v2": ("input:1x3x64x64:imagenet",),
    "yolov5s": ("image:1x3x64x64:unit",),
    "detnet": ("image:1x3x32x32:unit",),
    "deeplabv3_resnet50": ("image:1x3x33x33:imagenet",),
    "animeganv2": ("image:1x3x32x32:symmetric",),
    "mask_refiner": ("picture:1x3x32x48:unit", "mask:1x1x8x12:mask"),
}
FOLDER = Path(__file__).parent


class StateDict(unittest.TestCase):
    """`state_dict()` against the list of names, shapes and dtypes that published weights have."""

    def test_every_model_has_its_list(self) -> None:
        names = {file.parent.name for file in FOLDER.parent.glob("*/model.py")}
        self.assertEqual(names, set(INPUTS))
        self.assertEqual(
            names, {file.name.removesuffix("_state_dict.txt") for file in FOLDER.glob("*_state_dict.txt")}
        )

    def test_names_shapes_and_dtypes_are_the_published_ones(self) -> None:
        for name in INPUTS:
            with self.subTest(name):
                expected = (FOLDER / f"{name}_state_dict.txt").read_text().splitlines()
                actual = [
                    f"{key} {list(tensor.shape)} {str(tensor.dtype).removeprefix('torch.')}"
                    for key, tensor in new_model(name).state_dict().items()
                ]
                self.assertEqual(actual, expected)


class Health(unittest.TestCase):
    """Seeded weights: float32's rounding stays small, and outputs depend on the input."""

    def test_rounding_stays_small_and_outputs_follow_the_input(self) -> None:
        for name, texts in INPUTS.items():
            with self.subTest(name):
                specs = [InputSpec.parse(text) for text in texts]
                model = new_model(name)
                seed_and_calibrate(model, specs, "0")
                exact = copy.deepcopy(model).double()
                first, second = (
                    [torch.from_numpy(spec.sample("golden", k)) for spec in specs] for k in (0, 1)
                )
                for output, other, rounded in zip(
                    run(exact, [x.double() for x in first]),
                    run(exact, [x.double() for x in second]),
                    run(model, first),
                    strict=True,
                ):
                    scale = float(output.abs().max())
                    self.assertTrue(1e-3 < scale < 1e4, f"scale {scale}")
                    self.assertLess(float((rounded - output).abs().max()) / scale, 1e-4)
                    self.assertGreater(float((other - output).abs().max()) / scale, 1e-3)

    def test_activations_neither_vanish_nor_explode(self) -> None:
        for name, texts in INPUTS.items():
            with self.subTest(name):
                specs = [InputSpec.parse(text) for text in texts]
                model = new_model(name)
                seed_and_calibrate(model, specs, "0")
                scales = activation_scales(
                    model, [torch.from_numpy(spec.sample("golden", 0)) for spec in specs]
                )
                self.assertGreater(min(scales), 1e-4)
                self.assertLess(max(scales), 1e4)


def run(model: nn.Module, inputs: list[Tensor]) -> list[Tensor]:
    """Give the outputs as a list."""
    with torch.inference_mode():
        result = model(*inputs)
    return [result] if isinstance(result, Tensor) else list(result)


def activation_scales(model: nn.Module, inputs: list[Tensor]) -> list[float]:
    """Give the largest magnitude of every convolution's output."""
    scales: list[float] = []
    hooks = [
        module.register_forward_hook(lambda _m, _i, output: scales.append(float(output.abs().max())))
        for module in model.modules()
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d)
    ]
    run(model, inputs)
    for hook in hooks:
        hook.remove()
    assert np.isfinite(scales).all()
    return scales


if __name__ == "__main__":
    unittest.main()
