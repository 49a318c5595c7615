"""What the patched backend refuses; all else that it has a kernel for, it does right."""

import torch
from torch import Tensor

from graph.constraints.call import Call, dims4, shape_text
from graph.constraints.device_tensor import DeviceTensor
from graph.constraints.images import over_limits, too_many_dimensions
from graph.constraints.recurrent import refused_recurrent
from graph.constraints.verdict import RIGHT, Verdict

_BOOL_RESULTS = {
    "eq", "ne", "lt", "le", "gt", "ge", "logical_and", "logical_or", "logical_xor", "logical_not",
    "isnan", "isposinf", "isneginf", "signbit",
}  # fmt: skip
_INT_RESULTS = {"argmax", "argmin"}
_RESHAPED_IN_PLACE = {"squeeze_", "unsqueeze_", "transpose_", "t_"}
_CONVERTED = {
    "convolution_overrideable",
    "quantize_per_tensor",
    "dequantize",
    "copy",
    "empty",
    "empty_strided",
}
_NO_KERNEL = {
    "as_strided": "a Vulkan tensor is an image and has no strides",
    "unfold": "overlapping windows are not implemented",
    "diagonal": "diagonals are not implemented",
    "max_pool2d_with_indices": "a Vulkan tensor cannot hold the int64 indices",
}
_WAYS_OUT = {"max_pool2d_with_indices": "pool without return_indices"}
_TYPED_RESULTS = {"sum", "mean", "prod", "cumsum", "norm", "linalg_vector_norm"}


def judge(call: Call) -> Verdict:
    """Say whether the backend refuses a call, and why."""
    return (
        refused_in_general(call)
        or _refused_tensors(call)
        or _refused_types(call)
        or _refused_arguments(call)
        or _refused_images(call)
        or RIGHT
    )


def refused_in_general(call: Call) -> Verdict | None:
    """Refuse the operators that are registered for their message only."""
    name = call.op.split("::")[1].split(".")[0]
    if call.short_name in _BOOL_RESULTS:
        return Verdict(
            "refused", f"the result of {call.op} is of type bool, which Vulkan tensors cannot hold"
        )
    if name in _RESHAPED_IN_PLACE:
        return Verdict("refused", "the shape of a Vulkan tensor cannot be changed in place")
    if name in _NO_KERNEL:
        way_out = f"; {_WAYS_OUT[name]}" if name in _WAYS_OUT else ""
        return Verdict("refused", f"{call.op}: {_NO_KERNEL[name]}{way_out}")
    first = next(iter(call.arguments.values()))
    if call.in_place and isinstance(first, DeviceTensor) and first.image.has_relatives():
        return Verdict(
            "refused",
            "it writes in place to a tensor that is a view or has views, and a view is a copy on Vulkan",
        )
    return None


def _refused_tensors(call: Call) -> Verdict | None:
    for tensor in call.on_device():
        found = too_many_dimensions(tensor)
        if found:
            return found
    return None


def _refused_types(call: Call) -> Verdict | None:
    if call.short_name not in _CONVERTED and call.short_name not in ("index", "index_select", "gather"):
        for tensor in call.tensors():
            if not isinstance(tensor, DeviceTensor) and tensor.dtype == torch.float64 and tensor.dim() > 0:
                return Verdict(
                    "refused",
                    f"a CPU tensor of type double (shape {shape_text(tensor)}): Vulkan computes in float",
                )
    dtype = call.get("dtype")
    if call.short_name in _TYPED_RESULTS and dtype not in (None, torch.float32):
        return Verdict("refused", f"its result cannot be of type {dtype}")
    return None


def _refused_arguments(call: Call) -> Verdict | None:
    name = call.short_name
    if name in ("gru", "lstm"):
        return refused_recurrent(call)
    if name == "index":
        return _refused_index(call)
    if name == "convolution_overrideable":
        return _refused_convolution(call)
    return None


def _refused_index(call: Call) -> Verdict | None:
    given = [index for index in call["indices"] if index is not None]
    if len(given) > 1:
        return Verdict(
            "refused", "indices in more than one dimension: only one can be indexed by a list at a time"
        )
    if any(index.dtype in (torch.bool, torch.uint8) and index.dim() != 1 for index in given):
        return Verdict("refused", "a mask of more than one dimension")
    return None


def _refused_convolution(call: Call) -> Verdict | None:
    source, weight = call["input"], call["weight"]
    if weight.dim() not in (3, 4):
        return Verdict(
            "refused", f"weights of shape {shape_text(weight)}: it convolves over height and width only"
        )
    if weight.dtype != torch.float32:
        return Verdict("refused", f"weights of type {weight.dtype}")
    if source.dim() not in (3, 4):
        return Verdict(
            "refused", f"an input of shape {shape_text(source)}: it takes (batch, channel, height, width)"
        )
    return None


def _refused_images(call: Call) -> Verdict | None:
    for tensor in (*call.on_device(), *call.outputs):
        found = too_many_dimensions(tensor) or over_limits(tensor, call.limits) or _empty(tensor)
        if found:
            return found
        if not tensor.is_floating_point() and tensor.dtype != torch.quint8 and call.short_name not in _INT_RESULTS:
            held_as_int = call.short_name in (
                "max",
                "min",
                "topk",
                "adaptive_max_pool2d",
                "adaptive_max_pool1d",
            )
            if not held_as_int:
                return Verdict(
                    "refused", f"its result is of type {tensor.dtype}, which Vulkan tensors cannot hold"
                )
    return None


def _empty(tensor: Tensor) -> Verdict | None:
    if tensor.numel() > 0:
        return None
    n, c, h, w = dims4(tensor)
    return Verdict(
        "refused", f"a tensor of shape ({n}, {c}, {h}, {w}) has no element, and an image has at least one"
    )
