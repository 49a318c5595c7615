"""Where in the source an operator of a TorchScript file comes from."""

import re
from typing import Any

_TRACED = re.compile(r"^(\S+)\((\d+)\): ", re.MULTILINE)
_SCRIPTED = re.compile(r'^(Serialized)?\s*File "([^"]+)", line (\d+)', re.MULTILINE)
_TORCH = re.compile(r"/(?:dist|site)-packages/torch/|/python3[^/]*/")


def source_of(node: Any) -> str:  # noqa: ANN401
    """Give "model.py:12", the nearest line that is not torch's own; empty where the file does not say."""
    text = repr(node.sourceRange()) if not isinstance(node.sourceRange(), str) else node.sourceRange()
    traced = [(path, line) for path, line in _TRACED.findall(text)]
    scripted = [(path, line) for serialized, path, line in _SCRIPTED.findall(text) if not serialized]
    serialized = [(path, line) for serialized, path, line in _SCRIPTED.findall(text) if serialized]
    places = traced or scripted or serialized
    if not places:
        return ""
    path, line = next((place for place in places if not _TORCH.search(place[0])), places[0])
    return f"{_short(path)}:{line}"


def _short(path: str) -> str:
    """Give the last two parts: "yolov5s/model.py"."""
    return "/".join(path.split("/")[-2:])
