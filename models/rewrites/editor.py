"""Building a graph call by call."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from graph.ir import Argument, Graph, Node, Value, map_values
from graph.operators import arguments_of
from graph.shapes import stand_in

Place = Callable[["Editor", Node], Sequence[Value] | None]
"""Asked of each new node: gives values that take the place of its outputs, or None to keep it."""


@dataclass
class Editor:
    """A graph in the making."""

    inputs: tuple[Value, ...]
    constants: dict[str, Tensor]
    place: Place = lambda editor, node: None
    nodes: list[Node] = field(default_factory=list)
    origin: Node | None = None
    """The node of the old graph that is written anew."""
    rewrites: list[str] = field(default_factory=list)
    """Names of the rewrites at work, the outermost first."""
    names: set[str] = field(default_factory=set)
    ranges: dict[str, tuple[float, float]] = field(default_factory=dict)
    """What is known of values: the least and the greatest that they can be."""

    def op(self, target: str, *given: Argument, **named: Argument) -> Value:
        """Call an operator with one output: `op("aten::add.Tensor", a, b)`."""
        op, _, overload = target.partition(".")
        (value,) = self.emit(op, overload, arguments_of(op, overload, given, **named))
        return value

    def emit(self, op: str, overload: str, arguments: Mapping[str, Argument]) -> tuple[Value, ...]:
        """Call an operator with arguments by name; give its outputs, or what takes their place."""
        with torch.inference_mode():
            results = stand_in(op, overload, {name: self._tensors(part) for name, part in arguments.items()})
        origin = self.origin
        stem = "value" if origin is None else origin.name
        outputs = tuple(Value(self._fresh(stem), tuple(tensor.shape), tensor.dtype) for tensor in results)
        node = Node(
            op,
            overload,
            dict(arguments),
            outputs,
            source="" if origin is None else origin.source,
            scope="" if origin is None else origin.scope,
            rewrite=self.rewrites[-1] if self.rewrites else "",
        )
        placed = self.place(self, node)
        if placed is not None:
            return tuple(placed)
        self.nodes.append(node)
        return outputs

    def constant(self, tensor: Tensor) -> Value:
        """Add a constant."""
        name = self._fresh("constant")
        self.constants[name] = tensor.contiguous()
        return Value(name, tuple(tensor.shape), tensor.dtype)

    def tensor(self, value: Argument) -> Tensor | None:
        """Give the tensor of a constant; None for what is none."""
        return self.constants.get(value.name) if isinstance(value, Value) else None

    def is_constant(self, value: Value) -> bool:
        """Whether a value is a constant."""
        return value.name in self.constants

    def view(self, x: Value, shape: Sequence[int]) -> Value:
        """Give x in another shape."""
        return x if x.shape == tuple(shape) else self.op("aten::view", x, list(shape))

    def permute(self, x: Value, order: Sequence[int]) -> Value:
        """Give x with its dimensions in another order."""
        return x if list(order) == list(range(x.rank)) else self.op("aten::permute", x, list(order))

    def scaled(self, x: Value, factor: float, shift: float = 0.0) -> Value:
        """Give x * factor + shift."""
        if factor != 1:
            x = self.op("aten::mul.Scalar", x, factor)
        return self.op("aten::add.Scalar", x, shift) if shift != 0 else x

    def add(self, a: Value, b: Value) -> Value:
        """Give a + b."""
        return self.op("aten::add.Tensor", a, b)

    def mul(self, a: Value, b: Value) -> Value:
        """Give a * b."""
        return self.op("aten::mul.Tensor", a, b)

    def conv2d(
        self,
        x: Value,
        weight: Tensor,
        bias: Tensor | None = None,
        *,
        stride: Sequence[int] = (1, 1),
        padding: Sequence[int] = (0, 0),
        dilation: Sequence[int] = (1, 1),
        groups: int = 1,
    ) -> Value:
        """Convolve by weights given as tensors; a bias of zeros where none is given."""
        bias = torch.zeros(weight.shape[0]) if bias is None else bias
        lists = [list(stride), list(padding), list(dilation)]
        return self.op("aten::conv2d", x, self.constant(weight), self.constant(bias), *lists, groups)

    def _tensors(self, argument: Argument) -> Any:  # noqa: ANN401
        def tensor_of(value: Value) -> Tensor:
            found = self.constants.get(value.name)
            return torch.zeros(value.shape, dtype=value.dtype) if found is None else found

        return map_values(argument, tensor_of)

    def _fresh(self, stem: str) -> str:
        name, index = stem, 1
        while name in self.names or name in self.constants:
            index += 1
            name = f"{stem}.r{index}"
        self.names.add(name)
        return name


def edited(graph: Graph, place: Place) -> Graph:
    """Build a graph anew, node by node, asking `place` of each."""
    editor = Editor(graph.inputs, dict(graph.constants), place, names={value.name for value in graph.inputs})
    placed: dict[str, Value] = {}

    def current(value: Value) -> Value:
        return placed.get(value.name, value)

    for node in graph.nodes:
        editor.origin = node
        arguments = {name: map_values(argument, current) for name, argument in node.arguments.items()}
        outputs = editor.emit(node.op, node.overload, arguments)
        placed.update({old.name: new for old, new in zip(node.outputs, outputs, strict=True)})
    return Graph(graph.inputs, tuple(editor.nodes), map_values(graph.outputs, current), editor.constants)
