"""Products of matrices, and recurrent layers."""

from graph.constraints.call import Call
from graph.constraints.device_tensor import DeviceTensor
from graph.constraints.recurrent import refused_recurrent
from graph.constraints.verdict import Verdict


def mm(call: Call) -> Verdict | None:
    """Judge mm: the second matrix is packed, and must come from the CPU."""
    return _product(call, call["mat2"])


def addmm(call: Call) -> Verdict | None:
    """Judge addmm."""
    return _product(call, call["mat2"])


def _product(call: Call, weight: object) -> Verdict | None:
    if isinstance(weight, DeviceTensor):
        return Verdict("wrong", "a second matrix that is on the device is taken for a packed one")
    return None


RULES = {"mm": mm, "addmm": addmm, "gru": refused_recurrent, "lstm": refused_recurrent}
