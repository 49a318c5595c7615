"""Step: what Vulkan makes of each operator of a TorchScript file, and the file mended.

Writes check.json, and with --fix mended.pt. A file or inputs that cannot be used are told in check.json too:
the step itself ends well.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from convert.tensor_file import write_json
from graph.constraints import Limits, Runtime
from graph.emit import module_of
from graph.errors import InputError, ModelFileError
from graph.ir import Graph
from graph.load import load_graph
from rewrites.mend import Finding, Mended, largest_difference, mend

# In float64 rewrites are exact but for polynomials (1e-7) and for weights that norms are folded into, which
# are float32 again: 4e-6 of the outputs' scale for yolov5s. What is wrong is off by far more.
TOLERANCE = 5e-5
_SEED = 0


@dataclass(frozen=True)
class Request:
    """What is asked for."""

    model: Path
    shapes: Sequence[tuple[int, ...]]
    runtime: Runtime
    limits: Limits
    fixed: Path | None = None
    """Where the mended file goes; None leaves it out."""


def check(request: Request) -> dict[str, Any]:
    """Give what check.json holds.

    Raises ModelFileError or InputError for what cannot be used.
    """
    inputs = example_inputs(request.shapes)
    graph = load_graph(request.model, inputs)
    # Without folding, so that every operator of the file is told of.
    found = mend(graph, request.runtime, limits=request.limits, fold=False)
    report: dict[str, Any] = {
        "schema": 1,
        "model": request.model.name,
        "runtime": request.runtime,
        "inputs": [list(shape) for shape in request.shapes],
        "ok": all(finding.verdict.kind == "right" for finding in found.findings),
        "mendable": found.ok,
        "operators": [_operator(finding) for finding in found.findings],
    }
    if request.fixed is not None:
        mended = mend(graph, request.runtime, limits=request.limits)
        report["mendable"] = mended.ok
        report["fix"] = _fix(graph, mended, inputs, request.fixed)
    return report


def example_inputs(shapes: Sequence[tuple[int, ...]]) -> list[Tensor]:
    """Give seeded inputs of these shapes, of both signs."""
    generator = torch.Generator().manual_seed(_SEED)
    return [torch.randn(shape, generator=generator) for shape in shapes]


def _operator(finding: Finding) -> dict[str, Any]:
    node, verdict = finding.node, finding.verdict
    return {
        "op": node.target,
        "name": node.name,
        "scope": node.scope,
        "source": node.source,
        "inputs": [list(value.shape) for value in node.inputs()],
        "outputs": [list(value.shape) for value in node.outputs],
        "verdict": verdict.kind,
        "reason": verdict.reason,
        "rewrites": list(finding.rewrites) if verdict.kind != "right" else [],
        "left": [{"verdict": left.kind, "reason": left.reason} for left in finding.left],
    }


def _fix(graph: Graph, mended: Mended, inputs: Sequence[Tensor], file: Path) -> dict[str, Any]:
    """Write the mended file, and prove that it computes the same."""
    module = module_of(mended.graph)
    difference = largest_difference(graph, mended.graph, inputs)
    equal = difference <= TOLERANCE
    if equal:
        module.save(str(file))
    return {
        "file": file.name if equal else None,
        "equal": equal,
        # JSON has no Infinity and no NaN.
        "difference": difference if difference < float("inf") else None,
        "tolerance": TOLERANCE,
        "rewrites": mended.applied,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the step."""
    options = _parser().parse_args(arguments)
    torch.set_num_threads(1)
    options.out.mkdir(parents=True, exist_ok=True)
    try:
        request = Request(
            options.model,
            [shape_of(text) for text in options.input or ["1,3,224,224"]],
            options.runtime,
            Limits(options.image_limit),
            options.out / "mended.pt" if options.fix else None,
        )
        report = check(request)
    except ModelFileError as error:
        report = {
            "schema": 1,
            "error": {
                "exitCode": error.exit_code,
                "message": str(error),
                "hint": error.hint,
                "detail": error.detail,
            },
        }
    write_json(options.out / "check.json", report)
    return 0


def shape_of(text: str) -> tuple[int, ...]:
    """Read "1,3,224,224" or "1x3x224x224"."""
    try:
        shape = tuple(int(size) for size in text.replace("x", ",").split(","))
    except ValueError:
        shape = (0,)
    if min(shape) < 1:
        raise InputError(f'Cannot read the shape "{text}"', "Write sizes above zero: 1,3,224,224")
    return shape


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="graph.check", description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument(
        "--input", action="append", help="shape of an input, in order; 1,3,224,224 unless given"
    )
    parser.add_argument("--runtime", choices=("stock", "vkforge"), default="vkforge")
    parser.add_argument("--image-limit", type=int, default=Limits().image_dimension_3d)
    parser.add_argument("--fix", action="store_true", help="write mended.pt")
    parser.add_argument("--out", type=Path, required=True)
    return parser


if __name__ == "__main__":
    sys.exit(main())
