"""Operators that only arrange elements."""

from collections.abc import Sequence

import torch

from graph.ir import Node, Value
from rewrites.editor import Editor
from rewrites.rewrite import rewrite


@rewrite(
    "as-view",
    "aten::flatten",
    "aten::reshape",
    "aten::unsqueeze",
    "aten::squeeze",
    "aten::view_as",
    "aten::unflatten",
    "aten::expand",
    "aten::expand_as",
    fault="torch composes it of as_strided, which has no kernel",
)
def as_view(edit: Editor, node: Node) -> Value | None:
    """Say the new shape in numbers."""
    (x,) = node.inputs()[:1]
    if x.numel != node.output.numel or max(x.rank, node.output.rank) > 4:
        return None
    return edit.view(x, node.output.shape)


@rewrite(
    "as-permute",
    "aten::transpose",
    "aten::swapaxes",
    "aten::t",
    fault="transpose has no kernel, permute has",
)
def as_permute(edit: Editor, node: Node) -> Value | None:
    """Say the whole order of dimensions."""
    x = node.get("self")
    if x.rank > 4:
        return None
    one, other = (0, 1) if node.op == "aten::t" else (node.get("dim0"), node.get("dim1"))
    order = list(range(x.rank))
    if x.rank > 1:
        order[one], order[other] = order[other], order[one]
    return edit.permute(x, order)


@rewrite(
    "spread",
    "aten::expand",
    "aten::expand_as",
    fault="expand is a view with strides of zero, which images do not have",
)
def spread(edit: Editor, node: Node) -> Value | None:
    """Multiply by ones of the missing height and width."""
    x, shape = node.get("self"), node.output.shape
    if x.rank != 4 or x.shape[:2] != shape[:2]:
        return None
    return edit.mul(x, edit.constant(torch.ones(1, 1, *shape[2:])))


@rewrite(
    "slices",
    "aten::unbind",
    "aten::select",
    fault="select takes three dimensions and the first of them only",
)
def slices(edit: Editor, node: Node) -> Sequence[Value] | None:
    """Slice each part and leave out the dimension."""
    x = node.get("self")
    if x.rank > 4:
        return None
    dim = node.get("dim") % x.rank
    first = node.arguments.get("index", 0) % x.shape[dim]
    parts = (
        edit.op("aten::slice.Tensor", x, dim, index, index + 1, 1)
        for index in range(first, first + len(node.outputs))
    )
    return [edit.view(part, output.shape) for part, output in zip(parts, node.outputs, strict=True)]


@rewrite("pad-by-mode", "aten::pad", fault="the mode's own operator has the kernel")
def pad_by_mode(edit: Editor, node: Node) -> Value | None:
    """Call the operator of the mode."""
    x, pad = node.get("self"), list(node.get("pad"))
    name = {"reflect": "reflection_pad2d", "replicate": "replication_pad2d"}.get(node.get("mode"))
    if node.get("mode") == "constant":
        return edit.op("aten::constant_pad_nd", x, pad, node.get("value") or 0)
    return edit.op(f"aten::{name}", x, pad) if name is not None and x.rank == 4 and len(pad) == 4 else None


@rewrite("pad-by-conv", "aten::constant_pad_nd", fault="constant_pad_nd has no kernel")
def pad_by_conv(edit: Editor, node: Node) -> Value | None:
    """Pad by a 1x1 convolution of each channel with itself, and cut off what is too much."""
    x, value = node.get("self"), float(node.get("value"))
    pad = [*node.get("pad"), 0, 0, 0, 0][:4]
    if x.rank != 4 or len(node.get("pad")) > 4 or min(pad) < 0 or x.shape[0] != 1:
        return None
    left, right, top, bottom = pad
    shifted = edit.scaled(x, 1, -value)
    around = (max(top, bottom), max(left, right))
    channels = x.shape[1]
    weight = torch.ones(channels, 1, 1, 1)
    y = edit.conv2d(shifted, weight, padding=around, groups=channels)
    for dim, before, size in ((2, top, node.output.shape[2]), (3, left, node.output.shape[3])):
        start = around[dim - 2] - before
        if y.shape[dim] != size:
            y = edit.op("aten::slice.Tensor", y, dim, start, start + size, 1)
    return edit.scaled(y, 1, value)


@rewrite(
    "pixel-shuffle-by-conv", "aten::pixel_shuffle", fault="torch composes it of a view of six dimensions"
)
def pixel_shuffle(edit: Editor, node: Node) -> Value | None:
    """Put each channel in its place by a transposed convolution with weights of 0 and 1."""
    x, factor = node.get("self"), node.get("upscale_factor")
    if x.rank != 4 or x.shape[0] != 1:
        return None
    channels = node.output.shape[1]
    taps = torch.eye(x.shape[1]).reshape(x.shape[1], channels, factor, factor)
    stride, nothing = [factor, factor], [0, 0]
    bias = edit.constant(torch.zeros(channels))
    return edit.op(
        "aten::conv_transpose2d.input", x, edit.constant(taps), bias, stride, nothing, nothing, 1, [1, 1]
    )


@rewrite(
    "channel-shuffle-by-conv", "aten::channel_shuffle", fault="torch composes it of a view of five dimensions"
)
def channel_shuffle(edit: Editor, node: Node) -> Value | None:
    """Give each channel its new place by a 1x1 convolution with weights of 0 and 1."""
    x, groups = node.get("self"), node.get("groups")
    if x.rank != 4 or x.shape[0] != 1:
        return None
    order = torch.arange(x.shape[1]).reshape(groups, -1).t().reshape(-1)
    return edit.conv2d(x, torch.eye(x.shape[1])[order].reshape(*order.shape, -1, 1, 1))
