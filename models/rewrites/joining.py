"""Joining tensors."""

from graph.ir import Node, Value
from rewrites.editor import Editor
from rewrites.rewrite import rewrite


@rewrite("stack-as-cat", "aten::stack", fault="stack takes matrices only")
def stack(edit: Editor, node: Node) -> Value | None:
    """Give each tensor the new dimension and join along it."""
    dim, rank = node.get("dim"), node.output.rank
    if rank > 4:
        return None
    dim %= rank
    parts = [edit.view(x, (*x.shape[:dim], 1, *x.shape[dim:])) for x in node.get("tensors")]
    return edit.op("aten::cat", parts, dim)


@rewrite(
    "cat-constant",
    "aten::cat",
    fault="along the height, cat takes no constants: they are on the CPU, and it uploads nothing",
)
def cat_constant(edit: Editor, node: Node) -> Value | None:
    """Add each constant to zeros that are on the device: arithmetic uploads its operands."""
    parts, dim = node.get("tensors"), node.get("dim")
    there = next((part for part in parts if not edit.is_constant(part)), None)
    if there is None or not any(map(edit.is_constant, parts)):
        return None
    # Of size 1 along what is joined, so that it spreads over any constant.
    one = edit.op("aten::slice.Tensor", there, dim, 0, 1, 1)
    zero = edit.scaled(one, 0)
    placed = [edit.add(part, zero) if edit.is_constant(part) else part for part in parts]
    return edit.op("aten::cat", placed, dim)


@rewrite(
    "cat-along-height",
    "aten::cat",
    "aten::concat",
    fault="along channels, other than multiples of four race for shared texels; most dimensions are refused",
)
def cat(edit: Editor, node: Node) -> Value | None:
    """Turn the tensors so that they are joined along the height, and turn the result back."""
    parts, rank = node.get("tensors"), node.output.rank
    if not 1 <= rank <= 4 or any(part.rank != rank for part in parts):
        return None
    dim = node.get("dim") % rank + 4 - rank
    order = [other for other in range(4) if other != dim]
    order.insert(2, dim)
    images = [edit.permute(edit.view(part, (1,) * (4 - rank) + part.shape), order) for part in parts]
    joined = edit.op("aten::cat", images, 2)
    return edit.view(
        edit.permute(joined, [order.index(position) for position in range(4)]), node.output.shape
    )
