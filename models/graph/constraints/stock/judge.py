"""Finding the rule for a call, and what holds for all operators."""

from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor

from graph.constraints.call import Call, shape_text
from graph.constraints.device_tensor import DeviceTensor
from graph.constraints.images import over_limits, too_many_dimensions
from graph.constraints.stock import convolution, elementwise, matrix, norm, pool, quantize, shape
from graph.constraints.verdict import RIGHT, Limits, Verdict

_RULES: dict[str, Callable[[Call], Verdict | None]] = {
    **convolution.RULES,
    **elementwise.RULES,
    **matrix.RULES,
    **norm.RULES,
    **pool.RULES,
    **quantize.RULES,
    **shape.RULES,
}
_MAKERS = {"empty", "empty_strided", "_empty_affine_quantized"}


def judge(call: Call) -> Verdict:
    """Say what comes of a call of one of the kernels."""
    for tensor in call.on_device():
        found = no_image(tensor, call)
        if found:
            return found
    rule = _RULES.get(call.short_name)
    found = rule(call) if rule else None
    if found is not None and found.ends:
        return found
    for tensor in call.outputs:
        refused = no_image(tensor, call)
        if refused:
            return refused
    return found or _lost_write(call) or RIGHT


def no_image(tensor: Tensor, call: Call) -> Verdict | None:
    """Refuse what no image can hold: too many dimensions or none, no element, whole numbers, too large."""
    found = too_many_dimensions(tensor)
    if found:
        return found
    if tensor.dim() == 0:
        return Verdict("refused", "a tensor without dimensions: upstream's images have one to four")
    if tensor.dtype not in (torch.float32, torch.float16, torch.quint8):
        return Verdict("refused", f"a tensor of type {tensor.dtype}, which upstream's images cannot hold")
    if tensor.numel() == 0:
        return Verdict("refused", f"a tensor of shape {shape_text(tensor)} has no element")
    return unchecked_limits(tensor, call.limits)


def unchecked_limits(tensor: Tensor, limits: Limits) -> Verdict | None:
    """Say what is over a device's limits: upstream does not ask for them, and some drivers let it pass."""
    found = over_limits(tensor, limits)
    return None if found is None else replace(found, by_chance=True)


def _lost_write(call: Call) -> Verdict | None:
    first = next(iter(call.arguments.values()), None)
    if call.in_place and isinstance(first, DeviceTensor) and first.image.has_relatives():
        return Verdict(
            "wrong",
            "it writes in place to a tensor that is a view or has views: "
            "a view is a copy on Vulkan, and the others do not change",
        )
    return None
