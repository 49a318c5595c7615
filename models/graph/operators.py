"""Operators by name: their schemas, their arguments with defaults, and calling them."""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor


@functools.cache
def schema_of(op: str, overload: str) -> Any:  # noqa: ANN401
    """Give the schema of an operator: "aten::add", "Tensor".

    Raises LookupError for one that torch does not know.
    """
    try:
        return _packet(op, overload)._schema
    except (AttributeError, RuntimeError) as error:
        raise LookupError(f'Unknown operator "{op}"') from error


def arguments_of(op: str, overload: str, given: Sequence[Any], **named: Any) -> dict[str, Any]:  # noqa: ANN401
    """Name the arguments of a call by the schema, and fill in the defaults."""
    found: dict[str, Any] = {}
    for position, argument in enumerate(schema_of(op, overload).arguments):
        if position < len(given):
            found[argument.name] = given[position]
        elif argument.name in named:
            found[argument.name] = named[argument.name]
        elif argument.has_default_value():
            found[argument.name] = argument.default_value
        else:
            raise TypeError(f"{op}.{overload} needs {argument.name}")
    unknown = set(named) - set(found)
    if unknown:
        raise TypeError(f"{op}.{overload} has no {', '.join(sorted(unknown))}")
    return found


def call(op: str, overload: str, arguments: Mapping[str, Any]) -> tuple[Tensor, ...]:
    """Call an operator with arguments by name; give the tensors it returns, those of lists side by side."""
    positional: list[Any] = []
    named: dict[str, Any] = {}
    for argument in schema_of(op, overload).arguments:
        if argument.kwarg_only:
            named[argument.name] = arguments[argument.name]
        else:
            positional.append(arguments[argument.name])
    return flat(_packet(op, overload)(*positional, **named))


def flat(result: Any) -> tuple[Tensor, ...]:  # noqa: ANN401
    """Give the tensors of a result."""
    if isinstance(result, Tensor):
        return (result,)
    return tuple(tensor for part in result for tensor in flat(part))


@functools.cache
def _packet(op: str, overload: str) -> Callable[..., Any]:
    namespace, name = op.split("::")
    return getattr(getattr(getattr(torch.ops, namespace), name), overload or "default")
