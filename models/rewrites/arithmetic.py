"""Arithmetic."""

import torch

from graph.ir import Node, Value
from rewrites.editor import Editor
from rewrites.rewrite import rewrite

_BINARY = ("aten::add", "aten::sub", "aten::mul", "aten::div")


@rewrite("scalar-operand", *_BINARY, fault="a tensor without dimensions has no image")
def scalar_operand(edit: Editor, node: Node) -> Value | None:
    """Take the number for one."""
    other = node.arguments.get("other")
    tensor = edit.tensor(other)
    number = tensor.item() if tensor is not None and tensor.dim() == 0 else other
    if node.overload != "Tensor" or not isinstance(number, int | float) or node.get("self").rank == 0:
        return None
    (value,) = edit.emit(node.op, "Scalar", {**node.arguments, "other": number})
    return value


@rewrite("full-constant", *_BINARY, fault="batches and channels of different sizes are not spread")
def full_constant(edit: Editor, node: Node) -> Value | None:
    """Write a constant operand out in the result's shape."""
    for name in ("self", "other"):
        value = node.arguments.get(name)
        tensor = edit.tensor(value)
        if tensor is not None and tensor.shape != node.output.shape and node.output.rank <= 4:
            full = edit.constant(tensor.expand(node.output.shape))
            (result,) = edit.emit(node.op, node.overload, {**node.arguments, name: full})
            return result
    return None


@rewrite("neg-by-mul", "aten::neg", "aten::negative", fault="neg has no kernel")
def neg(edit: Editor, node: Node) -> Value:
    """X * -1."""
    return edit.scaled(node.get("self"), -1)


@rewrite("rsub-by-mul", "aten::rsub", fault="rsub has no kernel")
def rsub(edit: Editor, node: Node) -> Value | None:
    """X * -alpha + other."""
    x = edit.scaled(node.get("self"), -float(node.get("alpha")))
    other = node.get("other")
    return edit.add(x, other) if isinstance(other, Value) else edit.scaled(x, 1, float(other))


@rewrite("power-by-mul", "aten::pow", "aten::square", fault="pow has no kernel")
def power(edit: Editor, node: Node) -> Value | None:
    """Multiply as often as the whole exponent says."""
    exponent = 2 if node.op == "aten::square" else node.get("exponent")
    if not isinstance(exponent, int | float) or exponent not in (1, 2, 3, 4):
        return None
    x = node.get("self")
    result = x
    for _ in range(int(exponent) - 1):
        result = edit.mul(result, x)
    return result


@rewrite("abs-by-relu", "aten::abs", fault="abs has no kernel")
def absolute(edit: Editor, node: Node) -> Value:
    """relu(x) + relu(-x)."""
    x = node.get("self")
    return edit.add(edit.op("aten::relu", x), edit.op("aten::relu", edit.scaled(x, -1)))


@rewrite("reciprocal-by-div", "aten::reciprocal", fault="reciprocal has no kernel")
def reciprocal(edit: Editor, node: Node) -> Value:
    """1 / x."""
    x = node.get("self")
    return edit.op("aten::div.Tensor", edit.constant(torch.ones([1] * x.rank)), x)


@rewrite("maximum-by-relu", "aten::maximum", "aten::minimum", fault="maximum and minimum have no kernel")
def maximum(edit: Editor, node: Node) -> Value:
    """Add to one what the other has more, or take it away."""
    a, b = node.get("self"), node.get("other")
    more = edit.op("aten::relu", edit.op("aten::sub.Tensor", b, a))
    if node.op == "aten::maximum":
        return edit.add(a, more)
    return edit.op("aten::sub.Tensor", b, more)


@rewrite(
    "clamp-by-bounds", "aten::clamp_min", "aten::clamp_max", fault="clamp_min and clamp_max have no kernel"
)
def clamp(edit: Editor, node: Node) -> Value | None:
    """Clamp with one bound."""
    if node.overload:
        return None
    return edit.op("aten::clamp", node.get("self"), node.arguments.get("min"), node.arguments.get("max"))
