"""Faults that Vulkan backends have had, to be put into an operator's result: tests of the bisection do."""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from graph.bisect.device import Device
from graph.ir import Graph, Node

Fault = Callable[[Tensor], Tensor]
"""Gives a wrong tensor of the same shape and type."""


def wrong_lane(x: Tensor) -> Tensor:
    """Rotate each four planes by one, as a shader that writes to the wrong lane does; shift one alone."""
    if x.dim() < 3 or x.shape[:-2].numel() < 2:
        return shifted(x)
    planes = x.clone().reshape(-1, *x.shape[-2:])
    for start in range(0, planes.shape[0], 4):
        planes[start : start + 4] = planes[start : start + 4].roll(1, 0)
    return planes.reshape(x.shape)


def dropped_padding(x: Tensor) -> Tensor:
    """Set the border to 0, as a convolution that skips windows beyond the image does."""
    made = x.clone()
    if x.dim() < 2:
        made[..., 0] = 0
        return made
    made[..., 0, :] = 0
    made[..., -1, :] = 0
    made[..., :, 0] = 0
    made[..., :, -1] = 0
    return made


def scaled(x: Tensor) -> Tensor:
    """Make all 1 % larger, as a wrong divisor does."""
    return x * 1.01


def one_nan(x: Tensor) -> Tensor:
    """Make one element NaN, as stale memory does."""
    made = x.clone()
    made.view(-1)[made.numel() // 2] = float("nan")
    return made


def swapped_channels(x: Tensor) -> Tensor:
    """Exchange the first two channels, or the first two of a vector."""
    dim = 1 if x.dim() >= 2 else 0
    if x.shape[dim] < 2:
        return scaled(x)
    order = [1, 0, *range(2, x.shape[dim])]
    return x.index_select(dim, torch.tensor(order))


def stale_rows(x: Tensor) -> Tensor:
    """Leave the last third of the rows as they were: 0, as a dispatch that is too small does."""
    made = x.clone()
    dim = -2 if x.dim() >= 2 else -1
    count = max(x.shape[dim] // 3, 1)
    made.narrow(dim, x.shape[dim] - count, count).zero_()
    return made


def shifted(x: Tensor) -> Tensor:
    """Move all by one column, as an offset that is off by one does."""
    return x.roll(1, -1) if x.shape[-1] > 1 else scaled(x)


def one_texel(x: Tensor) -> Tensor:
    """Be off in one element by a hundredth of the scale, as a race of two invocations is."""
    made = x.clone()
    made.view(-1)[-1] += 0.01 * x.abs().max().clamp(min=1e-3)
    return made


def half_precision(x: Tensor) -> Tensor:
    """Keep ten bits, as an image of half floats does."""
    return x.to(torch.float16).to(x.dtype)


def doubled_sum(x: Tensor) -> Tensor:
    """Count one plane twice, as a read-modify-write by two does."""
    made = x.clone()
    planes = made.reshape(-1, *x.shape[-2:]) if x.dim() >= 2 else made.reshape(-1, 1, 1)
    planes[-1] *= 2
    return planes.reshape(x.shape)


FAULTS: Mapping[str, Fault] = {
    "wrong lane": wrong_lane,
    "dropped padding": dropped_padding,
    "scaled": scaled,
    "NaN": one_nan,
    "swapped channels": swapped_channels,
    "stale rows": stale_rows,
    "shifted": shifted,
    "one texel": one_texel,
    "half precision": half_precision,
    "plane counted twice": doubled_sum,
}
"""The faults by name."""


class FaultyDevice:
    """A device on which one node's first result has a fault."""

    def __init__(self, device: Device, node: Node, fault: Fault) -> None:
        """Break a node of a device."""
        self._device = device
        self._node = node
        self._fault = fault

    def upload(self, tensor: Tensor) -> Tensor:
        """Upload to the device."""
        return self._device.upload(tensor)

    def download(self, tensor: Tensor) -> Tensor:
        """Download from the device."""
        return self._device.download(tensor)

    def run(self, graph: Graph, node: Node, values: Mapping[str, Tensor]) -> tuple[Tensor, ...]:
        """Run a node; the broken one's result is changed."""
        made = self._device.run(graph, node, values)
        if node is not self._node:
            return made
        broken = self._fault(self._device.download(made[0]).contiguous())
        return (self._device.upload(broken), *made[1:])
