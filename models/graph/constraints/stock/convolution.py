"""Convolutions."""

import torch

from graph.constraints.call import Call, shape_text
from graph.constraints.device_tensor import DeviceTensor
from graph.constraints.verdict import Verdict


def convolution(call: Call) -> Verdict | None:
    """Judge a convolution, transposed or not."""
    return _refused(call) or _wrong(call)


def _refused(call: Call) -> Verdict | None:
    source, weight, bias = call["input"], call["weight"], call["bias"]
    if source.dim() != 4 or weight.dim() != 4:
        return Verdict(
            "refused", f"an input of shape {shape_text(source)}: it takes (batch, channel, height, width)"
        )
    if weight.dtype != torch.float32:
        return Verdict("refused", f"weights of type {weight.dtype}")
    if bias is None and not call.packed:
        return Verdict("refused", "a convolution without a bias whose weights are not prepacked", "conv-bias")
    if call["transposed"]:
        if any(step != 1 for step in call["dilation"]):
            return Verdict("refused", "a transposed convolution with dilation")
        if bias is not None and weight.shape[1] != bias.shape[0]:
            return Verdict("refused", "a transposed convolution in groups")
    if weight.shape[0] % call["groups"] != 0:
        return Verdict("refused", "output channels that are no multiple of the groups")
    return None


def _wrong(call: Call) -> Verdict | None:
    source, weight = call["input"], call["weight"]
    if isinstance(weight, DeviceTensor):
        return Verdict("wrong", "weights that are on the device are taken for packed ones")
    if source.shape[0] != 1:
        return Verdict(
            "wrong",
            "only the first image of a batch is computed: its shader takes the planes of all for channels",
            "conv-batch",
        )
    groups, outputs = call["groups"], weight.shape[0]
    if call["transposed"]:
        if groups != 1:
            return Verdict("wrong", "the groups of a transposed convolution are ignored", "grouped-conv")
    elif groups != 1 and not (groups == outputs and weight.shape[1] == 1):
        return Verdict(
            "wrong", "groups are computed only where each has one channel in and one out", "grouped-conv"
        )
    elif _misses_taps(call):
        return Verdict(
            "wrong",
            "at the borders a dilated convolution with padding starts at a wrong tap",
            "dilated-conv-padding",
        )
    if source.dirty_lanes:
        return Verdict(
            "wrong",
            "the lanes beyond the last channel of an uploaded tensor hold what memory held before, "
            "and NaN times zero is NaN",
            "input-lanes",
            by_chance=True,
        )
    return None


def _misses_taps(call: Call) -> bool:
    """Whether some output starts left of the image at a distance that is no multiple of the dilation.

    conv2d.glsl starts at tap (start - ipos) / dilate, rounded down, so that it misses or adds one then.
    """
    for axis in (0, 1):
        step, stride, pad = call["dilation"][axis], call["stride"][axis], call["padding"][axis]
        outputs = call.out.shape[2 + axis]
        starts = (stride * x - pad for x in range(min(outputs, pad)))
        if any(start < 0 and start % step != 0 for start in starts):
            return True
    return False


RULES = {"convolution_overrideable": convolution}
