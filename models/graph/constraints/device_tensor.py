"""Stand-ins for tensors on a Vulkan device, on a machine that needs none."""

import weakref
from typing import Any

import torch
from torch import Tensor


class DeviceTensor(Tensor):
    """A tensor that torch takes for one on Vulkan, with its values on the CPU.

    Every operator called with it goes to `__torch_dispatch__` of the active `graph.constraints.dispatch.Dispatch`.
    """

    values: Tensor
    known: bool
    """Whether `values` are those the call will see, and not just of their shape."""
    dirty_lanes: bool
    """Whether the lanes of the last texel beyond the last plane may hold anything, as after stock's upload."""
    quantized: bool
    family: "list[weakref.ref[DeviceTensor]]"
    """The tensors that share memory on the CPU: a tensor and its views. On Vulkan each is a copy."""

    @staticmethod
    def __new__(cls, values: Tensor, **_: Any) -> "DeviceTensor":  # noqa: ANN401
        """Make a tensor of the values' shape and type whose device is Vulkan; images have no strides."""
        return Tensor._make_wrapper_subclass(
            cls, values.shape, dtype=values.dtype, device="vulkan", strides=_contiguous_strides(values)
        )

    def __init__(self, values: Tensor, *, known: bool = True, dirty_lanes: bool = False) -> None:
        """Keep the values."""
        self.values = values
        self.known = known
        self.quantized = values.is_quantized
        # Lanes are left over only where the planes do not fill their texels.
        self.dirty_lanes = dirty_lanes and planes_of(values) % 4 != 0
        self.family = [weakref.ref(self)]

    __torch_function__ = torch._C._disabled_torch_function_impl

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:  # noqa: ANN401
        """Refuse to work outside a dispatch."""
        raise RuntimeError(f"Cannot call {func}: no Dispatch is active")

    def __repr__(self) -> str:
        """Name shape and type."""
        return f"DeviceTensor({tuple(self.shape)}, {self.dtype})"

    __hash__ = Tensor.__hash__

    def joins(self, other: "DeviceTensor") -> None:
        """Become a view of another tensor."""
        self.family = other.family
        self.family.append(weakref.ref(self))

    def has_relatives(self) -> bool:
        """Whether another tensor that is alive shares memory with this one on the CPU."""
        return sum(reference() is not None for reference in self.family) > 1


def planes_of(tensor: Tensor) -> int:
    """Count the planes of height by width: batch times channels."""
    count = 1
    for size in tensor.shape[:-2]:
        count *= size
    return count


def _contiguous_strides(tensor: Tensor) -> tuple[int, ...]:
    strides: list[int] = []
    step = 1
    for size in reversed(tensor.shape):
        strides.insert(0, step)
        step *= max(size, 1)
    return tuple(strides)
