"""Weights from a seed, for when published ones cannot be had or are not needed."""

from dataclasses import dataclass
from math import sqrt

import torch
from torch import Tensor, nn

from convert.errors import ConvertError
from convert.random_bits import random_grid

_NORMS = (nn.BatchNorm2d, nn.GroupNorm, nn.LayerNorm)
_FILTERS = (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)


@dataclass(frozen=True)
class Seeding:
    """What a network may ask for by an attribute `SEEDING` (a dict of these fields).

    A deep network of random filters can be chaotic: each layer amplifies a change of its input, and float32's
    rounding reaches 1e-4 of the output where a trained network's is at 1e-6. Two things calm it without making
    the output constant: filters that lean to positive values by a part of their range, and norms that shift
    smooth activations into their nearly linear part. Measured per network, see its README.
    """

    lean: float = 0.0
    norm_shift: tuple[float, float] = (-0.25, 0.25)


def seed_weights(model: nn.Module, seed: str) -> None:
    """Fill all parameters in place; each depends on the seed and its own name only.

    Filters are uniform with He et al.'s variance (arXiv:1502.01852), which keeps the scale through layers
    with rectifiers. Depthwise filters lean to positive values, as trained ones do: with a mean of zero they
    are edge detectors stacked on edge detectors, which amplified a change of the input 50 times over
    MobileNetV2 (now once) and put float32 rounding at 9e-6 of the output (now 1.3e-6). Norms get a scale
    around 1 and a small shift, so that folding them into a convolution wrongly shows. Running statistics
    are left to `calibration.calibrate`.
    """
    seeding = Seeding(**getattr(model, "SEEDING", {}))
    for path, module in model.named_modules():
        for name, parameter in module.named_parameters(recurse=False):
            low, high = _range(module, path, name, seeding)
            values = random_grid(f"{seed}/{path}.{name}", tuple(parameter.shape), low, high)
            with torch.no_grad():
                parameter.copy_(torch.from_numpy(values))


def _range(module: nn.Module, path: str, name: str, seeding: Seeding) -> tuple[float, float]:
    """Give the range of a parameter's uniform distribution."""
    if isinstance(module, _NORMS):
        return (0.5, 1.5) if name == "weight" else seeding.norm_shift
    if isinstance(module, _FILTERS):
        if name == "bias":
            return (-0.1, 0.1)
        bound = sqrt(6 / _fan_in(module))
        if _is_depthwise(module):
            return (-bound / 2, 3 * bound / 2)
        return (-bound * (1 - seeding.lean), bound * (1 + seeding.lean))
    raise ConvertError(
        f'Cannot seed "{path}.{name}": no rule for {type(module).__name__}',
        "Add the rule to models/convert/seeding.py or use published weights",
    )


def _is_depthwise(module: nn.Module) -> bool:
    return isinstance(module, nn.Conv2d) and 1 < module.groups == module.in_channels


def _fan_in(module: nn.Module) -> int:
    """Count the inputs that add up to one output."""
    weight: Tensor = module.get_parameter("weight")
    if isinstance(module, nn.ConvTranspose2d):
        return weight.shape[0] // module.groups * weight[0, 0].numel()
    return weight[0].numel()
