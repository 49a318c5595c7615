"""What is known of a tensor's values from the operator that made it."""

from collections.abc import Mapping

import torch
from torch import Tensor

from graph.ir import Node, Value

Range = tuple[float, float]
_INF = float("inf")

_FIXED: dict[str, Range] = {
    "aten::relu": (0.0, _INF),
    "aten::relu6": (0.0, 6.0),
    "aten::sigmoid": (0.0, 1.0),
    "aten::hardsigmoid": (0.0, 1.0),
    "aten::tanh": (-1.0, 1.0),
    "aten::softmax": (0.0, 1.0),
    "aten::abs": (0.0, _INF),
}

# Operators whose results lie between the smallest and the largest of their inputs.
_BETWEEN = {
    "aten::max_pool2d", "aten::avg_pool2d", "aten::adaptive_avg_pool2d", "aten::upsample_nearest2d",
    "aten::upsample_bilinear2d", "aten::view", "aten::reshape", "aten::permute", "aten::transpose",
    "aten::slice", "aten::select", "aten::cat", "aten::flatten", "aten::unsqueeze", "aten::squeeze",
    "aten::dropout",
    "aten::contiguous", "aten::reflection_pad2d", "aten::replication_pad2d", "aten::chunk", "aten::split",
}  # fmt: skip


def range_of(node: Node, known: Mapping[str, Range]) -> Range | None:
    """Give the range of a node's results from its operator and its inputs' ranges; None where it is open."""
    if node.op in _FIXED:
        return _FIXED[node.op]
    if node.op == "aten::hardtanh":
        return float(node.get("min_val")), float(node.get("max_val"))
    if node.op == "aten::clamp" and not node.overload:
        low, high = node.get("min"), node.get("max")
        return -_INF if low is None else float(low), _INF if high is None else float(high)
    if node.op not in _BETWEEN:
        return None
    ranges = [known.get(value.name) for value in node.inputs()]
    if not ranges or any(found is None for found in ranges):
        return None
    return min(low for low, _ in ranges), max(high for _, high in ranges)


def stand_in_of(value: Value, found: Range) -> Tensor:
    """Give a tensor that takes both ends of the range: the worst that the value may be."""
    low, high = found
    tensor = torch.full(value.shape, high)
    if low < 0 and value.numel > 0:
        tensor.view(-1)[0] = low
    return tensor
