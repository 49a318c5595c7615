"""Activations, from sigmoid, tanh and relu, which every runtime has.

With s = sigmoid: exp(x) = s(x) / s(-x), without the loss of digits that s / (1 - s) would have.
"""

from math import sqrt

import torch

from graph.ir import Node, Value
from rewrites.editor import Editor
from rewrites.rewrite import rewrite

# Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26: erf to 1.5e-7.
_ERF_P = 0.3275911
_ERF_A = (0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429)


@rewrite("silu-by-sigmoid", "aten::silu", fault="silu has no kernel")
def silu(edit: Editor, node: Node) -> Value:
    """X * sigmoid(x)."""
    x = node.get("self")
    return edit.mul(x, _sigmoid(edit, x))


@rewrite("elu-by-tanh", "aten::elu", fault="elu has no kernel")
def elu(edit: Editor, node: Node) -> Value:
    """relu(x) + a (exp(m) - 1) with m = min(x, 0), where exp(m) - 1 = tanh(m / 2) / sigmoid(-m)."""
    x = node.get("self")
    alpha, scale, input_scale = (float(node.get(name)) for name in ("alpha", "scale", "input_scale"))
    above = edit.op("aten::relu", x)
    below = edit.scaled(edit.op("aten::sub.Tensor", x, above), input_scale)
    growth = edit.op(
        "aten::div.Tensor",
        edit.op("aten::tanh", edit.scaled(below, 0.5)),
        _sigmoid(edit, edit.scaled(below, -1)),
    )
    return edit.scaled(edit.add(above, edit.scaled(growth, alpha)), scale)


@rewrite("selu-as-elu", "aten::selu", fault="torch composes it of elu, which has no kernel")
def selu(edit: Editor, node: Node) -> Value:
    """Elu with the two constants of Klambauer et al. 2017, arXiv:1706.02515."""
    return edit.op("aten::elu", node.get("self"), 1.6732632423543772, 1.0507009873554805, 1.0)


@rewrite("exp-by-sigmoid", "aten::exp", fault="exp has no kernel")
def exp(edit: Editor, node: Node) -> Value:
    """sigmoid(x) / sigmoid(-x)."""
    return _exp(edit, node.get("self"))


@rewrite("mish-by-sigmoid", "aten::mish", fault="mish has no kernel")
def mish(edit: Editor, node: Node) -> Value:
    """X (1 - q) / (1 + q) with q the square of sigmoid(-x)."""
    x = node.get("self")
    s = _sigmoid(edit, edit.scaled(x, -1))
    square = edit.mul(s, s)
    ratio = edit.op("aten::div.Tensor", edit.scaled(square, -1, 1), edit.scaled(square, 1, 1))
    return edit.mul(x, ratio)


@rewrite("gelu-by-sigmoid", "aten::gelu", fault="gelu has no kernel")
def gelu(edit: Editor, node: Node) -> Value:
    """X (1 + erf(x / sqrt 2)) / 2, or its tanh form."""
    x = node.get("self")
    if node.get("approximate") == "tanh":
        cube = edit.mul(edit.mul(x, x), x)
        inner = edit.scaled(edit.add(x, edit.scaled(cube, 0.044715)), sqrt(2 / torch.pi))
        curve = edit.op("aten::tanh", inner)
    else:
        curve = _erf(edit, edit.scaled(x, sqrt(0.5)))
    return edit.mul(edit.scaled(x, 0.5), edit.scaled(curve, 1, 1))


@rewrite("prelu-by-relu", "aten::prelu", fault="prelu has no kernel")
def prelu(edit: Editor, node: Node) -> Value | None:
    """relu(x) - w relu(-x)."""
    x, weight = node.get("self"), edit.tensor(node.get("weight"))
    if weight is None or x.rank < 2:
        return None
    shape = [1, -1, *[1] * (x.rank - 2)]
    below = edit.op("aten::relu", edit.scaled(x, -1))
    spread = (-weight).reshape(shape).expand(1, x.shape[1], *[1] * (x.rank - 2))
    return edit.add(edit.op("aten::relu", x), edit.mul(below, edit.constant(spread)))


def _erf(edit: Editor, x: Value) -> Value:
    """sign(x) (1 - polynomial(t) exp(-x²)) with t = 1 / (1 + p |x|)."""
    size = _abs(edit, x)
    t = _reciprocal(edit, edit.scaled(size, _ERF_P, 1))
    total = edit.scaled(t, _ERF_A[4], _ERF_A[3])
    for factor in reversed(_ERF_A[:3]):
        total = edit.scaled(edit.mul(total, t), 1, factor)
    tail = edit.mul(edit.mul(total, t), _exp(edit, edit.scaled(edit.mul(x, x), -1)))
    # The sign: x / |x|, kept from 0 / 0 by what no float32 result shows.
    sign = edit.op("aten::div.Tensor", x, edit.scaled(size, 1, 1e-30))
    return edit.mul(sign, edit.scaled(tail, -1, 1))


def _exp(edit: Editor, x: Value) -> Value:
    return edit.op("aten::div.Tensor", _sigmoid(edit, x), _sigmoid(edit, edit.scaled(x, -1)))


def _abs(edit: Editor, x: Value) -> Value:
    return edit.add(edit.op("aten::relu", x), edit.op("aten::relu", edit.scaled(x, -1)))


def _reciprocal(edit: Editor, x: Value) -> Value:
    return edit.op("aten::div.Tensor", edit.constant(torch.ones([1] * x.rank)), x)


def _sigmoid(edit: Editor, x: Value) -> Value:
    return edit.op("aten::sigmoid", x)
