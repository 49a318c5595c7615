"""The graph: tensor operators in the order in which they run, each value made once.

There is no control flow, nothing is changed in place, and every shape is known: a graph is a TorchScript
module specialised to the shapes of its inputs.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

Argument = Any
"""A `Value`, None, a number, a string, a device, or a list of these."""


@dataclass(frozen=True)
class Value:
    """A tensor: an input, a constant, or what a node makes. Its name is unique in the graph."""

    name: str
    shape: tuple[int, ...]
    dtype: torch.dtype = torch.float32

    @property
    def rank(self) -> int:
        """How many dimensions it has."""
        return len(self.shape)

    @property
    def numel(self) -> int:
        """How many elements it has."""
        count = 1
        for size in self.shape:
            count *= size
        return count


@dataclass(frozen=True, eq=False)
class Node:
    """One call of an operator."""

    op: str
    """Without overload: "aten::conv2d". A trace's `aten::_convolution` has its public name."""
    overload: str
    """"", "Tensor", "dim_IntList" …"""
    arguments: Mapping[str, Argument]
    """All arguments by the names of the operator's schema, in its order, defaults filled in."""
    outputs: tuple[Value, ...]
    """Operators that return a list of tensors have one output for each."""
    source: str = ""
    """Where the call stands: "model.py:12"; empty where the file does not say."""
    scope: str = ""
    """Path of the module that calls: "backbone.layer1.0.conv1"; empty where the file does not say."""
    rewrite: str = ""
    """Name of the rewrite that made this node; empty for those of the file."""

    @property
    def name(self) -> str:
        """The name of its first output, unique in the graph."""
        return self.outputs[0].name

    @property
    def target(self) -> str:
        """Operator with its overload: "aten::add.Tensor"."""
        return f"{self.op}.{self.overload}" if self.overload else self.op

    @property
    def output(self) -> Value:
        """Its only output."""
        (value,) = self.outputs
        return value

    def inputs(self) -> list[Value]:
        """Give the tensors among its arguments, in order."""
        return [value for argument in self.arguments.values() for value in values_in(argument)]

    def get(self, name: str) -> Argument:
        """Give the argument of that name."""
        return self.arguments[name]


@dataclass(frozen=True, eq=False)
class Graph:
    """A specialised module."""

    inputs: tuple[Value, ...]
    nodes: tuple[Node, ...]
    outputs: Any
    """A `Value`, or a tuple or list of such, as the module returns them."""
    constants: Mapping[str, Tensor] = field(default_factory=dict)
    """Weights and other tensors that are part of the file, by the names of their values."""

    def output_values(self) -> list[Value]:
        """Give the tensors of the outputs, in order."""
        return list(values_in(self.outputs))

    def constant(self, value: Argument) -> Tensor | None:
        """Give a constant's tensor; None where the value is not a constant."""
        return self.constants.get(value.name) if isinstance(value, Value) else None

    def producers(self) -> dict[str, Node]:
        """Give the node that makes each value, by the value's name."""
        return {value.name: node for node in self.nodes for value in node.outputs}

    def users(self) -> dict[str, list[Node]]:
        """Give the nodes that read each value, by its name; the graph's outputs are not counted."""
        found: dict[str, list[Node]] = {}
        for node in self.nodes:
            for name in dict.fromkeys(value.name for value in node.inputs()):
                found.setdefault(name, []).append(node)
        return found


def values_in(argument: Argument) -> Iterator[Value]:
    """Give the values in an argument or in outputs."""
    if isinstance(argument, Value):
        yield argument
    elif isinstance(argument, list | tuple):
        for part in argument:
            yield from values_in(part)


def map_values(argument: Argument, change: Callable[[Value], Any]) -> Argument:
    """Give the argument with each value in it replaced."""
    if isinstance(argument, Value):
        return change(argument)
    if isinstance(argument, list | tuple):
        return type(argument)(map_values(part, change) for part in argument)
    return argument


def without_unused(graph: Graph, keep: Sequence[str] = ()) -> Graph:
    """Leave out nodes and constants that no output depends on; values in `keep` count as used."""
    used = {value.name for value in graph.output_values()} | set(keep)
    kept: list[Node] = []
    for node in reversed(graph.nodes):
        if any(value.name in used for value in node.outputs):
            kept.append(node)
            used.update(value.name for value in node.inputs())
    constants = {name: tensor for name, tensor in graph.constants.items() if name in used}
    return Graph(graph.inputs, tuple(reversed(kept)), graph.outputs, constants)
