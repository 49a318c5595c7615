"""What a row of the truth table is made from: a module, its inputs, and what may come out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

FORMS = ("eager", "python", "scripted", "prepacked", "lite")
"""How a case can be run.

- eager: the module traced on the CPU, then called with Vulkan inputs, as a saved plain model is;
- python: the module itself called with Vulkan inputs;
- scripted: the module through torch.jit.script instead of a trace;
- prepacked: the trace through optimize_for_mobile(backend="vulkan");
- lite: prepacked, saved and loaded by the lite interpreter.
"""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One row for each form; `op` and `name` together are unique in a family."""

    op: str
    """The operator as people name it: "conv2d", "softmax"; "network" for more than one."""
    name: str
    module: Callable[[], nn.Module]
    """Makes the module; the runner seeds torch before, and puts it into evaluation mode."""
    inputs: Callable[[], Sequence[Any]]
    """Makes the arguments of forward(); tensors go to the device, anything else is handed on."""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    """What the table shows beside the shapes of the inputs."""
    tolerance: float = 1e-5
    """Largest error, relative to the output's scale."""
    forms: Sequence[str] = ("eager",)
    refusal: str | None = None
    """A part of the sentence with which the patched backend rightly refuses."""
    patch: str | None = None
    """Stem of the patch, or of the own operator's file, that mends what stock does wrong here."""
    on_cpu: Sequence[int] = ()
    """Positions of inputs that stay on the CPU, as indices do."""
    timeout_s: float = 60
    training: bool = False
    """Leaves the module in training mode."""

    def __post_init__(self) -> None:
        """Refuse what the runner could not run."""
        unknown = [form for form in self.forms if form not in FORMS]
        if unknown or not self.forms:
            raise ValueError(f"Case {self.op} {self.name}: forms are {', '.join(FORMS)}, not {unknown}")


def seeded(shape: Sequence[int], low: float = -1, high: float = 1, seed: int = 0) -> Tensor:
    """Give float32 values, uniform between low and high, the same everywhere."""
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(tuple(shape), generator=generator) * (high - low) + low


class Function(nn.Module):
    """A function of tensors as a module: `Function(lambda x: x.softmax(-1))`. Cannot be scripted."""

    def __init__(self, function: Callable[..., Any]) -> None:
        """Keep the function."""
        super().__init__()
        self.function = function

    def forward(self, *inputs: Any) -> Any:  # noqa: ANN401
        """Call it."""
        return self.function(*inputs)


def with_form(cases: Iterator[Case]) -> Iterator[tuple[Case, str]]:
    """Pair each case with each of its forms: the rows of the table."""
    for case in cases:
        for form in case.forms:
            yield case, form
