"""Norms. For statistics of the data, batch_norm is the backend's only source of a reciprocal square root."""

import torch
from torch import Tensor

from graph.ir import Node, Value
from rewrites.editor import Editor
from rewrites.fold_norms import affine
from rewrites.rewrite import rewrite


@rewrite(
    "batch-norm-by-conv",
    "aten::batch_norm",
    fault="batch_norm takes four dimensions, a multiple of four channels, a weight and a bias",
)
def batch_norm(edit: Editor, node: Node) -> Value | None:
    """Scale and shift each channel by a 1x1 convolution with itself."""
    x = node.get("input")
    statistics = (node.get("running_mean"), node.get("running_var"))
    if (
        node.get("training")
        or any(edit.tensor(part) is None for part in statistics)
        or x.rank not in (2, 3, 4)
    ):
        return None
    scale, shift = affine(edit, node)
    image = edit.view(x, (*x.shape, 1, 1)[:4])
    channels = x.shape[1]
    result = edit.conv2d(image, scale.float().reshape(-1, 1, 1, 1), shift.float(), groups=channels)
    return edit.view(result, x.shape)


@rewrite("group-norm-by-batch-norm", "aten::group_norm", fault="native_group_norm has no kernel")
def group_norm(edit: Editor, node: Node) -> Value | None:
    """Compute the groups' statistics by means and 1x1 convolutions, and give them to batch_norm."""
    x, groups = node.get("input"), node.get("num_groups")
    if x.rank != 4 or x.shape[0] != 1 or x.shape[1] % 4 != 0:
        return None
    size = x.shape[1] // groups
    averages = torch.block_diag(*[torch.full((size, size), 1 / size)] * groups)
    return _normalised(
        edit, x, averages, weight=node.get("weight"), bias=node.get("bias"), eps=node.get("eps")
    )


@rewrite(
    "instance-norm-by-batch-norm",
    "aten::instance_norm",
    fault="it needs statistics that batch_norm does not compute",
)
def instance_norm(edit: Editor, node: Node) -> Value | None:
    """Compute each channel's statistics by means, and give them to batch_norm."""
    x = node.get("input")
    if x.rank != 4 or x.shape[0] != 1 or x.shape[1] % 4 != 0 or not node.get("use_input_stats"):
        return None
    return _normalised(edit, x, None, weight=node.get("weight"), bias=node.get("bias"), eps=node.get("eps"))


@rewrite(
    "layer-norm-by-batch-norm",
    "aten::layer_norm",
    fault="layer_norm normalises over channels, height and width only",
)
def layer_norm(edit: Editor, node: Node) -> Value | None:
    """Take what is normalised for the pixels of a channel each."""
    x, shape = node.get("input"), list(node.get("normalized_shape"))
    count = x.numel // int(torch.tensor(shape).prod())
    if len(shape) > 2 or count % 4 != 0:
        return None
    image = edit.view(x, (1, count, *shape, *[1] * (2 - len(shape))))
    y = _normalised(edit, image, None, weight=None, bias=None, eps=node.get("eps"))
    for name, target in (("weight", "aten::mul.Tensor"), ("bias", "aten::add.Tensor")):
        tensor = edit.tensor(node.get(name))
        if tensor is not None:
            y = edit.op(target, y, edit.constant(tensor.reshape(1, 1, *image.shape[2:])))
    return edit.view(y, x.shape)


def _normalised(
    edit: Editor, x: Value, averages: Tensor | None, *, weight: Value | None, bias: Value | None, eps: float
) -> Value:
    """Normalise (1, C, H, W); `averages` (C, C) makes a group's statistics of those of its channels."""
    channels = x.shape[1]

    def mean(value: Value) -> Value:
        found = edit.op("aten::mean.dim", value, [2, 3], True)
        return found if averages is None else edit.conv2d(found, averages.reshape(channels, channels, 1, 1))

    average = mean(x)
    centred = edit.op("aten::sub.Tensor", x, average)
    variance = edit.view(mean(edit.mul(centred, centred)), (channels,))
    nothing = edit.constant(torch.zeros(channels))
    given = (
        edit.constant(torch.ones(channels)) if weight is None else weight,
        nothing if bias is None else bias,
    )
    return edit.op("aten::batch_norm", centred, *given, nothing, variance, False, 0.0, eps, False)
