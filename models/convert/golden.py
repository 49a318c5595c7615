"""Golden outputs: what the network gives in float64, rounded once to float32.

A float32 reference would carry the rounding of the CPU it was made on, about 1e-6 of the output's scale: as
much as the backend under test. In float64 that noise is below 1e-14, so rounding to float32 hides it, but for
a value within that distance of the middle between two floats. The baseline kernels that this package asks for
sum in one fixed order, so on x86-64 even that does not happen; AVX2 and AVX-512 kernels gave the same bytes
too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from convert.errors import ConvertError
from convert.interface import InputSpec
from convert.tensor_file import write_tensor

NamedArrays = dict[str, NDArray[np.float32]]


@dataclass(frozen=True)
class Sample:
    """Inputs and the outputs that a correct runtime gives for them, by name, in the model's order."""

    inputs: NamedArrays
    outputs: NamedArrays


def golden_sample(
    model: nn.Module, inputs: Sequence[InputSpec], outputs: Sequence[str], index: int
) -> Sample:
    """Make sample `index` with `model`, which must be float64 and in evaluation mode."""
    given = {spec.name: spec.sample("golden", index) for spec in inputs}
    with torch.inference_mode():
        result = model(*(torch.from_numpy(values).double() for values in given.values()))
    tensors = [result] if isinstance(result, Tensor) else list(result)
    if len(tensors) != len(outputs):
        raise ConvertError(
            f"Cannot name the outputs {', '.join(outputs)}: the model gives {len(tensors)}",
            "Name every output in the model's spec.ts",
        )
    references = {}
    for name, tensor in zip(outputs, tensors, strict=True):
        references[name] = reference(name, tensor, may_be_constant=index > 0)
    return Sample(given, references)


def write_sample(folder: Path, index: int, sample: Sample) -> dict[str, list[str]]:
    """Write a sample's tensor files and give their paths relative to the folder's parent.

    The first sample has plain names (`input.json`), later ones are numbered (`input1.json`).
    """
    folder.mkdir(exist_ok=True)
    suffix = str(index) if index else ""
    for name, values in (sample.inputs | sample.outputs).items():
        write_tensor(folder / f"{name}{suffix}.json", name, values)
    return {
        "inputs": [f"{folder.name}/{name}{suffix}.json" for name in sample.inputs],
        "outputs": [f"{folder.name}/{name}{suffix}.json" for name in sample.outputs],
    }


def reference(name: str, output: Tensor, *, may_be_constant: bool) -> NDArray[np.float32]:
    """Round to float32; refuse an output that cannot serve as a reference.

    The first sample is a picture, and a constant answer to it means bad weights; zeros may well give one.
    """
    if not bool(torch.isfinite(output).all()):
        raise ConvertError(f'Output "{name}" holds NaN or infinity', "Check the weights and the calibration")
    if not may_be_constant and float(output.std(unbiased=False)) == 0:
        raise ConvertError(f'Output "{name}" is constant', "Check the weights and the calibration")
    return output.float().numpy()
