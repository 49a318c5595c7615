"""Step: weights, golden data and every form of a model that needs no Vulkan.

Writes NAME.pt (plain), NAME_cpu.pt, NAME.ptl, golden/ (inputs and outputs) and model.json.
"""

import argparse
import copy
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.jit import ScriptModule

from convert import export
from convert.errors import exit_code
from convert.forms import check_forms
from convert.golden import Sample, golden_sample, write_sample
from convert.interface import InputSpec
from convert.network import new_model, seed_and_calibrate
from convert.scale import Scale, recorded_scales
from convert.tensor_file import write_json
from convert.weights import load_weights, weights_digest


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the step; give the exit code."""
    options = _parser().parse_args(arguments)
    return exit_code(lambda: build(options))


def build(options: argparse.Namespace) -> None:
    """Make every output of the step."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    options.out.mkdir(parents=True, exist_ok=True)
    inputs = [InputSpec.parse(text) for text in options.input]

    model = new_model(options.name)
    weights = _fill_weights(model, inputs, options)
    reference = copy.deepcopy(model).double()
    with recorded_scales(reference) as layers:
        first = golden_sample(reference, inputs, options.output, 0)
    golden = [write_sample(options.out / "golden", 0, first)]
    for index in range(1, options.samples):
        sample = golden_sample(reference, inputs, options.output, index)
        golden.append(write_sample(options.out / "golden", index, sample))

    plain, cpu, files = _write_forms(model, first, options)
    write_json(
        options.out / "model.json",
        {
            "schema": 1,
            "name": options.name,
            "torch": torch.__version__,
            "weights": weights,
            "parameters": sum(parameter.numel() for parameter in model.parameters()),
            "inputs": [_tensor_json(*item) for item in first.inputs.items()],
            "outputs": [_tensor_json(*item) for item in first.outputs.items()],
            "files": files,
            "golden": golden,
            "operators": {"plain": export.operators(plain), "cpu": export.operators(cpu)},
            "scale": {
                "outputs": [
                    Scale.of(name, torch.from_numpy(values).double()).as_json()
                    for name, values in first.outputs.items()
                ],
                "layers": [scale.as_json() for scale in layers],
            },
        },
    )


def _fill_weights(
    model: nn.Module, inputs: Sequence[InputSpec], options: argparse.Namespace
) -> dict[str, object]:
    """Load or seed the weights and say which they are."""
    if options.weights:
        file_digest = load_weights(model, options.weights, options.weights_sha256)
        kind = {"kind": "pretrained", "fileSha256": file_digest}
    else:
        seed_and_calibrate(model, inputs, options.seed)
        kind = {"kind": "seeded", "seed": options.seed}
    return {**kind, "sha256": weights_digest(model)}


def _write_forms(
    model: nn.Module, sample: Sample, options: argparse.Namespace
) -> tuple[ScriptModule, ScriptModule, dict[str, str]]:
    """Export, write, and check what was written against the golden sample."""
    plain = export.traced(model, [torch.from_numpy(values) for values in sample.inputs.values()])
    cpu = export.for_cpu(plain)
    files = {"plain": f"{options.name}.pt", "cpu": f"{options.name}_cpu.pt", "lite": f"{options.name}.ptl"}
    for form, module in (("plain", plain), ("cpu", cpu), ("lite", cpu)):
        export.save(module, options.out / files[form])
    check_forms([options.out / file for file in files.values()], sample)
    return plain, cpu, files


def _tensor_json(name: str, values: NDArray[np.float32]) -> dict[str, object]:
    return {"name": name, "dtype": str(values.dtype), "shape": list(values.shape)}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="convert.build_cpu", description=__doc__)
    parser.add_argument("name", help="folder of the model below models/")
    parser.add_argument("--input", action="append", required=True, help="NAME:SHAPE:NORMALISATION, in order")
    parser.add_argument("--output", action="append", required=True, help="name of an output, in order")
    parser.add_argument("--samples", type=int, default=1, help="golden samples to make")
    parser.add_argument("--seed", default="0", help="seed of the weights, any text")
    parser.add_argument("--weights", type=Path, help="published state dict to load instead of seeding")
    parser.add_argument("--weights-sha256", default="", help="prefix that the file's SHA-256 must have")
    parser.add_argument("--out", type=Path, required=True)
    return parser


if __name__ == "__main__":
    sys.exit(main())
