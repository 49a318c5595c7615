"""Quantised tensors."""

from graph.constraints.call import Call
from graph.constraints.verdict import Verdict


def quantize(call: Call) -> Verdict | None:
    """Judge quantize_per_tensor."""
    return Verdict(
        "wrong",
        "values are rounded otherwise than on the CPU, and what does not fit in a byte is not clamped",
    )


RULES = {"quantize_per_tensor": quantize}
