"""Read somebody's TorchScript file, and say in one sentence what is wrong with one that cannot be used."""

import os
import re
import sys
import traceback
import zipfile
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor
from torch.jit import ScriptModule

from convert.errors import ConvertError

_SAVE = "Trace the model with torch.jit.trace(model, example) and give the file that .save(path) writes"
_FLATBUFFER = b"PTMF"
_CONTROL_FLOW = ("prim::If", "prim::Loop")


def load(file: Path, inputs: int, *, fold: bool) -> ScriptModule:
    """Load a file whose forward takes `inputs` tensors; gives it in evaluation mode and frozen.

    `fold` folds norms into convolutions, which rounds the weights anew: a reference must not have it. Here it
    is done by freezing, since optimize_for_mobile loses the norm's shift where a convolution has no bias.
    """
    _check_kind(file)
    try:
        module = torch.jit.load(str(file), map_location="cpu").eval()
    except (RuntimeError, ValueError, EOFError) as error:
        raise _load_error(file, error) from error
    _check_signature(file, module, inputs)
    try:
        frozen = torch.jit.freeze(module, optimize_numerics=fold)
    except RuntimeError as error:
        raise failure(
            f'Cannot freeze "{file.name}": {sentence(error)}',
            "Trace the model instead of scripting it",
            error,
        ) from error
    _check_graph(file, frozen)
    return frozen


def forward(file: Path, module: ScriptModule, inputs: Sequence[Tensor]) -> list[Tensor]:
    """Run a module and give its tensors; one sentence where it cannot take the inputs."""
    shapes = " and ".join(",".join(map(str, values.shape)) for values in inputs)
    try:
        with torch.inference_mode():
            result = module(*inputs)
    except RuntimeError as error:
        raise failure(
            f'Cannot run "{file.name}" on {shapes}: {sentence(error)}',
            "Give the shape that the model was made for with --input",
            error,
        ) from error
    tensors = [result] if isinstance(result, Tensor) else result
    if not isinstance(tensors, list | tuple) or not all(isinstance(tensor, Tensor) for tensor in tensors):
        raise ConvertError(
            f'Cannot use "{file.name}": its forward gives a {type(result).__name__}, '
            "not a tensor or a tuple of tensors",
            "Wrap the model in one whose forward returns the tensors as a tuple, and trace that",
        )
    return list(tensors)


def in_float64(module: ScriptModule) -> ScriptModule:
    """Turn every constant of a frozen module's graph into float64, in place."""
    graph = module.graph
    torch._C._jit_pass_erase_shape_information(graph)
    for node in graph.findAllNodes("prim::Constant"):
        if node.hasAttribute("value") and node.kindOf("value") == "t":
            value = node.t("value")
            if value.dtype == torch.float32:
                node.t_("value", value.double())
    return module


def sentence(error: BaseException) -> str:
    """Give the sentence of torch's message that says what is wrong, without its stack."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    # "The following operation failed in the TorchScript interpreter." stands first, the reason last.
    reasons = [line for line in lines if re.match(r"(\w+)?(Error|Exception): ", line)]
    text = reasons[-1] if reasons else (lines[0] if lines else type(error).__name__)
    text = re.sub(r"^(\w+)?(Error|Exception): ", "", text)
    return text.rstrip(".")


def failure(message: str, hint: str, error: BaseException) -> ConvertError:
    """Give the error to raise; torch's own stack is printed only where VKFORGE_TRACEBACK asks for it."""
    if os.environ.get("VKFORGE_TRACEBACK"):
        traceback.print_exception(error, file=sys.stderr)
    return ConvertError(message, hint)


def _check_kind(file: Path) -> None:
    """Tell a TorchScript archive from the other files that torch writes."""
    with file.open("rb") as stream:
        head = stream.read(8)
    if head[4:8] == _FLATBUFFER:
        raise _lite_error(file)
    if not zipfile.is_zipfile(file):
        problem = (
            "it is cut short or corrupt" if head[:4] == b"PK\x03\x04" else "it is not a TorchScript file"
        )
        raise ConvertError(f'Cannot load "{file.name}": {problem}', _SAVE)
    with zipfile.ZipFile(file) as archive:
        names = {name.split("/", 1)[-1] for name in archive.namelist()}
    if "bytecode.pkl" in names:
        raise _lite_error(file)
    if "constants.pkl" not in names or not any(name.startswith("code/") for name in names):
        problem = (
            "it holds weights or a pickled module, not TorchScript"
            if "data.pkl" in names
            else "it is another archive"
        )
        raise ConvertError(f'Cannot load "{file.name}": {problem}', _SAVE)


def _lite_error(file: Path) -> ConvertError:
    return ConvertError(
        f'Cannot use "{file.name}": it is a file for the lite interpreter, whose graph was lowered already',
        "Give the TorchScript file that it was made from, the one written by .save(path)",
    )


def _load_error(file: Path, error: BaseException) -> ConvertError:
    unknown = re.search(r"Unknown builtin op: ([\w:.]+)", str(error)) or re.search(
        r"(?:Unknown type name|class) '?(__torch__[\w.]+)", str(error)
    )
    if unknown:
        return failure(
            f'Cannot load "{file.name}": it uses "{unknown[1].rstrip(".")}", '
            f"which torch {torch.__version__} does not have",
            "Make the model without custom operators, or trace it with torch 1.13 or older",
            error,
        )
    if "newer than" in str(error) or "was produced by a newer version" in str(error):
        return failure(
            f'Cannot load "{file.name}": a newer torch wrote it than {torch.__version__}',
            "Trace and save the model with torch 1.13 or older",
            error,
        )
    return failure(
        f'Cannot load "{file.name}": it is corrupt ({sentence(error)})', "Save the model anew", error
    )


def _check_signature(file: Path, module: ScriptModule, inputs: int) -> None:
    arguments = list(module.forward.schema.arguments)[1:]
    needed = [argument for argument in arguments if not argument.has_default_value()]
    if odd := [argument for argument in needed if str(argument.type) != "Tensor"]:
        raise ConvertError(
            f'Cannot use "{file.name}": its input "{odd[0].name}" is a {odd[0].type}, not a tensor',
            "Wrap the model in one whose forward takes tensors, and trace that",
        )
    if not len(needed) <= inputs <= len(arguments):
        raise ConvertError(
            f'Cannot use "{file.name}": its forward takes {len(needed)} tensors, {inputs} shapes were given',
            "Give --input once for each input, in order",
        )


def _check_graph(file: Path, module: ScriptModule) -> None:
    for kind in _CONTROL_FLOW:
        nodes = module.graph.findAllNodes(kind)
        if nodes:
            where = re.search(r"([\w./-]+\.py):(\d+)", nodes[0].sourceRange())
            place = f" at {where[1]}:{where[2]}" if where else ""
            raise ConvertError(
                f'Cannot use "{file.name}": its control flow depends on values ({kind}{place})',
                "Trace the model with torch.jit.trace, which keeps the path that the example takes",
            )
    if prepacked := [name for name in torch.jit.export_opnames(module) if "prepack" in name]:
        raise ConvertError(
            f'Cannot use "{file.name}": it was optimised for a backend already ({prepacked[0]})',
            "Give the file from before optimize_for_mobile",
        )
