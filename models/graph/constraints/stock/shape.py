"""Operators that move elements."""

import torch

from graph.constraints.call import Call, shape_text
from graph.constraints.device_tensor import DeviceTensor
from graph.constraints.verdict import Verdict


def cat(call: Call) -> Verdict | None:
    """Judge cat."""
    tensors, dim = call["tensors"], call["dim"]
    if any(tensor.dim() != 4 for tensor in tensors):
        return Verdict("refused", "it takes tensors of four dimensions")
    if dim not in (1, 2):
        return Verdict("refused", f"dimension {dim}: it takes 1 or 2", "cat-along-height")
    if dim == 1 and any(tensor.shape[1] % 4 != 0 for tensor in tensors):
        return Verdict(
            "wrong",
            "channels that are no multiple of four: its shader reads and writes texels that others write",
            "cat-along-height",
            by_chance=True,
        )
    return None


def select(call: Call) -> Verdict | None:
    """Judge select."""
    if call["self"].dim() != 3 or call["dim"] != 0:
        return Verdict("refused", "it takes three dimensions, and dimension 0")
    return None


def stack(call: Call) -> Verdict | None:
    """Judge stack."""
    if call["dim"] != 0 or any(tensor.dim() != 2 for tensor in call["tensors"]):
        return Verdict("refused", "it takes tensors of two dimensions, and dimension 0", "stack-as-cat")
    return None


def copy(call: Call) -> Verdict | None:
    """Judge copy_, which is how tensors come to the device and leave it."""
    if tuple(call["self"].shape) != tuple(call["src"].shape):
        return Verdict("refused", f"shapes {shape_text(call['self'])} and {shape_text(call['src'])} differ")
    target = call["self"]
    if not isinstance(target, DeviceTensor):
        if target.dtype not in (torch.float32, torch.float16):
            return Verdict("refused", f"it copies to a tensor of type {target.dtype}")
        if not target.is_contiguous():
            return Verdict("wrong", "it copies to a tensor with strides as if it had none")
    return None


RULES = {"cat": cat, "select": select, "stack": stack, "copy": copy}
