"""Reading a TorchScript file: what is none of its kind is refused in one sentence."""

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor
from torch.jit import ScriptModule

from graph.errors import ModelFileError
from graph.ir import Graph
from graph.specialise import FROM_ORIGINAL, specialised

_PLAIN = "Save the model with `torch.jit.trace(model.eval(), example).save(FILE)`"


def load_graph(file: Path, inputs: Sequence[Tensor]) -> Graph:
    """Read a file and specialise it to the shapes of the inputs.

    Raises ModelFileError for a file that cannot be used and InputError for inputs that do not fit.
    """
    return graph_of(load_module(file), inputs)


def graph_of(module: ScriptModule, inputs: Sequence[Tensor]) -> Graph:
    """Specialise a module to the shapes of the inputs."""
    return specialised(module, inputs)


def load_module(file: Path) -> ScriptModule:
    """Read a file as a module in evaluation mode."""
    name = file.name
    entries = _entries(file)
    if "bytecode.pkl" in entries and not any(entry.startswith("code/") for entry in entries):
        raise _lite(name)
    if "constants.pkl" not in entries:
        if "data.pkl" in entries:
            raise ModelFileError(f'Cannot use "{name}": it holds Python objects, not TorchScript', _PLAIN)
        raise ModelFileError(f'Cannot use "{name}": it is a zip file, but no TorchScript', _PLAIN)
    try:
        module = torch.jit.load(str(file), map_location="cpu")
    except Exception as error:
        text = str(error)
        if "prepacked" in text or "torch.classes" in text or "vulkan" in text.lower():
            raise _prepacked(name, text) from error
        if "Unknown builtin op" in text or "Unknown type name" in text:
            operator = next((line for line in text.split("\n") if "Unknown" in line), text.split("\n")[0])
            raise ModelFileError(
                f'Cannot use "{name}": {operator.strip().rstrip(".")}',
                "Its operators must be those of torch 1.13",
                text,
            ) from error
        raise ModelFileError(f'Cannot read "{name}": it is damaged', "Save or copy it again", text) from error
    return module.eval()


def _entries(file: Path) -> set[str]:
    """Give the names in the archive, without its leading folder; every entry's checksum is looked at."""
    name = file.name
    if not file.exists():
        raise ModelFileError(f'Cannot read "{name}": no such file', "Check the path")
    if file.is_dir():
        raise ModelFileError(f'Cannot read "{name}": it is a folder', "Give a TorchScript file")
    if file.stat().st_size == 0:
        raise ModelFileError(f'Cannot read "{name}": it is empty', "Save or copy it again")
    with file.open("rb") as stream:
        is_zip = stream.read(2) == b"PK"
    if not is_zip:
        raise ModelFileError(f'Cannot use "{name}": it is not a TorchScript file', _PLAIN)
    try:
        with zipfile.ZipFile(file) as archive:
            damaged = archive.testzip()
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        raise ModelFileError(
            f'Cannot read "{name}": it is damaged or cut short', "Save or copy it again", str(error)
        ) from error
    if damaged is not None:
        raise ModelFileError(
            f'Cannot read "{name}": "{damaged}" in it is damaged',
            "Save or copy it again",
            json.dumps(damaged),
        )
    return {entry.split("/", 1)[1] for entry in names if "/" in entry}


def _lite(name: str) -> ModelFileError:
    return ModelFileError(f'Cannot use "{name}": it is for the lite interpreter and has no graph', _PLAIN)


def _prepacked(name: str, detail: str = "") -> ModelFileError:
    return ModelFileError(
        f'Cannot use "{name}": its weights are prepacked for one backend already', FROM_ORIGINAL, detail
    )
