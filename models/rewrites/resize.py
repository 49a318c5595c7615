"""Resizing."""

from typing import Any

import torch
from torch import Tensor

from graph.ir import Node, Value
from rewrites.editor import Editor
from rewrites.rewrite import rewrite


@rewrite("bilinear-of-one-pixel", "aten::upsample_bilinear2d", fault="upsample_bilinear2d has no kernel")
def one_pixel(edit: Editor, node: Node) -> Value | None:
    """Repeat the pixel: that is what interpolating one gives."""
    x = node.inputs()[0]
    if x.shape[2:] != (1, 1):
        return None
    return edit.op("aten::upsample_nearest2d.vec", x, list(node.output.shape[2:]), None)


@rewrite("bilinear-by-conv", "aten::upsample_bilinear2d", fault="upsample_bilinear2d has no kernel")
def bilinear(edit: Editor, node: Node) -> Value | None:
    """Interpolate columns, then rows, by 1x1 convolutions over what lies in the channels then."""
    x = node.inputs()[0]
    if x.shape[0] != 1:
        return None
    factors = _factors(node)
    # (1, C, H, W) -> (1, W, H, C) -> (1, H, W', C) -> (1, C, H', W')
    columns = _by_matrix(edit, edit.permute(x, (0, 3, 2, 1)), node, axis=3, factor=factors[1])
    rows = _by_matrix(edit, edit.permute(columns, (0, 2, 1, 3)), node, axis=2, factor=factors[0])
    return edit.permute(rows, (0, 3, 1, 2))


def _by_matrix(edit: Editor, x: Value, node: Node, *, axis: int, factor: float | None) -> Value:
    matrix = interpolation(
        x.shape[1], node.output.shape[axis], align=node.get("align_corners"), factor=factor
    )
    return edit.conv2d(x, matrix.reshape(*matrix.shape, 1, 1))


def interpolation(size: int, wanted: int, *, align: bool, factor: float | None) -> Tensor:
    """Give the matrix (wanted, size) of a linear interpolation: what torch makes of the unit vectors."""
    made = torch.ops.aten.upsample_linear1d.default(torch.eye(size).unsqueeze(0), [wanted], align, factor)
    return made[0].t().contiguous()


def _factors(node: Node) -> tuple[Any, Any]:
    """Give the scales in height and width, None where the size was given instead."""
    if node.overload == "vec":
        factors = node.get("scale_factors")
        return (None, None) if factors is None else (factors[0], factors[1])
    return node.get("scales_h"), node.get("scales_w")
