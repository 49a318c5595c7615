"""One call of a kernel, as the rules see it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from graph.constraints.device_tensor import DeviceTensor
from graph.constraints.verdict import Form, Limits


@dataclass(frozen=True)
class Call:
    """An operator with its arguments by name, and what it gives."""

    op: str
    """With its overload: "aten::add.Tensor"."""
    arguments: Mapping[str, Any]
    outputs: tuple[Tensor, ...]
    """On the CPU; empty where the CPU ends with an error."""
    limits: Limits
    form: Form = "plain"

    @property
    def packed(self) -> bool:
        """Whether constant weights are packed beforehand."""
        return self.form != "plain"

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401
        """Give an argument."""
        return self.arguments[name]

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401
        """Give an argument, or the default where the operator has none of that name."""
        return self.arguments.get(name, default)

    @property
    def short_name(self) -> str:
        """Without namespace, overload and the underscore of what works in place: "add"."""
        name = self.op.split("::")[-1].split(".")[0]
        return name.rstrip("_") if self.in_place else name

    @property
    def in_place(self) -> bool:
        """Whether the operator changes its first argument."""
        return self.op.split(".")[0].endswith("_")

    @property
    def out(self) -> Tensor:
        """Its first output."""
        return self.outputs[0]

    def tensors(self) -> Iterator[Tensor]:
        """Give the tensors among the arguments, lists included."""
        for argument in self.arguments.values():
            yield from tensors_in(argument)

    def on_device(self) -> list[DeviceTensor]:
        """Give the arguments that are on the device."""
        return [tensor for tensor in self.tensors() if isinstance(tensor, DeviceTensor)]


def tensors_in(argument: Any) -> Iterator[Tensor]:  # noqa: ANN401
    """Give the tensors in an argument."""
    if isinstance(argument, Tensor):
        yield argument
    elif isinstance(argument, list | tuple):
        for part in argument:
            yield from tensors_in(part)


def values_of(tensor: Tensor) -> Tensor | None:
    """Give the values of a tensor where they are known."""
    if isinstance(tensor, DeviceTensor):
        return tensor.values if tensor.known else None
    return tensor


def dims4(tensor: Tensor) -> tuple[int, int, int, int]:
    """Give batch, channels, height and width, as the backend pads shapes with ones in front."""
    n, c, h, w = (1,) * (4 - tensor.dim()) + tuple(tensor.shape)
    return n, c, h, w


def shape_text(tensor: Tensor) -> str:
    """Write a shape: "(1, 3, 4, 4)"."""
    return "(" + ", ".join(str(size) for size in tensor.shape) + ")"


def pair(value: Any) -> tuple[int, int]:  # noqa: ANN401
    """Give both numbers of an argument for height and width."""
    if isinstance(value, int):
        return value, value
    return (value[0], value[0]) if len(value) == 1 else (value[0], value[1])
