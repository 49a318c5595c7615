"""Running a graph node by node, on the CPU or on Vulkan."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal

import torch
from torch import Tensor

from graph.ir import Argument, Graph, Node, Value, map_values, values_in
from graph.operators import call

Place = Literal["cpu", "vulkan"]

Observer = Callable[[Node, tuple[Tensor, ...]], Sequence[Tensor] | None]
"""Sees each node's outputs, where they were made; what it returns takes their place."""


def run_graph(
    graph: Graph, inputs: Sequence[Tensor], *, place: Place = "cpu", observer: Observer | None = None
) -> Any:  # noqa: ANN401
    """Run all nodes; give the outputs, on the CPU, as the module returns them.

    Weights stay on the CPU, as those of a plain TorchScript file do; the operators upload what they need.
    """
    values = {value.name: upload(tensor, place) for value, tensor in zip(graph.inputs, inputs, strict=True)}
    last = _last_uses(graph)
    with torch.inference_mode():
        for position, node in enumerate(graph.nodes):
            results = run_node(graph, node, values, place=place)
            if observer is not None:
                replaced = observer(node, results)
                results = results if replaced is None else tuple(replaced)
            values.update({value.name: tensor for value, tensor in zip(node.outputs, results, strict=True)})
            for name in last.get(position, ()):
                values.pop(name, None)
        return map_values(graph.outputs, lambda value: tensor_of(graph, value, values).cpu())


def run_node(
    graph: Graph, node: Node, values: Mapping[str, Tensor], *, place: Place = "cpu"
) -> tuple[Tensor, ...]:
    """Run one node on tensors that are where they shall be; constants are taken from the graph.

    Errors are torch's own.
    """
    arguments = {
        name: map_values(argument, lambda value: tensor_of(graph, value, values))
        for name, argument in node.arguments.items()
    }
    if place == "vulkan":
        arguments = _as_prepacked(node, arguments)
    return call(node.op, node.overload, arguments)


def upload(tensor: Tensor, place: Place) -> Tensor:
    """Bring a tensor to the place; integers stay on the CPU, Vulkan has none."""
    return tensor.to("vulkan") if place == "vulkan" and tensor.is_floating_point() else tensor


def tensor_of(graph: Graph, value: Value, values: Mapping[str, Tensor]) -> Tensor:
    """Give a value's tensor, from the graph's constants if it is one."""
    found = graph.constants.get(value.name)
    return values[value.name] if found is None else found


def _as_prepacked(node: Node, arguments: dict[str, Argument]) -> dict[str, Argument]:
    """Give a convolution without a bias zeros: upstream's fails without, unless it is prepacked."""
    if node.op in ("aten::conv2d", "aten::conv_transpose2d") and arguments.get("bias") is None:
        weight = arguments["weight"]
        transposed = node.op == "aten::conv_transpose2d"
        count = weight.shape[1] * arguments["groups"] if transposed else weight.shape[0]
        return {**arguments, "bias": torch.zeros(count, dtype=weight.dtype)}
    return arguments


def _last_uses(graph: Graph) -> dict[int, list[str]]:
    """Give the values that nothing reads after the node at a position."""
    kept = {value.name for value in graph.output_values()}
    last: dict[str, int] = {}
    for position, node in enumerate(graph.nodes):
        for value in _all_values(node):
            last[value.name] = position
    found: dict[int, list[str]] = {}
    for name, position in last.items():
        if name not in kept:
            found.setdefault(position, []).append(name)
    return found


def _all_values(node: Node) -> Iterable[Value]:
    yield from node.outputs
    for argument in node.arguments.values():
        yield from values_in(argument)
