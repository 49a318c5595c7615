"""Step: CPU forms and golden data of a TorchScript file that somebody brings.

Writes what `build_cpu` writes for a model of the project: NAME.pt, NAME_cpu.pt, NAME.ptl, golden/ and
model.json. Inputs are named input_a, input_b and so on, outputs output_a and so on; a single one is "input" or
"output".
"""

import argparse
import string
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.jit import ScriptModule

from convert import export, torchscript_file
from convert.errors import ConvertError, exit_code
from convert.forms import TOLERANCE, form_error
from convert.golden import Sample, reference, write_sample
from convert.random_bits import random_integers
from convert.tensor_file import write_json

# What the samples hold, in this order and then again, see `content`.
CONTENTS = ("noise", "waves", "checkerboard", "zeros", "large")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the step; give the exit code."""
    options = _parser().parse_args(arguments)
    return exit_code(lambda: build(options))


def build(options: argparse.Namespace) -> None:
    """Make every output of the step."""
    torch.set_num_threads(1)
    options.out.mkdir(parents=True, exist_ok=True)
    shapes = [_shape(text) for text in options.input]
    plain = torchscript_file.load(options.file, len(shapes), fold=True)
    exact, precision = _reference_module(options.file, shapes)
    samples = [_sample(options.file, exact, shapes, index, precision) for index in range(options.samples)]
    golden = [write_sample(options.out / "golden", index, sample) for index, sample in enumerate(samples)]
    cpu, files = _write_forms(plain, samples[0], options)
    write_json(
        options.out / "model.json",
        {
            "schema": 1,
            "name": options.name,
            "torch": torch.__version__,
            "weights": {"kind": "own"},
            "reference": precision,
            "inputs": [_tensor_json(*item) for item in samples[0].inputs.items()],
            "outputs": [_tensor_json(*item) for item in samples[0].outputs.items()],
            "files": files,
            "golden": golden,
            "operators": {"plain": export.operators(plain), "cpu": export.operators(cpu)},
        },
    )


def content(kind: str, name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Give test data of any shape: nothing is known of what the model was made for.

    "noise" and "large" are uniform in -2..2 and -8..8, "waves" smooth along each dimension,
    "checkerboard" 1 and -1 by turns.
    """
    count = int(np.prod(shape))
    if kind == "zeros":
        return np.zeros(shape, np.float32)
    index = np.indices(shape).reshape(len(shape), count) if shape else np.zeros((1, 1), int)
    if kind == "checkerboard":
        return (1 - 2 * (index.sum(axis=0) % 2)).astype(np.float32).reshape(shape)
    if kind == "waves":
        periods = np.array([5 + 3 * axis for axis in range(len(index))])[:, None]
        # Triangular: sines are not the same on every machine.
        wave = np.abs(2 * ((index % periods) / periods) - 1).mean(axis=0) * 4 - 2
        return wave.astype(np.float32).reshape(shape)
    values = random_integers(name, count, -(2**16), 2**16) / 2**15
    return (values * (4 if kind == "large" else 1)).astype(np.float32).reshape(shape)


def _sample(
    file: Path, module: ScriptModule, shapes: Sequence[tuple[int, ...]], index: int, precision: str
) -> Sample:
    kind = CONTENTS[index % len(CONTENTS)]
    names = _names("input", len(shapes))
    inputs = {
        name: content(kind, f"file/{name}/{index}", shape) for name, shape in zip(names, shapes, strict=True)
    }
    dtype = torch.float64 if precision == "float64" else torch.float32
    tensors = torchscript_file.forward(file, module, [torch.from_numpy(v).to(dtype) for v in inputs.values()])
    outputs = {
        name: reference(name, tensor, may_be_constant=True)
        for name, tensor in zip(_names("output", len(tensors)), tensors, strict=True)
    }
    return Sample(inputs, outputs)


def _reference_module(file: Path, shapes: Sequence[tuple[int, ...]]) -> tuple[ScriptModule, str]:
    """Give the model in float64, or as it is where it cannot run so (it casts to float32 inside, say)."""
    # The errors of the file itself are told by float32, whose messages name what the user knows.
    own = torchscript_file.load(file, len(shapes), fold=False)
    zeros = [torch.zeros(shape) for shape in shapes]
    torchscript_file.forward(file, own, zeros)
    try:
        exact = torchscript_file.in_float64(torchscript_file.load(file, len(shapes), fold=False))
        result = torchscript_file.forward(file, exact, [values.double() for values in zeros])
    except ConvertError:
        return own, "float32"
    return (exact, "float64") if all(t.dtype == torch.float64 for t in result) else (own, "float32")


def _write_forms(
    plain: ScriptModule, sample: Sample, options: argparse.Namespace
) -> tuple[ScriptModule, dict[str, str]]:
    """Write each form; a CPU form that differs from the model gives way to the plain one."""
    files = {"plain": f"{options.name}.pt", "cpu": f"{options.name}_cpu.pt", "lite": f"{options.name}.ptl"}
    export.save(plain, options.out / files["plain"])
    cpu = export.for_cpu(plain)
    export.save(cpu, options.out / files["cpu"])
    if not form_error(options.out / files["cpu"], sample) <= TOLERANCE:
        print("note: optimize_for_mobile changes what the model computes on the CPU, the plain form is used")
        cpu = plain
        export.save(cpu, options.out / files["cpu"])
    export.save(cpu, options.out / files["lite"])
    return cpu, files


def _names(stem: str, count: int) -> list[str]:
    """Name tensors by letters: samples are told apart by digits after the name."""
    if count > len(string.ascii_lowercase):
        raise ConvertError(f"Cannot name {count} {stem}s, 26 at most", "Give the model fewer")
    return [stem] if count == 1 else [f"{stem}_{letter}" for letter in string.ascii_lowercase[:count]]


def _shape(text: str) -> tuple[int, ...]:
    return tuple(int(extent) for extent in text.split("x"))


def _tensor_json(name: str, values: NDArray[np.float32]) -> dict[str, object]:
    return {"name": name, "dtype": str(values.dtype), "shape": list(values.shape)}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="convert.build_file", description=__doc__)
    parser.add_argument("name", help="stem of the files to write")
    parser.add_argument("--file", type=Path, required=True, help="the TorchScript file")
    parser.add_argument(
        "--input", action="append", required=True, help="shape of an input such as 1x3x224x224, in order"
    )
    parser.add_argument("--samples", type=int, default=1, help="golden samples to make")
    parser.add_argument("--out", type=Path, required=True)
    return parser


if __name__ == "__main__":
    sys.exit(main())
