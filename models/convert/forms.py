"""Check that every written form of a model computes what the network does."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.jit.mobile import _load_for_lite_interpreter

from convert.errors import ConvertError
from convert.golden import Sample

# Largest error of a float32 form relative to the golden output's scale. Deep networks reach 1e-5 by float32's
# rounding alone (MobileNetV2: 2e-6); a norm folded wrongly gives 1 and more.
TOLERANCE = 1e-4


def check_forms(files: Sequence[Path], sample: Sample) -> None:
    """Load each file as a user would, run it, and compare with the golden outputs."""
    for file in files:
        error = form_error(file, sample)
        # Written so that NaN does not pass.
        if not error <= TOLERANCE:
            raise ConvertError(
                f'"{file.name}" differs from the network by {error:.1e} of its scale, over {TOLERANCE:.0e}',
                "Look for layers that tracing or optimize_for_mobile changes",
            )


def form_error(file: Path, sample: Sample) -> float:
    """Give the largest absolute error relative to the largest golden value, over all outputs."""
    with torch.inference_mode():
        result = load_form(file)(*(torch.from_numpy(values) for values in sample.inputs.values()))
    outputs = [result] if isinstance(result, Tensor) else list(result)
    references = list(sample.outputs.values())
    errors = [
        np.abs(output.numpy() - reference).max() / np.abs(reference).max()
        for output, reference in zip(outputs, references, strict=True)
    ]
    return float(np.max(errors))


def load_form(file: Path) -> Callable[..., Tensor | Sequence[Tensor]]:
    """Load `.ptl` with the lite interpreter and anything else with the full one."""
    return _load_for_lite_interpreter(str(file)) if file.suffix == ".ptl" else torch.jit.load(str(file))
