"""Pools."""

import torch

from graph.ir import Node, Value
from rewrites.editor import Editor
from rewrites.rewrite import rewrite


@rewrite(
    "max-pool-border",
    "aten::max_pool2d",
    fault="cells beyond the border count as 0: silently wrong for negative values",
)
def max_pool_border(edit: Editor, node: Node) -> Value | None:
    """Repeat the border's values before: every window that reaches beyond the border holds them already."""
    x, kernel = node.get("self"), _pair(node.get("kernel_size"))
    padding, stride = _pair(node.get("padding")), _pair(node.get("stride") or kernel)
    if x.rank != 4 or max(_pair(node.get("dilation"))) > 1:
        return None
    beyond = []
    for axis in (1, 0):
        outputs, size = node.output.shape[2 + axis], x.shape[2 + axis]
        last = (outputs - 1) * stride[axis] - padding[axis] + kernel[axis]
        beyond += [padding[axis], max(last - size, 0)]
    padded = edit.op("aten::replication_pad2d", x, beyond)
    result = edit.op("aten::max_pool2d", padded, kernel, stride, [0, 0], [1, 1], False)
    return result if result.shape == node.output.shape else None


@rewrite(
    "avg-pool-count",
    "aten::avg_pool2d",
    fault="the sum is always divided by the kernel's area: silently wrong where it should not",
)
def avg_pool_count(edit: Editor, node: Node) -> Value | None:
    """Multiply by what it should have been divided by."""
    x, kernel = node.get("self"), _pair(node.get("kernel_size"))
    if x.rank != 4 or node.get("ceil_mode"):
        return None
    arguments = {**node.arguments, "count_include_pad": True, "divisor_override": None}
    divisor = node.get("divisor_override")
    area = kernel[0] * kernel[1]
    (plain,) = edit.emit(node.op, node.overload, arguments)
    if divisor is not None:
        return edit.scaled(plain, area / divisor)
    ones = torch.ones(1, 1, *x.shape[2:])
    stride = _pair(node.get("stride") or kernel)
    share = torch.nn.functional.avg_pool2d(ones, kernel, stride, _pair(node.get("padding")))
    return edit.mul(plain, edit.constant(1 / share))


def _pair(values: list[int]) -> list[int]:
    return list(values) * 2 if len(values) == 1 else list(values)
