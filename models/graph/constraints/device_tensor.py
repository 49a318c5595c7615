"""Stand-ins for tensors on a Vulkan device, on a machine that needs none."""

import weakref
from typing import Any

import torch
from torch import Tensor


class Image:
    """What tensors keep their elements in. Those of a tensor and of views that are copies are a family."""

    def __init__(self) -> None:
        """Start a family."""
        self._family: list[weakref.ref[Image]] = [weakref.ref(self)]

    def joins(self, other: "Image") -> None:
        """Become one of another image's family."""
        self._family = other._family
        self._family.append(weakref.ref(self))

    def has_relatives(self) -> bool:
        """Whether another of the family is alive: on the CPU, a write to one would change both."""
        return sum(reference() is not None for reference in self._family) > 1


class DeviceTensor(Tensor):
    """A tensor that torch takes for one on Vulkan, with its values on the CPU.

    Every operator called with it goes to the active `graph.constraints.dispatch.Dispatch`.
    """

    values: Tensor
    known: bool
    """Whether `values` are those the call will see, and not just of their shape."""
    dirty_lanes: bool
    """Whether the last texel's lanes beyond the last plane may hold anything, as after stock's upload."""
    made_by: str
    """Name of the operator that made it; empty for an input."""
    image: Image

    @staticmethod
    def __new__(cls: Any, values: Tensor, **_: Any) -> "DeviceTensor":  # noqa: ANN401
        """Make a tensor of the values' shape and type whose device is Vulkan; images have no strides."""
        return Tensor._make_wrapper_subclass(
            cls, values.shape, dtype=values.dtype, device="vulkan", strides=_contiguous_strides(values)
        )

    def __init__(self, values: Tensor, *, known: bool = True, dirty_lanes: bool = False) -> None:
        """Keep the values."""
        self.values = values
        self.known = known
        self.made_by = ""
        # Lanes are left over only where the planes do not fill their texels.
        self.dirty_lanes = dirty_lanes and planes_of(values) % 4 != 0
        self.image = Image()

    __torch_function__ = torch._C._disabled_torch_function_impl

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:  # noqa: ANN401
        """Refuse to work outside a dispatch."""
        raise RuntimeError(f"Cannot call {func}: no Dispatch is active")

    def __repr__(self) -> str:
        """Name shape and type."""
        return f"DeviceTensor({tuple(self.shape)}, {self.dtype})"

    __hash__ = Tensor.__hash__

    def joins(self, other: "DeviceTensor", *, shares: bool) -> None:
        """Become a view of another tensor: in the same image, or in another of the same family."""
        if shares:
            self.image = other.image
        else:
            self.image.joins(other.image)


def planes_of(tensor: Tensor) -> int:
    """Count the planes of height by width: batch times channels."""
    count = 1
    for size in tensor.shape[:-2]:
        count *= size
    return count


def same_layout(one: Tensor, other: Tensor) -> bool:
    """Whether elements lie alike in the images of both: equal width, height and number of planes."""
    return _plane(one) == _plane(other) and one.numel() == other.numel()


def _plane(tensor: Tensor) -> tuple[int, ...]:
    height, width = (1, 1, *tensor.shape)[-2:]
    return height, width


def _contiguous_strides(tensor: Tensor) -> tuple[int, ...]:
    strides: list[int] = []
    step = 1
    for size in reversed(tensor.shape):
        strides.insert(0, step)
        step *= max(size, 1)
    return tuple(strides)
