"""Pools and resizing."""

import torch

from graph.constraints.call import Call, pair, shape_text, values_of
from graph.constraints.verdict import Verdict


def max_pool2d(call: Call) -> Verdict | None:
    """Judge max_pool2d: cells of the padding count as 0 and not as less than everything."""
    source = call["self"]
    if source.dim() != 4:
        return Verdict("refused", f"an input of shape {shape_text(source)}: it takes four dimensions")
    if not _leaves_the_image(call):
        return None
    values = values_of(source)
    if values is not None and bool((values >= 0).all()):
        return None
    return Verdict(
        "wrong",
        "cells beyond the border count as 0: only without negative values is that right",
        "max-pool-border",
    )


def avg_pool2d(call: Call) -> Verdict | None:
    """Judge avg_pool2d, which always divides by the kernel's area."""
    source = call["self"]
    if source.dim() != 4:
        return Verdict("refused", f"an input of shape {shape_text(source)}: it takes four dimensions")
    kernel = pair(call["kernel_size"])
    divisor = call["divisor_override"]
    if divisor is not None and divisor != kernel[0] * kernel[1]:
        return Verdict("wrong", "divisor_override is ignored", "avg-pool-count")
    padded = any(pair(call["padding"]))
    if padded and not call["count_include_pad"]:
        return Verdict("wrong", "count_include_pad=False is ignored", "avg-pool-count")
    if call["ceil_mode"] and _leaves_the_image(call, beyond_padding=True):
        return Verdict(
            "wrong",
            "windows that ceil_mode lets leave the image are divided by the kernel's area",
            "avg-pool-count",
        )
    return None


def adaptive_avg_pool2d(call: Call) -> Verdict | None:
    """Judge _adaptive_avg_pool2d."""
    source = call["self"]
    if source.dim() != 4:
        return Verdict("refused", f"an input of shape {shape_text(source)}: it takes four dimensions")
    for axis in (2, 3):
        if _rounds_wrongly(source.shape[axis], call.out.shape[axis]):
            cells = f"{source.shape[axis]} to {call.out.shape[axis]} cells"
            return Verdict("wrong", f"{cells}: the windows' borders are rounded in float")
    return None


def _rounds_wrongly(size: int, outputs: int) -> bool:
    """Whether the shader, which counts in float32, begins or ends a window elsewhere than torch."""
    stride = torch.tensor(size, dtype=torch.float32) / outputs
    kernel = size - (outputs - 1) * stride
    for index in range(outputs):
        start = index * stride
        if int(start) != index * size // outputs:
            return True
        if int(torch.ceil(start + kernel)) != -(-(index + 1) * size // outputs):
            return True
    return False


def upsample_nearest2d(call: Call) -> Verdict | None:
    """Judge upsample_nearest2d."""
    if call["self"].dim() != 4:
        return Verdict("refused", "it takes four dimensions")
    return None


def _leaves_the_image(call: Call, *, beyond_padding: bool = False) -> bool:
    kernel, padding = pair(call["kernel_size"]), pair(call["padding"])
    stride = pair(call["stride"]) if call["stride"] else kernel
    dilation = pair(call.get("dilation") or 1)
    for axis in (0, 1):
        size, outputs = call["self"].shape[2 + axis], call.out.shape[2 + axis]
        last = (outputs - 1) * stride[axis] - padding[axis] + (kernel[axis] - 1) * dilation[axis]
        if beyond_padding:
            if last >= size + padding[axis]:
                return True
        elif padding[axis] > 0 or last >= size:
            return True
    return False


def border_pad(call: Call) -> Verdict | None:
    """Judge reflection_pad2d and replication_pad2d."""
    if any(size < 0 for size in call["padding"]):
        return Verdict("refused", "a negative padding")
    return None


RULES = {
    "reflection_pad2d": border_pad,
    "replication_pad2d": border_pad,
    "max_pool2d": max_pool2d,
    "avg_pool2d": avg_pool2d,
    "_adaptive_avg_pool2d": adaptive_avg_pool2d,
    "upsample_nearest2d": upsample_nearest2d,
}
