"""What torch's dispatcher does with a call on Vulkan: the kernels it reaches, and what rules say of each."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_map

from graph.constraints.call import Call, tensors_in
from graph.constraints.device_tensor import DeviceTensor, same_layout
from graph.constraints.registered import registered
from graph.constraints.rules import rule_of
from graph.constraints.stock.composite import refused_composite
from graph.constraints.stock.lanes import leaves_lanes
from graph.constraints.verdict import Form, Limits, Runtime, Verdict

_COMPOSITES = ("CompositeImplicitAutograd", "CompositeExplicitAutograd")
_CPU_FORMS = {"aten::convolution_overrideable": torch.ops.aten.convolution.default}
"""What gives on the CPU what a kernel that only devices have gives."""
_COSTLY = {"aten::convolution_overrideable", "aten::linear", "aten::addmm", "aten::mm", "aten::bmm"}
"""What takes long to compute: where values are not known, the shape is enough."""
_MOVING = {"permute", "transpose", "t"}
_PACKED = {"aten::linear", "aten::gru.input", "aten::lstm.input"}
"""What optimize_for_mobile packs beside convolutions, when the weights are constants."""
_FREE = {"aten::detach", "aten::alias", "aten::lift", "aten::lift_fresh", "aten::is_pinned"}
"""Operators that touch no element."""


class CpuRefusesError(Exception):
    """The call is wrong on the CPU already; the cause says how."""


class Dispatch(TorchDispatchMode):
    """While active, calls with a `DeviceTensor` go the way they would go on the runtime, and are judged.

    `verdicts` has one for each kernel asked for, in order. Calls of tensors on the CPU are left alone.
    """

    def __init__(self, runtime: Runtime, limits: Limits, *, form: Form = "plain", exact: bool = True) -> None:
        """Judge for a runtime, a device's limits, and a form of the model.

        Unless `exact`, what takes long to compute is not computed, and its values count as unknown.
        """
        super().__init__()
        self.runtime = runtime
        self.limits = limits
        self.form = form
        self.exact = exact
        self.verdicts: list[Verdict] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:  # noqa: ANN401
        """Judge a call, or what it is composed of."""
        kwargs = kwargs or {}
        name = func.name()
        if not _on_device(args, kwargs):
            return func(*_numbers_as_tensors(func, args), **kwargs)
        refused = refused_composite(name, self.form) if self.runtime == "stock" else None
        if refused is not None:
            self.verdicts.append(_named(refused, name))
        if self.form != "plain" and name in _PACKED:
            return self._kernel(func, name, args, kwargs)
        if name not in registered(self.runtime) and name not in _FREE:
            key = next(
                (key for key in _COMPOSITES if torch._C._dispatch_has_kernel_for_dispatch_key(name, key)),
                None,
            )
            if key is not None:
                with self:
                    return func._op_dk(getattr(torch._C.DispatchKey, key), *args, **kwargs)
        return self._kernel(func, name, args, kwargs)

    def _kernel(self, func: Any, name: str, args: Any, kwargs: Any) -> Any:  # noqa: ANN401
        arguments = _by_name(func, args, kwargs)
        before = [tensor.values.clone() if tensor.known else tensor.values for tensor in _devices(arguments)]
        has_values = all(tensor.known for tensor in _devices(arguments))
        computed = name not in _COSTLY or (self.exact and has_values)
        result = _on_cpu(func, args, kwargs) if computed else _of_shape(func, args, kwargs)
        call = Call(name, arguments, tuple(tensors_in(result)), self.limits, self.form)
        has_kernel = (
            name in registered(self.runtime) or name in _FREE or (self.form != "plain" and name in _PACKED)
        )
        verdict = missing(name) if not has_kernel else self._judged(call, before)
        if verdict.kind != "right":
            self.verdicts.append(verdict if verdict.op else _named(verdict, name))
        return self._wrapped(func, call, result, known=has_values and computed)

    def _judged(self, call: Call, before: Sequence[Tensor]) -> Verdict:
        """Ask the rules, which shall see the arguments as they were before a call that works in place."""
        after = [tensor.values for tensor in call.on_device()]
        for tensor, values in zip(call.on_device(), before, strict=True):
            tensor.values = values
        verdict = rule_of(self.runtime)(call)
        for tensor, values in zip(call.on_device(), after, strict=True):
            tensor.values = values
        return verdict

    def _wrapped(self, func: Any, call: Call, result: Any, *, known: bool) -> Any:  # noqa: ANN401
        returns = func._schema.returns
        first = next(iter(call.arguments.values()), None)
        alias = returns[0].alias_info if returns else None
        if alias is not None and alias.is_write:
            if isinstance(first, DeviceTensor):
                first.known = known
                first.dirty_lanes = call_leaves_lanes(self.runtime, call)
            return first
        dirty = call_leaves_lanes(self.runtime, call)

        def wrap(value: Any) -> Any:  # noqa: ANN401
            if not isinstance(value, Tensor) or isinstance(value, DeviceTensor):
                return value
            made = DeviceTensor(
                value.contiguous() if not value.is_quantized else value, known=known, dirty_lanes=dirty
            )
            made.made_by = "conv_transpose" if call.get("transposed") else call.short_name
            if alias is not None and isinstance(first, DeviceTensor):
                made.joins(first, shares=self._shares(call, made, first))
            return made

        return tree_map(wrap, result)

    def _shares(self, call: Call, view: DeviceTensor, base: DeviceTensor) -> bool:
        """Whether a view shares the image: the project's do, where elements lie alike and none moves."""
        if call.short_name in ("detach", "alias"):
            return True
        return self.runtime == "vkforge" and call.short_name not in _MOVING and same_layout(view, base)


