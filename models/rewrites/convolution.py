"""Convolutions."""

import torch
from torch import Tensor

from graph.ir import Node, Value
from rewrites.editor import Editor
from rewrites.rewrite import rewrite


@rewrite("explicit-padding", "aten::conv2d", fault="padding given by a word has no prepacked form")
def explicit_padding(edit: Editor, node: Node) -> Value | None:
    """Say "same" and "valid" in numbers, where both sides are alike."""
    if node.overload != "padding":
        return None
    weight, dilation = node.get("weight"), node.get("dilation")
    around = [step * (size - 1) for step, size in zip(_pair(dilation), weight.shape[2:], strict=True)]
    if node.get("padding") == "valid":
        padding = [0, 0]
    elif any(total % 2 for total in around):
        return None
    else:
        padding = [total // 2 for total in around]
    names = ("input", "weight", "bias")
    given = [node.get(name) for name in names]
    return edit.op("aten::conv2d", *given, node.get("stride"), padding, dilation, node.get("groups"))


@rewrite(
    "conv-bias",
    "aten::conv2d",
    fault="a convolution without a bias fails, or loses the shift of the norm after it",
)
def conv_bias(edit: Editor, node: Node) -> Value | None:
    """Give a bias of zeros."""
    if node.overload or node.get("bias") is not None:
        return None
    bias = edit.constant(torch.zeros(node.get("weight").shape[0]))
    (value,) = edit.emit(node.op, node.overload, {**node.arguments, "bias": bias})
    return value


@rewrite(
    "conv-batch",
    "aten::conv2d",
    "aten::conv_transpose2d",
    fault="only the first image of a batch is computed, the others are silently wrong",
)
def conv_batch(edit: Editor, node: Node) -> Value | None:
    """Convolve each image alone."""
    x = node.get("input")
    if node.overload == "padding" or x.rank != 4 or x.shape[0] == 1:
        return None
    parts = []
    for index in range(x.shape[0]):
        image = edit.op("aten::slice.Tensor", x, 0, index, index + 1, 1)
        parts += edit.emit(node.op, node.overload, {**node.arguments, "input": image})
    return edit.op("aten::cat", parts, 0)


@rewrite(
    "grouped-conv",
    "aten::conv2d",
    "aten::conv_transpose2d",
    fault="groups are computed only where each has one channel in and one out, others are silently wrong",
)
def grouped_conv(edit: Editor, node: Node) -> Value | None:
    """Convolve densely, with zeros between the groups."""
    groups, weight = node.get("groups"), edit.tensor(node.get("weight"))
    is_depthwise = groups == node.get("input").shape[1] == node.output.shape[1]
    is_transposed = node.op == "aten::conv_transpose2d"
    if groups == 1 or weight is None or node.overload == "padding" or (is_depthwise and not is_transposed):
        return None
    dense = edit.constant(block_diagonal(weight, groups))
    (value,) = edit.emit(node.op, node.overload, {**node.arguments, "weight": dense, "groups": 1})
    return value


def block_diagonal(weight: Tensor, groups: int) -> Tensor:
    """Give the dense weights that compute what grouped ones do.

    Transposed or not, the groups lie side by side in dimension 0, and dimension 1 has the channels of one.
    """
    blocks = weight.chunk(groups, 0)
    rows = [
        torch.cat(
            [block if column == row else torch.zeros_like(block) for column in range(groups)],
            dim=1,
        )
        for row, block in enumerate(blocks)
    ]
    return torch.cat(rows, dim=0)


@rewrite(
    "dilated-conv-padding",
    "aten::conv2d",
    fault="at the borders a dilated convolution with padding starts at a wrong tap: silently wrong",
)
def dilated_conv_padding(edit: Editor, node: Node) -> Value | None:
    """Pad before, by a 1x1 convolution of each channel with itself, and convolve without padding."""
    x, padding = node.get("input"), node.get("padding")
    if node.overload or max(node.get("dilation")) == 1 or not any(_pair(padding)) or x.shape[0] != 1:
        return None
    channels = x.shape[1]
    padded = edit.conv2d(x, torch.ones(channels, 1, 1, 1), padding=_pair(padding), groups=channels)
    (value,) = edit.emit(node.op, node.overload, {**node.arguments, "input": padded, "padding": [0, 0]})
    return value


@rewrite("conv1d-as-conv2d", "aten::conv1d", fault="convolutions take images of four dimensions only")
def conv1d(edit: Editor, node: Node) -> Value | None:
    """Convolve rows of height 1."""
    x, weight = node.get("input"), edit.tensor(node.get("weight"))
    if node.overload or x.rank != 3 or weight is None:
        return None
    image = edit.view(x, (x.shape[0], x.shape[1], 1, x.shape[2]))
    lists = [[0 if name == "padding" else 1, *node.get(name)] for name in ("stride", "padding", "dilation")]
    wide = edit.constant(weight.unsqueeze(2))
    result = edit.op("aten::conv2d", image, wide, node.get("bias"), *lists, node.get("groups"))
    return edit.view(result, node.output.shape)


@rewrite("linear-as-conv", "aten::linear", fault="linear takes matrices only")
def linear(edit: Editor, node: Node) -> Value | None:
    """Take the rows for pixels and convolve by 1x1."""
    x, weight = node.get("input"), edit.tensor(node.get("weight"))
    if weight is None or x.rank < 2:
        return None
    features, count = x.shape[-1], x.numel // x.shape[-1]
    rows = edit.view(x, (count, features))
    image = edit.view(edit.permute(rows, (1, 0)), (1, features, count, 1))
    bias = edit.tensor(node.get("bias"))
    result = edit.conv2d(image, weight.reshape(*weight.shape, 1, 1), bias)
    return edit.view(edit.permute(edit.view(result, (weight.shape[0], count)), (1, 0)), node.output.shape)


@rewrite(
    "input-lanes",
    "aten::conv2d",
    "aten::conv_transpose2d",
    fault="an upload leaves the lanes beyond the last channel as memory held them; NaN there spreads",
)
def input_lanes(edit: Editor, node: Node) -> Value | None:
    """Turn the image and turn it back: permute writes zeros there."""
    x = node.get("input")
    if x.rank != 4 or x.shape[0] * x.shape[1] % 4 == 0 or node.overload == "padding":
        return None
    clean = edit.permute(edit.permute(x, (0, 1, 3, 2)), (0, 1, 3, 2))
    (value,) = edit.emit(node.op, node.overload, {**node.arguments, "input": clean})
    return value


def _pair(values: list[int]) -> list[int]:
    return list(values) * 2 if len(values) == 1 else list(values)
