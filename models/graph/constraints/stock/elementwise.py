"""Arithmetic with broadcasting, activations, interpolation."""

import torch
from torch import Tensor

from graph.constraints.call import Call, dims4, shape_text, values_of
from graph.constraints.verdict import Verdict


def arithmetic(call: Call) -> Verdict | None:
    """Judge add, sub, mul and div."""
    one, other = call["self"], call["other"]
    if not isinstance(other, Tensor):
        if call.op.endswith("Tensor"):
            return Verdict(
                "refused",
                "a number that Python makes a tensor without dimensions; traced or scripted it works",
            )
        return None
    for tensor in (one, other):
        if tensor.dim() == 0:
            return Verdict(
                "refused", "a tensor without dimensions: upstream's images have one to four", "scalar-operand"
            )
        if tensor.dtype != torch.float32:
            return Verdict("refused", f"a tensor of type {tensor.dtype}")
    return _broadcast(call, one, other)


def _broadcast(call: Call, one: Tensor, other: Tensor) -> Verdict | None:
    (n1, c1, _h1, _w1), (n2, c2, _h2, _w2) = dims4(one), dims4(other)
    shapes = f"{shape_text(one)} and {shape_text(other)}"
    if n1 != n2 and not ((c1 == c2 and c1 % 4 == 0) or n1 * c1 == 1 or n2 * c2 == 1):
        return Verdict(
            "refused", f"batches of {shapes} differ, and their channels are not equal and a multiple of four"
        )
    if c1 != c2 and not (n1 * c1 == 1 or n2 * c2 == 1):
        return Verdict("refused", f"channels of {shapes} differ, and neither has only one")
    if call.in_place and any(a < b for a, b in zip(dims4(one), dims4(other), strict=True)):
        return Verdict("refused", f"in place {shapes}: the first must be the larger")
    return None


def lerp(call: Call) -> Verdict | None:
    """Judge lerp."""
    one, other = call["self"], call["end"]
    (n1, c1, _, _), (n2, c2, _, _) = dims4(one), dims4(other)
    if c1 != c2 or (n1 != n2 and c1 % 4 != 0):
        return Verdict("refused", f"{shape_text(one)} and {shape_text(other)}: channels must be equal")
    return None


def activation(call: Call) -> Verdict | None:
    """Judge activations, which lose NaN: GLSL's min, max and exp need not keep it."""
    values = values_of(call["self"])
    if values is not None and bool(torch.isnan(values).any()):
        return Verdict("wrong", "NaN is not kept", by_chance=True)
    return None


def bounded(call: Call) -> Verdict | None:
    """Judge hardtanh and clamp, which optimize_for_mobile makes a part of the convolution before them."""
    if call.packed and call["self"].made_by == "convolution_overrideable":
        bounds = [call.get(name) for name in ("min", "max", "min_val", "max_val")]
        if any(isinstance(bound, int) for bound in bounds):
            return Verdict(
                "refused", "bounds that are whole numbers: the prepacked convolution takes fractions only"
            )
    return activation(call)


_ACTIVATIONS = ("relu", "hardswish", "hardsigmoid", "sigmoid", "tanh", "threshold")
RULES = {
    **dict.fromkeys(_ACTIVATIONS, activation),
    "hardtanh": bounded,
    "clamp": bounded,
    "add": arithmetic,
    "sub": arithmetic,
    "mul": arithmetic,
    "div": arithmetic,
    "lerp": lerp,
}
