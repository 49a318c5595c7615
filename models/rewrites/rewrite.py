"""What a rewrite is, and the list of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from graph.ir import Node, Value
from rewrites.editor import Editor

Apply = Callable[[Editor, Node], Value | Sequence[Value] | None]
"""Adds nodes that compute what the given one does, and gives their results; None where it does not fit."""


@dataclass(frozen=True)
class Rewrite:
    """A way to write one operator by others."""

    name: str
    ops: tuple[str, ...]
    """The operators that it writes anew, without overload."""
    fault: str
    """What goes wrong without it, in words."""
    apply: Apply


REWRITES: list[Rewrite] = []
"""All of them; importing `rewrites.all` fills it."""


def rewrite(name: str, *ops: str, fault: str) -> Callable[[Apply], Apply]:
    """Register a function as a rewrite."""

    def register(apply: Apply) -> Apply:
        REWRITES.append(Rewrite(name, ops, fault, apply))
        return apply

    return register
