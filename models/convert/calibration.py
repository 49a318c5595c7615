"""Running statistics for seeded weights, so that every layer's output has a healthy scale.

Without them a deep network of random filters decays to a constant or overflows, and comparing a constant
with a constant proves nothing.

The statistics are part of the weights, so they must not depend on the machine. Hence activations are
rounded to multiples of 2^-12 in front of every filter and norm: products with weights on a grid of 2^-20
then add up exactly in float64, in whatever order a library chooses. Means and variances come from integer
sums and exact fractions. The norm is applied in single IEEE operations, because a kernel that fuses them
rounds differently, and a value that lies half-way between two multiples then goes the other way: measured
between ATen's baseline and AVX2 kernels. What is left are transcendental activations, whose last bit may
differ; statistics are kept to fewer bits than that could reach.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import frexp, sqrt

import torch
from torch import Tensor, nn

_GRID = 2**12
_KEPT_BITS = 10
_SMALLEST_VARIANCE = Fraction(1, 2**10)


def calibrate(model: nn.Module, inputs: Sequence[Tensor]) -> None:
    """Set the running statistics of each BatchNorm2d to those of its input for a batch, first layer first.

    `model` must be in evaluation mode and float64 (see `copy.deepcopy(model).double()`). One pass suffices,
    since each norm is set just before it runs.
    """
    hooks = []
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            hooks.append(module.register_forward_pre_hook(_set_statistics))
            hooks.append(module.register_forward_hook(_apply_statistics))
        elif next(module.parameters(recurse=False), None) is not None:
            hooks.append(module.register_forward_pre_hook(_on_grid))
    try:
        with torch.inference_mode():
            model(*inputs)
    finally:
        for hook in hooks:
            hook.remove()


def _on_grid(_: nn.Module, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return tuple((x * _GRID).round() / _GRID for x in inputs)


def _set_statistics(norm: nn.Module, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    (x,) = _on_grid(norm, inputs)
    steps = (x * _GRID).to(torch.int64)
    count = steps.numel() // steps.shape[1]
    sums = steps.sum(dim=(0, 2, 3)).tolist()
    squares = (steps * steps).sum(dim=(0, 2, 3)).tolist()
    moments = [_moments(total, square, count) for total, square in zip(sums, squares, strict=True)]
    norm.get_buffer("running_mean").copy_(torch.tensor([mean for mean, _ in moments]))
    norm.get_buffer("running_var").copy_(torch.tensor([variance for _, variance in moments]))
    return (x,)


def _apply_statistics(norm: nn.BatchNorm2d, inputs: tuple[Tensor, ...], _: Tensor) -> Tensor:
    (x,) = inputs
    scale = norm.weight / (norm.running_var + norm.eps).sqrt()
    mean, scale, shift = (v.reshape(1, -1, 1, 1) for v in (norm.running_mean, scale, norm.bias))
    return (x - mean) * scale + shift


def _moments(total: int, square: int, count: int) -> tuple[float, float]:
    """Give mean and variance from exact sums over values counted in steps of the grid."""
    mean = Fraction(total, count)
    variance = float(max((Fraction(square, count) - mean**2) / _GRID**2, _SMALLEST_VARIANCE))
    return _rounded(float(mean / _GRID), sqrt(variance)), _rounded(variance, variance)


def _rounded(value: float, scale: float) -> float:
    """Round to `_KEPT_BITS` below the leading bit of `scale`."""
    step = 2.0 ** (frexp(scale)[1] - _KEPT_BITS)
    return round(value / step) * step
