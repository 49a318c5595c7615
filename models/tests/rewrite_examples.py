"""For each rewrite a module that needs it on the stock runtime."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Example:
    """A module and the shapes of its inputs."""

    rewrite: str
    module: Callable[[], nn.Module]
    shapes: Sequence[Shape] = ((1, 8, 7, 9),)
    by_luck: bool = False
    """Whether the fault depends on what memory held before, or on which invocation is first."""


class Call(nn.Module):
    """A function as a module."""

    def __init__(self, function: Callable[..., Tensor]) -> None:
        """Keep the function."""
        super().__init__()
        self.function = function

    def forward(self, *inputs: Tensor) -> Tensor:
        """Call it."""
        return self.function(*inputs)


def _call(rewrite: str, function: Callable[..., Tensor], *shapes: Shape, by_luck: bool = False) -> Example:
    return Example(rewrite, lambda: Call(function), shapes or ((1, 8, 7, 9),), by_luck)


def _layer(rewrite: str, module: Callable[[], nn.Module], *shapes: Shape, by_luck: bool = False) -> Example:
    return Example(rewrite, module, shapes or ((1, 8, 7, 9),), by_luck)


EXAMPLES = (
    _call("as-view", lambda x: x.unsqueeze(0).relu(), (8, 7, 9)),
    _call("as-permute", lambda x: x.transpose(1, 3)),
    _call("spread", lambda x: x.mean((2, 3), keepdim=True).expand(1, 8, 5, 6)),
    _call("slices", lambda x: x.unbind(2)[1]),
    _call("slices", lambda x: x[:, 3], (1, 8, 7, 9)),
    _call("pad-by-mode", lambda x: functional.pad(x, (1, 2, 0, 3))),
    _call("pad-by-conv", lambda x: functional.pad(x, (1, 2, 0, 3), value=0.5)),
    _call("pixel-shuffle-by-conv", lambda x: functional.pixel_shuffle(x, 2)),
    _call("channel-shuffle-by-conv", lambda x: torch.channel_shuffle(x, 4)),
    _layer("explicit-padding", lambda: nn.Conv2d(8, 4, 3, padding="same", dilation=2, bias=False)),
    _layer("conv-bias", lambda: nn.Conv2d(8, 4, 3, bias=False)),
    _layer("conv-batch", lambda: nn.Conv2d(8, 4, 3), (2, 8, 7, 9)),
    _layer("grouped-conv", lambda: nn.Conv2d(8, 12, 3, padding=1, groups=4)),
    _layer("grouped-conv", lambda: nn.Conv2d(8, 16, 3, groups=8)),
    _layer("grouped-conv", lambda: nn.ConvTranspose2d(8, 8, 3, 2, 1, groups=2)),
    _layer("dilated-conv-padding", lambda: nn.Conv2d(8, 4, 3, padding=2, dilation=2)),
    _layer("conv1d-as-conv2d", lambda: nn.Conv1d(8, 4, 3, padding=1), (1, 8, 11)),
    _layer("linear-as-conv", lambda: nn.Linear(9, 5), (2, 3, 4, 9)),
    _layer("input-lanes", lambda: nn.Conv2d(3, 4, 3, padding=1), (1, 3, 7, 9), by_luck=True),
    _layer("batch-norm-by-conv", lambda: nn.BatchNorm2d(6), (1, 6, 7, 9)),
    _layer("group-norm-by-batch-norm", lambda: nn.GroupNorm(2, 8)),
    _layer("instance-norm-by-batch-norm", lambda: nn.InstanceNorm2d(8, affine=True)),
    _layer("layer-norm-by-batch-norm", lambda: nn.LayerNorm(9), (1, 8, 9)),
    _layer("max-pool-border", lambda: nn.MaxPool2d(3, 2, 1)),
    _layer("max-pool-border", lambda: nn.MaxPool2d(2, 2, ceil_mode=True)),
    _layer("avg-pool-count", lambda: nn.AvgPool2d(3, 2, 1, count_include_pad=False)),
    _call("mean-by-layout", lambda x: x.mean(1)),
    _call("mean-by-layout", lambda x: x.mean((1, 2)), (4, 5, 6)),
    _call("sum-by-mean", lambda x: x.sum(3, keepdim=True)),
    _call("softmax-by-layout", lambda x: x.softmax(-1)),
    _call("softmax-shift", lambda x: (x * 200).softmax(1)),
    _call(
        "bilinear-of-one-pixel", lambda x: functional.interpolate(x, (5, 6), mode="bilinear"), (1, 8, 1, 1)
    ),
    _call("bilinear-by-conv", lambda x: functional.interpolate(x, scale_factor=2, mode="bilinear")),
    _call(
        "bilinear-by-conv", lambda x: functional.interpolate(x, (10, 5), mode="bilinear", align_corners=True)
    ),
    _call("stack-as-cat", lambda x, y: torch.stack([x, y], 1), (3, 4, 5), (3, 4, 5)),
    _call("cat-constant", lambda x: torch.cat([x, torch.ones(1, 8, 2, 9)], 2)),
    _call("cat-along-height", lambda x, y: torch.cat([x, y], 1), (1, 3, 7, 9), (1, 6, 7, 9), by_luck=True),
    _call("cat-along-height", lambda x, y: torch.cat([x, y], 3), (1, 3, 7, 9), (1, 3, 7, 4)),
    _layer("silu-by-sigmoid", nn.SiLU),
    _layer("elu-by-tanh", nn.ELU),
    _layer("selu-as-elu", nn.SELU),
    _call("exp-by-sigmoid", torch.exp),
    _layer("mish-by-sigmoid", nn.Mish),
    _layer("gelu-by-sigmoid", nn.GELU),
    _layer("gelu-by-sigmoid", lambda: nn.GELU("tanh")),
    _layer("prelu-by-relu", lambda: nn.PReLU(8)),
    _call("scalar-operand", lambda x: x / torch.tensor(3.0)),
    _call("full-constant", lambda x: x * torch.arange(6.0).reshape(1, 6, 1, 1), (2, 6, 7, 9)),
    _call("neg-by-mul", torch.neg),
    _call("rsub-by-mul", lambda x: 1 - x),
    _call("power-by-mul", lambda x: x**2),
    _call("abs-by-relu", torch.abs),
    _call("reciprocal-by-div", lambda x: torch.reciprocal(x + 5)),
    _call("maximum-by-relu", torch.maximum, (1, 8, 7, 9), (1, 8, 7, 9)),
    _call("maximum-by-relu", torch.minimum, (1, 8, 7, 9), (1, 8, 7, 9)),
    _call("clamp-by-bounds", lambda x: x.clamp_min(0.25)),
)
