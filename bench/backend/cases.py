"""What is timed: operators that stock gets right, in sizes that networks for phones have, and mobilenet_v2."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True)
class BenchmarkCase:
    """A module and the shapes of its inputs, which lie on the device already."""

    name: str
    module: Callable[[], nn.Module]
    shapes: Sequence[Sequence[int]]
    prepacked: bool = True
    """Runs through optimize_for_mobile, as deployed models do; else as a plain trace."""


class Function(nn.Module):
    """A function of tensors as a module."""

    def __init__(self, function: Callable[..., Any]) -> None:
        """Keep the function."""
        super().__init__()
        self.function = function

    def forward(self, *inputs: Tensor) -> Any:  # noqa: ANN401
        """Call it."""
        return self.function(*inputs)


def _function(name: str, function: Callable[..., Any], *shapes: Sequence[int]) -> BenchmarkCase:
    return BenchmarkCase(name, lambda: Function(function), shapes, prepacked=False)


def _mobilenet_v2() -> nn.Module:
    from mobilenet_v2.model import MobileNetV2

    return MobileNetV2()


def cases() -> list[BenchmarkCase]:
    """Give all cases."""
    map56, map28 = (1, 64, 56, 56), (1, 96, 28, 28)
    convolutions = [
        BenchmarkCase("conv2d 3x3 64", lambda: nn.Conv2d(64, 64, 3, padding=1), [map56]),
        BenchmarkCase("conv2d 3x3 s2 stem", lambda: nn.Conv2d(3, 32, 3, 2, 1), [(1, 3, 224, 224)]),
        BenchmarkCase("conv2d 1x1", lambda: nn.Conv2d(96, 24, 1), [map28]),
        BenchmarkCase("conv2d 1x1 odd", lambda: nn.Conv2d(160, 320, 1), [(1, 160, 7, 7)]),
        BenchmarkCase("conv2d depthwise 3x3", lambda: nn.Conv2d(96, 96, 3, padding=1, groups=96), [map28]),
        BenchmarkCase("conv2d depthwise 5x5 s2", lambda: nn.Conv2d(96, 96, 5, 2, 2, groups=96), [map28]),
        BenchmarkCase("conv2d + relu6", lambda: nn.Sequential(nn.Conv2d(32, 32, 3, padding=1), nn.ReLU6()), [(1, 32, 56, 56)]),
        BenchmarkCase("conv_transpose2d", lambda: nn.ConvTranspose2d(32, 16, 4, 2, 1), [(1, 32, 28, 28)]),
        BenchmarkCase("linear 1280-1000", lambda: nn.Linear(1280, 1000), [(1, 1280)]),
        BenchmarkCase("linear 64x512", lambda: nn.Linear(512, 256), [(64, 512)]),
    ]
    pools = [
        _function("max_pool2d 3x3 s2", lambda x: functional.max_pool2d(x, 3, 2), map56),
        _function("avg_pool2d 2x2", lambda x: functional.avg_pool2d(x, 2), map56),
        _function("adaptive_avg_pool2d 1x1", lambda x: functional.adaptive_avg_pool2d(x, 1), (1, 320, 7, 7)),
        _function("upsample_nearest2d x2", lambda x: functional.interpolate(x, scale_factor=2), map28),
        _function("reflection_pad2d", lambda x: functional.pad(x, (1, 1, 1, 1), "reflect"), map56),
    ]
    elementwise = [
        _function("add", lambda a, b: a + b, map56, map56),
        _function("mul per channel", lambda a, b: a * b, map56, (1, 64, 1, 1)),
        _function("add scalar", lambda x: x + 0.5, map56),
        _function("relu", functional.relu, map56),
        _function("sigmoid", torch.sigmoid, map56),
        _function("tanh", torch.tanh, map56),
        _function("hardswish", functional.hardswish, map56),
        _function("leaky_relu", functional.leaky_relu, map56),
        _function("clamp", lambda x: x.clamp(-0.5, 0.5), map56),
        _function("lerp", lambda a, b: torch.lerp(a, b, 0.3), map56, map56),
    ]
    reductions = [
        _function("mean.dim 2,3", lambda x: x.mean([2, 3]), (1, 320, 28, 28)),
        _function("softmax channels", lambda x: x.softmax(1), (1, 21, 64, 64)),
        _function("log_softmax channels", lambda x: x.log_softmax(1), (1, 21, 64, 64)),
        BenchmarkCase("layer_norm CHW", lambda: nn.LayerNorm((8, 24, 24)), [(1, 8, 24, 24)], prepacked=False),
        BenchmarkCase("batch_norm", lambda: nn.BatchNorm2d(64), [map56], prepacked=False),
        _function("cumsum height", lambda x: x.cumsum(2), (1, 16, 28, 28)),
    ]
    shapes = [
        _function("cat channels", lambda a, b: torch.cat([a, b], 1), map56, map56),
        _function("slice", lambda x: x[:, :, ::2, 4:40], map56),
        _function("slice channels", lambda x: x[:, 16:48], map56),
        _function("permute", lambda x: x.permute(0, 3, 1, 2), map28),
        _function("view", lambda x: x.view(1, 28, 96, 28), map28),
        _function("select", lambda x: x.select(0, 1), (8, 56, 56)),
        _function("glu", lambda x: functional.glu(x, 1), map56),
        _function("download", lambda x: x.cpu(), map56),
    ]
    network = [BenchmarkCase("mobilenet_v2", _mobilenet_v2, [(1, 3, 224, 224)])]
    return [*convolutions, *pools, *elementwise, *reductions, *shapes, *network]
