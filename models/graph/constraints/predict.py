"""Predicting what comes of calls: of one operator, of a node of a graph, of anything that calls torch."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.utils._pytree import tree_map

from graph.constraints.call import shape_text
from graph.constraints.device_tensor import DeviceTensor
from graph.constraints.dispatch import CpuRefusesError, Dispatch
from graph.constraints.images import over_limits, too_many_dimensions
from graph.constraints.stock.judge import unchecked_limits
from graph.constraints.verdict import RIGHT, Form, Limits, Runtime, Verdict, decisive
from graph.ir import Graph, Node, Value, map_values

DEFAULT_LIMITS = Limits()


@dataclass(frozen=True)
class TensorFacts:
    """What is known of a tensor that a call gets."""

    shape: tuple[int, ...]
    dtype: torch.dtype = torch.float32
    where: str = "vulkan"
    """"vulkan" or "cpu"."""
    non_negative: bool = False
    """Whether no element is below zero, as after a ReLU."""
    uploaded: bool = False
    """Whether it comes from the CPU, as a model's inputs do, and not from an operator."""


def verdict(
    op: str,
    arguments: Mapping[str, Any],
    runtime: Runtime,
    *,
    limits: Limits = DEFAULT_LIMITS,
    form: Form = "plain",
) -> Verdict:
    """Predict what comes of `op` ("aten::add.Tensor") with arguments by name.

    Where torch takes tensors, they are `TensorFacts` or tensors; one on the CPU is a weight of the model.
    Raises LookupError for an operator that torch does not know, and CpuRefusesError for arguments that
    it does not take.
    """
    overload = _overload(op)
    with torch.inference_mode():
        made = {name: tree_map(lambda part: _made(part, runtime), part) for name, part in arguments.items()}
    positional, named = _split(overload, made)
    dispatch = Dispatch(runtime, limits, form=form, exact=False)
    return decisive(_collected(lambda: overload(*positional, **named), dispatch))


def node_verdict(
    graph: Graph,
    node: Node,
    runtime: Runtime,
    *,
    values: Mapping[str, Tensor] | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Verdict:
    """Predict what comes of a node; `values` has the values of tensors as far as they are known, by name.

    Weights count as packed.
    """
    uploaded = {value.name for value in graph.inputs}

    def given(value: Value) -> Any:  # noqa: ANN401
        constant = graph.constant(value)
        if constant is not None:
            return constant
        dirty = runtime == "stock" and value.name in uploaded
        known = None if values is None else values.get(value.name)
        if known is None:
            return DeviceTensor(torch.zeros(value.shape, dtype=value.dtype), known=False, dirty_lanes=dirty)
        if not known.is_floating_point():
            return known
        return DeviceTensor(known, dirty_lanes=dirty)

    arguments = {name: map_values(argument, given) for name, argument in node.arguments.items()}
    return verdict(node.target, arguments, runtime, limits=limits, form="packed")


def judged(
    action: Callable[[], Any], runtime: Runtime, *, limits: Limits = DEFAULT_LIMITS, form: Form = "plain"
) -> Verdict:
    """Predict what comes of what calls torch with `DeviceTensor`s: the first call that ends, or is wrong."""
    return decisive(all_verdicts(action, runtime, limits=limits, form=form))


def all_verdicts(
    action: Callable[[], Any], runtime: Runtime, *, limits: Limits = DEFAULT_LIMITS, form: Form = "plain"
) -> list[Verdict]:
    """Predict every call that would not be right, in order."""
    return _collected(action, Dispatch(runtime, limits, form=form))


def _collected(action: Callable[[], Any], dispatch: Dispatch) -> list[Verdict]:
    with torch.inference_mode(), dispatch:
        try:
            action()
        except Exception as error:
            # What torch composes on the way to a kernel may refuse tensors of the device itself.
            if isinstance(error, CpuRefusesError) and not dispatch.verdicts:
                raise
            if not any(found.ends for found in dispatch.verdicts):
                return [*dispatch.verdicts, Verdict("refused", str(error).strip().split("\n")[-1])]
    return dispatch.verdicts


def uploaded(
    tensor: Tensor, runtime: Runtime, limits: Limits = DEFAULT_LIMITS
) -> tuple[DeviceTensor, Verdict]:
    """Give the stand-in for a tensor that goes from the CPU to the device, and what comes of that."""
    found = too_many_dimensions(tensor)
    if found is None and tensor.dtype not in (torch.float32, torch.quint8):
        found = Verdict(
            "refused", f"a tensor of type {tensor.dtype} (shape {shape_text(tensor)}) goes to the device"
        )
    if found is None and tensor.numel() == 0:
        found = Verdict("refused", f"a tensor of shape {shape_text(tensor)} has no element")
    if found is None and tensor.dim() == 0 and runtime == "stock":
        found = Verdict("refused", "a tensor without dimensions: upstream's images have one to four")
    limited = unchecked_limits if runtime == "stock" else over_limits
    found = found or limited(tensor, limits) or RIGHT
    return DeviceTensor(tensor.clone(), dirty_lanes=runtime == "stock"), found


def _made(part: Any, runtime: Runtime) -> Any:  # noqa: ANN401
    if not isinstance(part, TensorFacts):
        return part
    values = torch.zeros(part.shape, dtype=part.dtype)
    if part.where == "cpu":
        return values
    known = part.non_negative
    return DeviceTensor(values, known=known, dirty_lanes=part.uploaded and runtime == "stock")


def _overload(op: str) -> Any:  # noqa: ANN401
    namespace, _, rest = op.partition("::")
    name, _, overload = rest.partition(".")
    try:
        return getattr(getattr(getattr(torch.ops, namespace), name), overload or "default")
    except (AttributeError, RuntimeError) as error:
        raise LookupError(f'Unknown operator "{op}"') from error


def _split(overload: Any, arguments: Mapping[str, Any]) -> tuple[Sequence[Any], dict[str, Any]]:  # noqa: ANN401
    positional: list[Any] = []
    named: dict[str, Any] = {}
    for argument in overload._schema.arguments:
        if argument.name not in arguments:
            continue
        if argument.kwarg_only or len(positional) < len(named):
            named[argument.name] = arguments[argument.name]
        else:
            positional.append(arguments[argument.name])
    return positional, named
