"""What a TorchScript graph does beside tensors: numbers, lists, sizes, conditions."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from graph.errors import ModelFileError
from graph.sources import source_of

_TENSOR_KINDS = ("TensorType",)

# What is asked of a tensor that its shape and type alone answer.
_QUESTIONS: dict[str, Callable[[Any], Any]] = {
    "aten::dim": lambda tensor: tensor.dim(),
    "aten::numel": lambda tensor: tensor.numel(),
    "aten::len": len,
    "aten::is_floating_point": lambda tensor: tensor.is_floating_point(),
    "aten::is_complex": lambda tensor: tensor.is_complex(),
    "aten::requires_grad": lambda tensor: False,
    "aten::is_contiguous": lambda tensor: True,
    "prim::dtype": lambda tensor: torch.zeros(0, dtype=tensor.dtype).dtype,
    "prim::device": lambda tensor: torch.device("cpu"),
    "prim::is_cuda": lambda tensor: False,
    "prim::is_quantized": lambda tensor: tensor.is_quantized,
    "prim::is_vulkan": lambda tensor: False,
    "prim::is_xla": lambda tensor: False,
    "prim::is_sparse": lambda tensor: False,
    "prim::is_mkldnn": lambda tensor: False,
    "prim::requires_grad": lambda tensor: False,
    "prim::layout": lambda tensor: torch.strided,
}

_PLAIN: dict[str, Callable[..., Any]] = {
    "prim::ListConstruct": lambda *parts: list(parts),
    "prim::TupleConstruct": lambda *parts: tuple(parts),
    "prim::TupleIndex": lambda parts, index: parts[index],
    "prim::unchecked_cast": lambda value: value,
    "prim::NumToTensor": lambda number: torch.tensor(number),
    "prim::min": lambda *numbers: min(*numbers),
    "prim::max": lambda *numbers: max(*numbers),
    "prim::Uninitialized": lambda: None,
    "prim::Print": lambda *parts: None,
    "prim::data": lambda tensor: tensor,
    "aten::__is__": lambda a, b: a is b,
    "aten::__isnot__": lambda a, b: a is not b,
    "aten::__not__": lambda a: not a,
    "aten::__contains__": lambda parts, part: part in parts,
    "aten::__getitem__": lambda parts, index: parts[index],
    "aten::len": len,
    "aten::list": list,
    "aten::Int": int,
    "aten::Float": float,
    "aten::Bool": bool,
    "aten::IntImplicit": int,
    "aten::FloatImplicit": float,
    "aten::ScalarImplicit": lambda tensor: tensor.item(),
    "aten::item": lambda tensor: tensor.item(),
    "aten::format": lambda text, *parts: text.format(*parts),
    "aten::warn": lambda *parts: None,
}


_ON_ANYTHING = {
    "prim::ListConstruct",
    "prim::TupleConstruct",
    "prim::TupleIndex",
    "prim::unchecked_cast",
    "prim::Print",
    "aten::__getitem__",
    "aten::__is__",
    "aten::__isnot__",
    "aten::len",
    "aten::list",
}

_ON_LISTS = {"aten::__getitem__", "aten::append", "aten::_set_item", "aten::len", "aten::list"}


def is_on_lists(node: Any) -> bool:  # noqa: ANN401
    """Whether a node only arranges values in a list."""
    return node.kind() in _ON_LISTS and next(iter(node.inputs())).type().kind() == "ListType"


def gives_tensors(node: Any) -> bool:  # noqa: ANN401
    """Whether any output of a node is a tensor or a list of tensors."""
    return any(_is_tensor(value.type()) for value in node.outputs())


def _is_tensor(kind: Any) -> bool:  # noqa: ANN401
    if kind.kind() == "ListType":
        return kind.getElementType().kind() in _TENSOR_KINDS
    return kind.kind() in _TENSOR_KINDS


def evaluate(node: Any, operands: Sequence[Any], walk: Any) -> list[Any]:  # noqa: ANN401
    """Give the results of a node that makes no node of the graph.

    `walk` says, with `unknown(node)`, what stands for a number that depends on the values of a tensor.
    """
    kind = node.kind()
    if kind == "prim::Constant":
        return [_constant(node)]
    if kind == "prim::GetAttr":
        return [getattr(operands[0], node.s("name"))]
    if kind in ("prim::ListUnpack", "prim::TupleUnpack"):
        return list(operands[0])
    if kind == "prim::DictConstruct":
        return [dict(zip(operands[::2], operands[1::2], strict=True))]
    if kind == "aten::append":
        operands[0].append(operands[1])
        return [operands[0]]
    if kind == "aten::_set_item":
        operands[0][operands[1]] = operands[2]
        return [operands[0]]
    first = operands[0] if operands else None
    if hasattr(first, "stale"):
        first = first.tensor
        if kind == "aten::size":
            sizes = list(first.shape)
            return [sizes if len(operands) == 1 else sizes[operands[1]]]
        if kind in _QUESTIONS:
            return [_QUESTIONS[kind](first)]
        if kind == "prim::unchecked_cast":
            return [operands[0]]
        if kind == "aten::len":
            return [first.shape[0]]
    if kind in _ON_ANYTHING:
        return _results(node, _PLAIN[kind](*operands))
    if any(_depends_on_values(operand) for operand in operands):
        return [walk.unknown(node) for _ in node.outputs()]
    if kind in _PLAIN:
        return _results(node, _PLAIN[kind](*operands))
    if kind in _QUESTIONS and isinstance(first, Tensor):
        return [_QUESTIONS[kind](first)]
    return _results(node, _builtin(node, operands))


def _results(node: Any, result: Any) -> list[Any]:  # noqa: ANN401
    outputs = sum(1 for _ in node.outputs())
    return [] if outputs == 0 else [result] if outputs == 1 else list(result)


def _depends_on_values(operand: Any) -> bool:  # noqa: ANN401
    if isinstance(operand, list | tuple):
        return any(_depends_on_values(part) for part in operand)
    return hasattr(operand, "stale") or type(operand).__name__ == "_Unknown"


def _constant(node: Any) -> Any:  # noqa: ANN401
    return next(iter(node.outputs())).toIValue()


def _builtin(node: Any, operands: Sequence[Any]) -> Any:  # noqa: ANN401
    """Call one of torch's operators on numbers, lists and constants."""
    try:
        operation, _ = torch._C._jit_get_operation(node.kind())
        if operation is None:
            raise RuntimeError("no such operator")
        return operation(*operands)
    except RuntimeError as error:
        raise ModelFileError(
            f"Cannot follow {node.kind()} at {source_of(node) or 'an unknown line'}",
            "Trace the model instead of scripting it",
            str(error),
        ) from error
