"""What an operator gives, without the work: shapes and types are right, values are not."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from graph.ir import Argument
from graph.operators import call

# What costs the most in a network. torch's meta tensors know their shapes; of other operators not all.
_HEAVY = {
    "aten::conv1d",
    "aten::conv2d",
    "aten::conv_transpose2d",
    "aten::linear",
    "aten::upsample_bilinear2d",
}


def stand_in(op: str, overload: str, arguments: Mapping[str, Argument]) -> tuple[Tensor, ...]:
    """Give tensors of the shapes and types that a call would give.

    Errors are those of the call itself.
    """
    if op not in _HEAVY:
        return call(op, overload, arguments)
    on_meta = {name: _to_meta(argument) for name, argument in arguments.items()}
    return tuple(torch.zeros(x.shape, dtype=x.dtype) for x in call(op, overload, on_meta))


def _to_meta(argument: Any) -> Any:  # noqa: ANN401
    return argument.to("meta") if isinstance(argument, Tensor) else argument
