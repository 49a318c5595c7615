"""Running one row on Vulkan and saying what came of it."""

import copy
import io
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.jit.mobile import _load_for_lite_interpreter
from torch.utils.mobile_optimizer import optimize_for_mobile

from ops.case import Case
from ops.compare import Difference, difference, flat
from ops.verdict import Verdict, of_error

DIRTY_COPIES = 6


class FaultyCaseError(Exception):
    """The case itself cannot be run, whatever the backend does."""


def evaluate(case: Case, form: str) -> Verdict:
    """Run a row twice, the second time in memory that held NaN before."""
    warnings.simplefilter("ignore")
    try:
        with torch.inference_mode():
            module, inputs = _made(case)
            exact, like = _references(module, inputs)
    except Exception as error:
        raise FaultyCaseError(f"{case.op} {case.name}: the CPU refuses it: {error}") from error
    try:
        return _judged(case, form, module=module, inputs=inputs, exact=exact, like=like)
    except Exception as error:
        return of_error(str(error))


def _made(case: Case) -> tuple[nn.Module, list[Any]]:
    torch.manual_seed(0)
    module = case.module()
    module.train(case.training)
    for parameter in module.parameters():
        parameter.requires_grad_(False)
    _settle_norms(module)
    return module, list(case.inputs())


def _settle_norms(module: nn.Module) -> None:
    """Give norms that are still as torch makes them weights and statistics that show when they are ignored."""
    for part in module.modules():
        fresh = getattr(part, "running_var", None)
        if isinstance(fresh, Tensor) and bool((fresh == 1).all()) and bool((part.running_mean == 0).all()):
            part.running_mean.uniform_(-0.5, 0.5)
            part.running_var.uniform_(0.5, 1.5)
        is_norm = "Norm" in type(part).__name__
        if is_norm and isinstance(getattr(part, "weight", None), Tensor) and bool((part.weight == 1).all()):
            part.weight.uniform_(0.5, 1.5)
            if isinstance(part.bias, Tensor):
                part.bias.uniform_(-0.25, 0.25)


def _references(module: nn.Module, inputs: Sequence[Any]) -> tuple[list[Tensor], list[Tensor]]:
    """Give the outputs in FP64 and in float32, both from the CPU."""
    exact = copy.deepcopy(module).double()(*(_widened(x) for x in inputs))
    like = copy.deepcopy(module)(*(x.clone() if isinstance(x, Tensor) else x for x in inputs))
    return [x.clone() for x in flat(exact)], [x.clone() for x in flat(like)]


def _widened(value: Any) -> Any:  # noqa: ANN401
    if not isinstance(value, Tensor):
        return value
    return value.double() if value.is_floating_point() else value.clone()


def _judged(
    case: Case,
    form: str,
    *,
    module: nn.Module,
    inputs: Sequence[Any],
    exact: Sequence[Tensor],
    like: Sequence[Tensor],
) -> Verdict:
    call = _callable(form, module, inputs)
    worst = 0.0
    for dirty in (False, True):
        with torch.inference_mode():
            if dirty:
                leave_nan([x for x in (*inputs, *like) if isinstance(x, Tensor)])
            outputs = flat(call(*(_uploaded(i, x, case) for i, x in enumerate(inputs))))
            found = difference([output.cpu() for output in outputs], exact, like)
            if found.reason is None:
                found = _lanes(outputs, found)
        where = " after NaN was freed" if dirty else ""
        if found.reason is not None:
            return Verdict("wrong", message=found.reason + where)
        worst = max(worst, found.error)
        # Written so that NaN is a fault.
        if not found.error <= case.tolerance:
            return Verdict("wrong", error=found.error, message=f"off by {found.error:.1e} of the scale{where}")
    return Verdict("right", error=worst)


def _uploaded(position: int, value: Any, case: Case) -> Any:  # noqa: ANN401
    if not isinstance(value, Tensor):
        return value
    # A module that works in place must not change what the next run starts from.
    return value.clone() if position in case.on_cpu else value.to("vulkan")


def _callable(form: str, module: nn.Module, inputs: Sequence[Any]) -> Callable[..., Any]:
    """Bring the module into the form."""
    if form == "python":
        return module
    if form == "scripted":
        return torch.jit.script(module)
    # Not in inference mode: the optimiser's passes clone weights.
    with torch.no_grad():
        example = tuple(x.clone() if isinstance(x, Tensor) else x for x in inputs)
        plain = torch.jit.trace(module, example, check_trace=False)
        if form == "eager":
            return plain
        prepacked = optimize_for_mobile(plain, backend="vulkan")
        if form == "prepacked":
            return prepacked
        buffer = io.BytesIO(prepacked._save_to_buffer_for_lite_interpreter())
        return _load_for_lite_interpreter(buffer)


def leave_nan(tensors: Sequence[Tensor]) -> None:
    """Fill device memory of these tensors' sizes with NaN and free it, for the next ones to find.

    A kernel that reads what was never written then gives NaN instead of the zeros of fresh memory.
    """
    shapes = {tuple(x.shape) for x in tensors if 1 <= x.dim() <= 4 and x.numel() > 0}
    for shape in sorted(shapes):
        n, c, h, w = (1,) * (4 - len(shape)) + shape
        planes = -(-n * c // 4) * 4
        stale = [torch.full((1, planes, h, w), float("nan")).to("vulkan") for _ in range(DIRTY_COPIES)]
        # Only a download frees what is no longer used; twice, as it keeps its own buffer until the next.
        stale[-1].cpu()
        stale.clear()
    for _ in range(2):
        torch.zeros(1, 4, 1, 1).to("vulkan").cpu()


def _lanes(outputs: Sequence[Tensor], found: Difference) -> Difference:
    """Look for NaN and Inf in the lanes of the last texels that hold no element.

    They cannot be downloaded, but a convolution multiplies them by zero weights, and 0 * NaN is NaN.
    """
    for output in outputs:
        if not output.is_vulkan or output.dim() != 4 or not output.is_floating_point():
            continue
        n, c, h, w = output.shape
        if n != 1 or c % 4 == 0 or not bool(torch.isfinite(output.cpu()).all()):
            continue
        summed = torch.nn.functional.conv2d(output, torch.ones(1, c, 1, 1), torch.zeros(1)).cpu()
        if not bool(torch.isfinite(summed).all()):
            return Difference(reason="NaN or Inf in lanes beyond the last channel")
    return found
