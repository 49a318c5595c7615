"""Find the first operator of a TorchScript file that Vulkan computes otherwise than the CPU.

python3 -m graph.bisect MODEL.pt --input 1,3,224,224 --plugin libvkforge_vulkan.so
python3 -m graph.bisect MODEL.pt --input golden/input.json --plugin libvkforge_vulkan.so --json finding.json
python3 -m graph.bisect FOLDER --sample 1 --plugin libvkforge_vulkan.so    (a model as build-models makes it)

Exit code 0: all operators agree; 1: one differs, or the file cannot be used; 2: the inputs do not fit.
"""

import argparse
import json
import sys
from pathlib import Path

import torch
from torch import Tensor

from convert.errors import ConvertError
from convert.tensor_file import read_tensor, write_json
from graph.bisect import DEFAULT_TOLERANCE, VulkanDevice, bisect, lines_of, report_of
from graph.errors import InputError, ModelFileError
from graph.load import load_graph


def main(arguments: list[str] | None = None) -> int:
    """Load, compare, tell."""
    parser = argparse.ArgumentParser(prog="python3 -m graph.bisect", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "model", type=Path, help="a plain TorchScript file, or the folder of one with model.json"
    )
    parser.add_argument(
        "--input",
        action="append",
        default=[],
        metavar="SHAPE|FILE",
        help="one for each input, in order: a shape for random numbers, or the header of a tensor file",
    )
    parser.add_argument("--sample", type=int, default=0, help="which golden sample of a folder is the input")
    parser.add_argument("--plugin", type=Path, required=True, help="the Vulkan backend")
    parser.add_argument(
        "--tolerance", type=float, default=DEFAULT_TOLERANCE, help="of one operator, relative to its scale"
    )
    parser.add_argument("--seed", type=int, default=0, help="of random inputs")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the finding there, too")
    parser.add_argument("--report-only", action="store_true", help="exit 0 where an operator differs, too")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    try:
        model, texts = options.model, options.input
        if model.is_dir():
            model, golden = files_of(model, options.sample)
            texts = texts or golden
        inputs = [input_of(text, options.seed + index) for index, text in enumerate(texts)]
        graph = load_graph(model, inputs)
    except ConvertError as error:
        print(f"error: {error}\nhint: {error.hint}", file=sys.stderr)
        return getattr(error, "exit_code", 1)
    torch.ops.load_library(str(options.plugin.resolve()))
    finding = bisect(graph, inputs, VulkanDevice(), tolerance=options.tolerance)
    print("\n".join(lines_of(finding)))
    if options.json is not None:
        write_json(options.json, report_of(finding, options.tolerance))
    return 1 if finding.first is not None and not options.report_only else 0


def files_of(folder: Path, sample: int) -> tuple[Path, list[str]]:
    """Give a folder's plain file, and the headers of a golden sample's inputs, as model.json names them.

    Raises ModelFileError where there is no such file, InputError where there is no such sample.
    """
    try:
        fields = json.loads((folder / "model.json").read_text())
        plain, golden = folder / fields["files"]["plain"], fields["golden"]
    except (OSError, ValueError, KeyError) as error:
        hint = "Give the output of build-models, or a TorchScript file"
        raise ModelFileError(
            f'Cannot read "{folder.name}": it has no model.json', hint, str(error)
        ) from error
    if not 0 <= sample < len(golden):
        raise InputError(
            f"Cannot use golden sample {sample}: there are {len(golden)}", "They are counted from 0"
        )
    return plain, [str(folder / name) for name in golden[sample]["inputs"]]


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
