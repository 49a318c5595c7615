"""Reductions and softmax."""

from math import prod

from graph.ir import Node, Value
from rewrites.editor import Editor
from rewrites.rewrite import rewrite


@rewrite("mean-by-layout", "aten::mean", fault="mean reduces over height and width of four dimensions only")
def mean(edit: Editor, node: Node) -> Value | None:
    """Bring what is reduced to height and width."""
    if node.overload not in ("", "dim"):
        return None
    return _mean(edit, node)


@rewrite("sum-by-mean", "aten::sum", fault="sum has no kernel")
def total(edit: Editor, node: Node) -> Value | None:
    """Multiply the mean by the count."""
    x = node.get("self")
    if node.overload not in ("", "dim_IntList"):
        return None
    average = _mean(edit, node)
    return None if average is None else edit.scaled(average, x.numel / node.output.numel)


def _mean(edit: Editor, node: Node) -> Value | None:
    x = node.get("self")
    dims = node.arguments.get("dim") or range(x.rank)
    reduced = sorted({dim % x.rank for dim in dims})
    kept = [dim for dim in range(x.rank) if dim not in reduced]
    if not 1 <= x.rank <= 4 or node.output.rank == 0:
        return None
    sizes = [x.shape[dim] for dim in reduced]
    turned = edit.permute(x, [*kept, *reduced])
    planes = edit.view(turned, (1, x.numel // prod(sizes), prod(sizes[:-1]), sizes[-1]))
    return edit.view(edit.op("aten::mean.dim", planes, [2, 3], False), node.output.shape)


@rewrite(
    "softmax-by-layout",
    "aten::softmax",
    "aten::log_softmax",
    fault="softmax takes one image, and works over its channels only",
)
def softmax_layout(edit: Editor, node: Node) -> Value | None:
    """Bring the dimension to the channels."""
    x, dim = node.get("self"), node.get("dim")
    if node.overload != "int" or not 1 <= x.rank <= 4 or (x.rank == 4 and dim == 1 and x.shape[0] == 1):
        return None
    dim %= x.rank
    if x.rank == 4 and dim == 1 and x.shape[0] == 1:
        return edit.op(f"{node.op}.int", x, 1)
    rest = [other for other in range(x.rank) if other != dim]
    order = [dim, *rest]
    sizes = [x.shape[other] for other in rest]
    turned = edit.permute(x, order)
    image = edit.view(turned, (1, x.shape[dim], prod(sizes[:-1]), sizes[-1] if sizes else 1))
    result = edit.op(f"{node.op}.int", image, 1)
    back = [order.index(position) for position in range(x.rank)]
    return edit.permute(edit.view(result, turned.shape), back)


@rewrite(
    "softmax-shift",
    "aten::softmax",
    "aten::log_softmax",
    fault="the largest value is not subtracted before: above 88 the result is NaN",
)
def softmax_shift(edit: Editor, node: Node) -> Value | None:
    """Subtract the channels' maximum, which a pool finds once they lie along the height."""
    x = node.get("self")
    if x.rank != 4 or node.get("dim") != 1 or x.shape[0] != 1:
        return None
    columns = edit.permute(x, (0, 2, 1, 3))
    channels = x.shape[1]
    most = edit.op("aten::max_pool2d", columns, [channels, 1], [channels, 1], [0, 0], [1, 1], False)
    shifted = edit.op("aten::sub.Tensor", x, edit.permute(most, (0, 2, 1, 3)))
    edit.ranges[shifted.name] = (float("-inf"), 0.0)
    return edit.op(f"{node.op}.int", shifted, 1)
