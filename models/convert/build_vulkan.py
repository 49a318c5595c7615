"""Step: the Vulkan forms of a model, from the plain form that `build_cpu` wrote.

Writes NAME_vulkan.pt, NAME_vulkan.ptl and vulkan.json. For the stock runtime the model is written anew first,
by what upstream's backend has and computes rightly; vulkan.json says by which rewrites.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import torch
from torch.jit import ScriptModule

from convert import export
from convert.errors import ConvertError, exit_code
from convert.interface import InputSpec
from convert.tensor_file import write_json

# Of a rewritten model's outputs in float64, relative to their scale: norms are folded to float32 weights,
# which leaves 4e-6 of yolov5s. What is wrong is off by far more.
TOLERANCE = 5e-5


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the step; give the exit code."""
    options = _parser().parse_args(arguments)
    return exit_code(lambda: build(options))


def build(options: argparse.Namespace) -> None:
    """Make every output of the step."""
    options.out.mkdir(parents=True, exist_ok=True)
    plain_file = options.cpu / f"{options.name}.pt"
    if not plain_file.exists():
        raise ConvertError(f'Cannot read "{plain_file}": no such file', "Run convert.build_cpu first")
    export.load_vulkan_backend(options.plugin)
    plain = torch.jit.load(str(plain_file))
    rewrites: dict[str, int] = {}
    if options.runtime == "stock":
        plain, rewrites = _for_stock(plain, [shape_of(text) for text in options.input])
    vulkan = export.for_vulkan(plain)
    files = {"vulkan": f"{options.name}_vulkan.pt", "vulkanLite": f"{options.name}_vulkan.ptl"}
    for file in files.values():
        export.save(vulkan, options.out / file)
    write_json(
        options.out / "vulkan.json",
        {
            "schema": 1,
            "name": options.name,
            "runtime": options.runtime,
            "rewrites": rewrites,
            "files": files,
            "operators": export.operators(vulkan),
        },
    )


def _for_stock(plain: ScriptModule, shapes: Sequence[tuple[int, ...]]) -> tuple[ScriptModule, dict[str, int]]:
    """Give the model written anew, and how often each rewrite was applied."""
    # Loaded here: the patched runtime needs none of it.
    from graph.emit import module_of
    from graph.load import graph_of
    from rewrites.mend import largest_difference, mend

    inputs = [torch.rand(shape, generator=torch.Generator().manual_seed(0)) * 2 - 1 for shape in shapes]
    graph = graph_of(plain, inputs)
    mended = mend(graph, "stock")
    for finding in mended.findings:
        for left in finding.left:
            raise ConvertError(
                f"Cannot rewrite {finding.node.op} at {finding.node.source} for stock: {left.reason}",
                "Use `--runtime vkforge`",
            )
    difference = largest_difference(graph, mended.graph, inputs)
    # Written so that NaN does not pass.
    if not difference <= TOLERANCE:
        raise ConvertError(
            f"The rewritten model differs from the plain one by {difference:.1e}, over {TOLERANCE:.0e}",
            "Use `--runtime vkforge`",
        )
    return module_of(mended.graph), mended.applied


def shape_of(text: str) -> tuple[int, ...]:
    """Read the shape in "input:1x3x224x224:imagenet"."""
    return InputSpec.parse(text).shape


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="convert.build_vulkan", description=__doc__)
    parser.add_argument("name", help="folder of the model below models/")
    parser.add_argument("--cpu", type=Path, required=True, help="folder that build_cpu wrote")
    parser.add_argument("--plugin", type=Path, required=True, help="shared library with the Vulkan backend")
    parser.add_argument("--runtime", choices=("vkforge", "stock", "source"), default="vkforge")
    parser.add_argument(
        "--input", action="append", default=[], help="NAME:SHAPE:NORMALISATION; stock needs them"
    )
    parser.add_argument("--out", type=Path, required=True)
    return parser


if __name__ == "__main__":
    sys.exit(main())
