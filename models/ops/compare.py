"""Comparing what a backend gave with what FP64 on the CPU gives."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor


@dataclass(frozen=True)
class Difference:
    """Either `error`, relative to the output's scale, or the `reason` why there is none."""

    error: float = 0.0
    reason: str | None = None


def flat(output: Any) -> list[Tensor]:  # noqa: ANN401
    """Give the tensors of an output: a tensor, or any nesting of tuples, lists and dicts."""
    if isinstance(output, Tensor):
        return [output]
    if isinstance(output, dict):
        output = list(output.values())
    if isinstance(output, Sequence) and not isinstance(output, str):
        return [tensor for part in output for tensor in flat(part)]
    return []


def difference(actual: Sequence[Tensor], exact: Sequence[Tensor], like: Sequence[Tensor]) -> Difference:
    """Compare all outputs; `exact` has the values in FP64, `like` shape and dtype as float32 gives them."""
    if len(actual) != len(exact):
        return Difference(reason=f"{len(actual)} outputs instead of {len(exact)}")
    worst = 0.0
    for index, (a, e, form) in enumerate(zip(actual, exact, like, strict=True)):
        found = _one(a, e, form)
        if found.reason is not None:
            return Difference(reason=found.reason if len(exact) == 1 else f"output {index}: {found.reason}")
        worst = max(worst, found.error)
    return Difference(error=worst)


def _one(actual: Tensor, exact: Tensor, like: Tensor) -> Difference:
    if actual.shape != like.shape:
        return Difference(reason=f"shape {tuple(actual.shape)} instead of {tuple(like.shape)}")
    if actual.dtype != like.dtype:
        return Difference(reason=f"{actual.dtype} instead of {like.dtype}")
    if actual.numel() == 0:
        return Difference()
    if not actual.is_floating_point():
        count = int((actual != like).sum())
        return Difference(reason=f"{count} of {actual.numel()} values differ" if count else None)
    # What is finite in FP64 may be beyond the range of the output's type.
    narrowed = exact.to(like.dtype)
    for name, test in (("NaN", torch.isnan), ("+Inf", torch.isposinf), ("-Inf", torch.isneginf)):
        count = int((test(actual) != test(narrowed)).sum())
        if count:
            return Difference(reason=f"{name} at {count} of {actual.numel()} places where it should not be, or not there")
    finite = torch.isfinite(narrowed)
    if not bool(finite.any()):
        return Difference()
    a, e = actual[finite].double(), exact[finite].double()
    scale = float(e.abs().max())
    return Difference(error=float((a - e).abs().max()) / (scale if scale > 0 else 1.0))
