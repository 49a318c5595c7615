"""Step: the Vulkan forms of a model, from the plain form that `build_cpu` wrote.

Writes NAME_vulkan.pt, NAME_vulkan.ptl and vulkan.json.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from convert import export
from convert.errors import ConvertError, exit_code
from convert.tensor_file import write_json


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
    vulkan = export.for_vulkan(torch.jit.load(str(plain_file)))
    files = {"vulkan": f"{options.name}_vulkan.pt", "vulkanLite": f"{options.name}_vulkan.ptl"}
    for file in files.values():
        export.save(vulkan, options.out / file)
    write_json(
        options.out / "vulkan.json",
        {"schema": 1, "name": options.name, "files": files, "operators": export.operators(vulkan)},
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="convert.build_vulkan", description=__doc__)
    parser.add_argument("name", help="folder of the model below models/")
    parser.add_argument("--cpu", type=Path, required=True, help="folder that build_cpu wrote")
    parser.add_argument("--plugin", type=Path, required=True, help="shared library with the Vulkan backend")
    parser.add_argument("--out", type=Path, required=True)
    return parser


if __name__ == "__main__":
    sys.exit(main())
