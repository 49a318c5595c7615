"""Quantised tensors."""

from graph.constraints.call import Call
from graph.constraints.verdict import Verdict


def quantize(call: Call) -> Verdict | None:
    """Judge quantize_per_tensor."""
    return Verdict("wrong", "values are quantised otherwise than on the CPU")


RULES = {"quantize_per_tensor": quantize}