def missing(name: str) -> Verdict:
    """Say that there is no kernel."""
    return Verdict("missing", f"there is no Vulkan kernel for {name}", op=name)


def call_leaves_lanes(runtime: Runtime, call: Call) -> bool:
    """Whether the result may have anything in the lanes beyond its last plane."""
    if runtime == "vkforge":
        return False
    return leaves_lanes(call)


def _named(verdict: Verdict, name: str) -> Verdict:
    return replace(verdict, op=name)


def _devices(arguments: dict[str, Any]) -> list[DeviceTensor]:
    found = (tensor for argument in arguments.values() for tensor in tensors_in(argument))
    return [tensor for tensor in found if isinstance(tensor, DeviceTensor)]


def _on_device(args: Any, kwargs: Any) -> bool:  # noqa: ANN401
    if any(isinstance(tensor, DeviceTensor) for tensor in tensors_in([*args, *kwargs.values()])):
        return True
    device = kwargs.get("device")
    return device is not None and torch.device(device).type == "vulkan"


def _numbers_as_tensors(func: Any, args: Any) -> list[Any]:  # noqa: ANN401
    """Make numbers the tensors without dimensions that they were: torch hands them on as numbers."""
    arguments = func._schema.arguments
    return [
        torch.tensor(value) if isinstance(value, int | float) and str(argument.type) == "Tensor" else value
        for value, argument in zip(args, arguments, strict=False)
    ]


def _by_name(func: Any, args: Any, kwargs: Any) -> dict[str, Any]:  # noqa: ANN401
    found: dict[str, Any] = {}
    for position, argument in enumerate(func._schema.arguments):
        if position < len(args):
            found[argument.name] = args[position]
        elif argument.name in kwargs:
            found[argument.name] = kwargs[argument.name]
        elif argument.has_default_value():
            found[argument.name] = argument.default_value
    return found


def _on_cpu(func: Any, args: Any, kwargs: Any) -> Any:  # noqa: ANN401
    def plain(value: Any) -> Any:  # noqa: ANN401
        return value.values if isinstance(value, DeviceTensor) else value

    func = _CPU_FORMS.get(func.name(), func)
    named = {key: value for key, value in kwargs.items() if key != "device"}
    if "device" in kwargs:
        named["device"] = torch.device("cpu")
    try:
        return func(*_numbers_as_tensors(func, tree_map(plain, args)), **tree_map(plain, named))
    except Exception as error:
        raise CpuRefusesError(str(error)) from error


def _of_shape(func: Any, args: Any, kwargs: Any) -> Tensor:  # noqa: ANN401
    """Give zeros of the shape that a call gives."""

    def shape_of(value: Any) -> Any:  # noqa: ANN401
        return (
            torch.empty(value.shape, dtype=value.dtype, device="meta") if isinstance(value, Tensor) else value
        )

    func = _CPU_FORMS.get(func.name(), func)
    try:
        made = func(*tree_map(shape_of, args), **tree_map(shape_of, kwargs))
    except Exception as error:
        raise CpuRefusesError(str(error)) from error
    return torch.zeros(made.shape, dtype=made.dtype)
