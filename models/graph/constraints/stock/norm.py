"""Norms, reductions and softmax."""

import torch

from graph.constraints.call import Call, dims4, shape_text, values_of
from graph.constraints.verdict import Verdict

_LARGEST_EXPONENT = 88.0
"""exp of more is Inf in float32."""


def batch_norm(call: Call) -> Verdict | None:
    """Judge batch_norm."""
    source = call["input"]
    if call.packed and source.made_by == "convolution_overrideable" and not call["training"]:
        # optimize_for_mobile has made it a part of the convolution.
        return None
    if call["training"]:
        return Verdict("refused", "a batch norm that is training")
    if call["weight"] is None or call["bias"] is None:
        return Verdict("refused", "a batch norm without weight and bias", "batch-norm-by-conv")
    if call["running_mean"] is None or call["running_var"] is None:
        return Verdict("refused", "a batch norm without running statistics")
    if source.dim() != 4:
        return Verdict("refused", f"an input of shape {shape_text(source)}: it takes four dimensions")
    if source.shape[1] % 4 != 0:
        return Verdict(
            "refused", f"{source.shape[1]} channels: it takes a multiple of four", "batch-norm-by-conv"
        )
    return None


def layer_norm(call: Call) -> Verdict | None:
    """Judge layer_norm."""
    source = call["input"]
    if call["weight"] is None or call["bias"] is None:
        reason = "a layer norm without weight and bias: looking for them ends the process"
        return Verdict("refused", reason, "layer-norm-by-batch-norm")
    if source.dim() not in (3, 4) or (source.dim() == 4 and source.shape[0] != 1):
        return Verdict(
            "refused",
            f"an input of shape {shape_text(source)}: it takes one image of channels, height and width",
        )
    if len(call["normalized_shape"]) != 3:
        return Verdict(
            "refused", "it normalises over channels, height and width only", "layer-norm-by-batch-norm"
        )
    return None


def mean(call: Call) -> Verdict | None:
    """Judge mean.dim."""
    source = call["self"]
    if source.dim() != 4:
        return Verdict("refused", f"an input of shape {shape_text(source)}: it takes four dimensions")
    dims = {dim % 4 for dim in call["dim"] or ()}
    if dims != {2, 3}:
        return Verdict("refused", "it reduces over height and width only", "mean-by-layout")
    return None


def softmax(call: Call) -> Verdict | None:
    """Judge _softmax and _log_softmax."""
    source = call["self"]
    if source.dim() != 4 or call["dim"] != 1 or source.shape[0] != 1:
        asked = f"an input of shape {shape_text(source)} over dimension {call['dim']}"
        reason = f"{asked}: it takes one image, and dimension 1"
        return Verdict("refused", reason, "softmax-by-layout")
    values = values_of(source)
    if values is None or bool((values > _LARGEST_EXPONENT).any()):
        return Verdict(
            "wrong", "the largest value is not subtracted before: values above 88 give NaN", "softmax-shift"
        )
    if call.short_name == "_log_softmax" and bool(torch.isneginf(values).any()):
        return Verdict("wrong", "minus infinity is not kept", by_chance=True)
    return None


def glu(call: Call) -> Verdict | None:
    """Judge glu."""
    source = call["self"]
    if source.dim() != 4 or call["dim"] != 1:
        return Verdict("refused", "it takes four dimensions, and dimension 1")
    return None


def cumsum(call: Call) -> Verdict | None:
    """Judge cumsum."""
    source = call["self"]
    if dims4(source)[0] != 1:
        return Verdict("refused", "it takes a batch of one")
    if call["dim"] <= 1:
        return Verdict("refused", "it sums along height and width of four dimensions only")
    if source.dim() != 4:
        return Verdict(
            "wrong", f"dimension {call['dim']} is counted as if there were four, of {source.dim()}"
        )
    return None


RULES = {
    "batch_norm": batch_norm,
    "layer_norm": layer_norm,
    "mean": mean,
    "_softmax": softmax,
    "_log_softmax": softmax,
    "glu": glu,
    "cumsum": cumsum,
}
