"""Comparing a graph's operators on a device with the CPU, one by one.

Each operator is looked at twice. *Fed*: it gets the CPU's values for its inputs, so that what is wrong is its
own. *Free-running*: it gets what the device computed before, as in the whole model, so that faults that need
the model's history show, and how they grow.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from graph.bisect.device import Device
from graph.execute import run_node
from graph.ir import Graph, Node
from ops.compare import difference

DEFAULT_TOLERANCE = 1e-4
"""Largest error of one operator, relative to its result's scale: float32 sums of long rows stay below it."""


@dataclass(frozen=True)
class Difference:
    """How far an operator's result is from the CPU's."""

    error: float = 0.0
    """Largest error of all elements, relative to the largest of the CPU's; 0 where there is a reason."""
    reason: str | None = None
    """Why there is no error: NaN, another shape, or what the backend said when it refused."""

    def exceeds(self, tolerance: float) -> bool:
        """Whether it is more than rounding; NaN is."""
        return self.reason is not None or not self.error <= tolerance


@dataclass(frozen=True)
class Finding:
    """What was found; nodes without a difference above the tolerance are not mentioned."""

    nodes: int
    """How many nodes were looked at."""
    fed: tuple[tuple[Node, Difference], ...]
    """Nodes that are wrong on the CPU's values, in order."""
    free: tuple[tuple[Node, Difference], ...]
    """Nodes that are off in the whole model, in order: the first and what follows from it."""

    @property
    def first(self) -> Node | None:
        """The operator to look at: the first that is wrong by itself, else the first that is off at all.

        What is off in the free run alone is so by what ran before: rounding that adds up, or stale memory.
        """
        found = self.fed or self.free
        return found[0][0] if found else None


def bisect(
    graph: Graph, inputs: Sequence[Tensor], device: Device, *, tolerance: float = DEFAULT_TOLERANCE
) -> Finding:
    """Run all nodes on CPU and device; give those whose results differ.

    Only the values that later nodes need are kept. A node that ends with an error counts as wrong, and the
    free run goes on with the CPU's values.
    """
    fed: list[tuple[Node, Difference]] = []
    free: list[tuple[Node, Difference]] = []
    last = _last_uses(graph)
    with torch.inference_mode():
        expected = {value.name: tensor for value, tensor in zip(graph.inputs, inputs, strict=True)}
        running = {name: device.upload(tensor) for name, tensor in expected.items()}
        for position, node in enumerate(graph.nodes):
            right = run_node(graph, node, expected)
            names = [value.name for value in node.outputs]
            given = {value.name: expected[value.name] for value in node.inputs() if value.name in expected}
            alone = {name: device.upload(tensor) for name, tensor in given.items()}
            _, found = _compared(graph, node, device, values=alone, right=right)
            if found.exceeds(tolerance):
                fed.append((node, found))
            made, found = _compared(graph, node, device, values=running, right=right)
            if found.exceeds(tolerance):
                free.append((node, found))
            running.update(zip(names, made, strict=True))
            expected.update(zip(names, right, strict=True))
            for name in last.get(position, ()):
                expected.pop(name, None)
                running.pop(name, None)
    return Finding(len(graph.nodes), tuple(fed), tuple(free))


def _compared(
    graph: Graph, node: Node, device: Device, *, values: Mapping[str, Tensor], right: Sequence[Tensor]
) -> tuple[tuple[Tensor, ...], Difference]:
    """Run a node on the device; give its tensors there, and how far they are from the right ones."""
    try:
        made = device.run(graph, node, values)
        actual = [device.download(tensor) for tensor in made]
    except Exception as error:
        sentence = next(
            (line.strip() for line in reversed(str(error).split("\n")) if line.strip()), "an error"
        )
        return tuple(device.upload(tensor) for tensor in right), Difference(reason=sentence)
    found = difference(actual, [tensor.double() for tensor in right], list(right))
    return made, Difference(found.error, found.reason)


def _last_uses(graph: Graph) -> dict[int, list[str]]:
    """Give the values that nothing reads after the node at a position."""
    last: dict[str, int] = {}
    for position, node in enumerate(graph.nodes):
        for value in (*node.outputs, *node.inputs()):
            last[value.name] = position
    found: dict[int, list[str]] = {}
    for name, position in last.items():
        found.setdefault(position, []).append(name)
    return found
