"""Predicting the rows of the truth table."""

import warnings
from typing import Any

import torch
from torch import Tensor, nn

from graph.constraints.device_tensor import DeviceTensor
from graph.constraints.predict import all_verdicts, uploaded
from graph.constraints.verdict import RIGHT, Form, Limits, Runtime, Verdict, decisive
from ops.case import Case
from ops.compare import flat
from ops.evaluate import _made as made

_NO_GUARD = "not linked with support for vulkan"


def predicted_row(case: Case, form: str, runtime: Runtime, limits: Limits) -> Verdict:
    """Predict what `ops.evaluate.evaluate` finds."""
    warnings.simplefilter("ignore")
    with torch.inference_mode():
        module, inputs = made(case)
    verdicts = _of_uploads(case, inputs, runtime, limits)
    if decisive(verdicts).ends:
        return decisive(verdicts)
    call = _callable(form, module, inputs)
    model_form: Form = "packed" if form == "prepacked" else "lite" if form == "lite" else "plain"
    outputs: list[Any] = []

    def run(module: Any) -> None:  # noqa: ANN401
        sent = [uploaded(x, runtime, limits)[0] if _is_sent(case, i, x) else x for i, x in enumerate(inputs)]
        outputs.append(module(*sent))

    found = all_verdicts(lambda: run(call), runtime, limits=limits, form=model_form)
    if any(_NO_GUARD in verdict.reason for verdict in found):
        # Python's own indexing asks for the device's guard, which only a plug-in brings; a trace does not.
        traced = _callable("eager", module, inputs)
        found = all_verdicts(lambda: run(traced), runtime, limits=limits)
    return decisive([*found, *(_downloaded(output, runtime) for output in flat(outputs))])


def _of_uploads(case: Case, inputs: list[Any], runtime: Runtime, limits: Limits) -> list[Verdict]:
    with torch.inference_mode():
        return [uploaded(x, runtime, limits)[1] for i, x in enumerate(inputs) if _is_sent(case, i, x)]


def _is_sent(case: Case, position: int, value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, Tensor) and position not in case.on_cpu


def _downloaded(output: Tensor, runtime: Runtime) -> Verdict:
    """Judge as the table does, that looks at the lanes of images of one batch."""
    is_seen = isinstance(output, DeviceTensor) and output.dim() == 4 and output.shape[0] == 1
    if runtime == "stock" and is_seen and output.dirty_lanes:
        return Verdict("wrong", "its lanes beyond the last channel may hold anything", by_chance=True)
    return RIGHT


def _callable(form: str, module: nn.Module, inputs: list[Any]) -> Any:  # noqa: ANN401
    if form == "python":
        return module
    if form == "scripted":
        return torch.jit.script(module)
    with torch.no_grad():
        example = tuple(x.clone() if isinstance(x, Tensor) else x for x in inputs)
        return torch.jit.trace(module, example, check_trace=False)
