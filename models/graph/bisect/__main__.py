"""Find the first operator of a TorchScript file that Vulkan computes otherwise than the CPU.

python3 -m graph.bisect MODEL.pt --input 1,3,224,224 --plugin libvkforge_vulkan.so
python3 -m graph.bisect MODEL.pt --input golden/0/input.json --plugin libvkforge_vulkan.so --json finding.json

Exit code 0: all operators agree; 1: one differs, or the file cannot be used; 2: the inputs do not fit.
"""

import argparse
import sys
from pathlib import Path

import torch
from torch import Tensor

from convert.errors import ConvertError
from convert.tensor_file import read_tensor, write_json
from graph.bisect import DEFAULT_TOLERANCE, VulkanDevice, bisect, lines_of, report_of
from graph.errors import InputError
from graph.load import load_graph


def main(arguments: list[str] | None = None) -> int:
    """Load, compare, tell."""
    parser = argparse.ArgumentParser(prog="python3 -m graph.bisect", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("model", type=Path, help="a plain TorchScript file")
    parser.add_argument(
        "--input",
        action="append",
        required=True,
        metavar="SHAPE|FILE",
        help="one for each input, in order: a shape, filled with random numbers, or the header of a tensor file",
    )
    parser.add_argument("--plugin", type=Path, required=True, help="the Vulkan backend")
    parser.add_argument("--tolerance", type=float, default=DEFAULT_TOLERANCE, help="of one operator, relative to its scale")
    parser.add_argument("--seed", type=int, default=0, help="of random inputs")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the finding there, too")
    parser.add_argument("--report-only", action="store_true", help="exit 0 where an operator differs, too")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    try:
        inputs = [input_of(text, options.seed + index) for index, text in enumerate(options.input)]
        graph = load_graph(options.model, inputs)
    except ConvertError as error:
        print(f"error: {error}\nhint: {error.hint}", file=sys.stderr)
        return getattr(error, "exit_code", 1)
    torch.ops.load_library(str(options.plugin.resolve()))
    finding = bisect(graph, inputs, VulkanDevice(), tolerance=options.tolerance)
    print("\n".join(lines_of(finding)))
    if options.json is not None:
        write_json(options.json, report_of(finding, options.tolerance))
    return 1 if finding.first is not None and not options.report_only else 0


def input_of(text: str, seed: int) -> Tensor:
    """Give an input: random numbers of a shape ("1,3,224,224" or "1x3x224x224"), or what a tensor file holds.

    Raises ConvertError for what is neither.
    """
    if text.endswith(".json"):
        try:
            return torch.from_numpy(read_tensor(Path(text)))
        except (OSError, ValueError, KeyError) as error:
            raise _bad_input(text, f"it cannot be read: {error}") from error
    try:
        shape = [int(size) for size in text.replace("x", ",").split(",")]
    except ValueError:
        raise _bad_input(text, "it is neither a shape nor a tensor file") from None
    if min(shape) < 1:
        raise _bad_input(text, "sizes must be positive")
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed)) * 2 - 1


def _bad_input(text: str, problem: str) -> InputError:
    return InputError(f'Cannot use input "{text}": {problem}', "Write for example 1,3,224,224")


if __name__ == "__main__":
    sys.exit(main())
