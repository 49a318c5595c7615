"""Published weights, and the digest that names any weights."""

import hashlib
import pickle
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from convert.errors import ConvertError


def load_weights(model: nn.Module, file: Path, sha256_prefix: str) -> str:
    """Load a published state dict into `model` and give the file's SHA-256.

    The prefix is what publishers put into the file name; it is checked before anything is parsed. Only
    tensors and plain containers are unpickled, so a file cannot run code.
    """
    digest = _checked_digest(file, sha256_prefix)
    try:
        state = torch.load(file, map_location="cpu", weights_only=True)
    except (RuntimeError, pickle.UnpicklingError, EOFError, ValueError, KeyError, OSError) as error:
        raise ConvertError(
            f'Cannot read weights "{file.name}": the file is corrupt, or holds something else than tensors',
            "Fetch the file anew or use seeded weights",
        ) from error
    _check_fit(model, file.name, state)
    model.load_state_dict(state)
    return digest


def weights_digest(model: nn.Module) -> str:
    """Give the SHA-256 over name, dtype, shape and bytes of every entry of the state dict, sorted by name."""
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(f"{name} {tensor.dtype} {list(tensor.shape)}\n".encode())
        digest.update(tensor.contiguous().numpy().tobytes())
    return digest.hexdigest()


def _checked_digest(file: Path, sha256_prefix: str) -> str:
    try:
        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise ConvertError(
            f'Cannot read weights "{file}": {error.strerror}', "Check the path or use seeded weights"
        ) from error
    if not digest.startswith(sha256_prefix):
        raise ConvertError(
            f'Cannot load weights "{file.name}": sha256 is {digest}, it must begin with {sha256_prefix}',
            "The file is corrupt or another one; fetch it anew or use seeded weights",
        )
    return digest


def _check_fit(model: nn.Module, file_name: str, state: object) -> None:
    """Say in one sentence how a state dict differs from the model, where torch would print a page."""
    own = model.state_dict()
    if not isinstance(state, Mapping) or not all(isinstance(value, Tensor) for value in state.values()):
        problem = "it holds something else than named tensors"
    elif missing := [name for name in own if name not in state and not name.endswith("num_batches_tracked")]:
        problem = f"it lacks {_listed(missing)}"
    elif unknown := [name for name in state if name not in own]:
        problem = f"the model has no {_listed(unknown)}"
    elif wrong := [name for name in state if state[name].shape != own[name].shape]:
        name = wrong[0]
        problem = f'"{name}" has shape {list(state[name].shape)}, in the model {list(own[name].shape)}'
    else:
        return
    raise ConvertError(
        f'Cannot load weights "{file_name}": {problem}',
        "Use weights published for this network, or seeded ones",
    )


def _listed(names: list[str]) -> str:
    return f'"{names[0]}"' + (f" and {len(names) - 1} more" if len(names) > 1 else "")
