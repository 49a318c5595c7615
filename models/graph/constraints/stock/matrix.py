"""Products of matrices, and recurrent layers."""

from torch import Tensor

from graph.constraints.call import Call, shape_text
from graph.constraints.device_tensor import DeviceTensor
from graph.constraints.recurrent import refused_recurrent
from graph.constraints.verdict import Verdict


def mm(call: Call) -> Verdict | None:
    """Judge mm: the second matrix is packed, and must come from the CPU."""
    return _of_device(call["mat2"])


def addmm(call: Call) -> Verdict | None:
    """Judge addmm."""
    bias, one, weight = call["self"], call["mat1"], call["mat2"]
    if bias.dim() == 0:
        return Verdict("refused", "a bias without dimensions: upstream's images have one to four")
    if bias.dim() > 1 and bias.shape[1] != weight.shape[1]:
        return Verdict("refused", f"a bias of shape {shape_text(bias)} for {weight.shape[1]} columns")
    return _of_device(bias) or _of_device(weight) or _spread(bias, one, weight)


def linear(call: Call) -> Verdict | None:
    """Judge linear, which optimize_for_mobile packs; without that it is composed of addmm or matmul."""
    source, weight, bias = call["input"], call["weight"], call["bias"]
    if source.dim() < 2:
        return Verdict(
            "refused", f"an input of shape {shape_text(source)}: a packed linear takes two dimensions or more"
        )
    return None if bias is None else _spread(bias, source, weight.t())


def recurrent(call: Call) -> Verdict | None:
    """Judge gru and lstm."""
    refused = refused_recurrent(call)
    if refused is not None:
        return refused
    if call.form == "lite":
        return Verdict(
            "refused", "in the lite interpreter the packed weights of a recurrent layer are not found"
        )
    if call["input"].shape[0] * call["input"].shape[1] > 1:
        return Verdict(
            "wrong",
            "only one step of one sequence is computed: steps and batch are taken for rows of a matrix",
        )
    return None


def _of_device(weight: Tensor) -> Verdict | None:
    if isinstance(weight, DeviceTensor):
        return Verdict(
            "wrong", "a matrix that is on the device is taken for a packed one", by_chance=weight.numel() == 1
        )
    return None


def _spread(bias: Tensor, source: Tensor, weight: Tensor) -> Verdict | None:
    rows, columns = source.shape[:-1].numel(), weight.shape[1]
    if rows == 1 and bias.numel() == columns:
        return None
    if bias.numel() == rows * columns:
        return None
    return Verdict(
        "wrong",
        f"a bias of shape {shape_text(bias)} is added to the first row of {rows} only",
        "linear-as-conv",
    )


RULES = {"mm": mm, "addmm": addmm, "linear": linear, "gru": recurrent, "lstm": recurrent}
