"""What is predicted of an operator's call."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

Kind = Literal["right", "wrong", "missing", "too-many-dimensions", "over-image-limits", "refused"]
"""
- right: what the CPU gives;
- wrong: other numbers, or, depending on what memory held before, possibly other numbers, without an error;
- missing: the backend has no kernel for the operator;
- too-many-dimensions: a tensor of more than four dimensions;
- over-image-limits: a tensor that no image of the device can hold;
- refused: the backend ends with an error for another reason.
"""
KINDS: tuple[Kind, ...] = ("right", "wrong", "missing", "too-many-dimensions", "over-image-limits", "refused")

Runtime = Literal["stock", "vkforge"]
RUNTIMES: tuple[Runtime, ...] = ("stock", "vkforge")

Form = Literal["plain", "packed", "lite"]
"""How a model's weights reach the kernels.

- plain: with each call, as those of a saved module do;
- packed: packed beforehand by optimize_for_mobile(backend="vulkan");
- lite: packed, and run by the lite interpreter.
"""


@dataclass(frozen=True)
class Verdict:
    """A kind; for all but "right", the constraint in words, and the rewrite that avoids it."""

    kind: Kind
    reason: str = ""
    rewrite: str | None = None
    op: str = ""
    """The operator that the backend is asked for; a composite operator asks for several."""
    by_chance: bool = False
    """Whether it depends on what memory held before, on timing or on the driver: it may come out right."""

    @property
    def ends(self) -> bool:
        """Whether the call ends with an error instead of numbers."""
        return self.kind not in ("right", "wrong")

    def to_json(self) -> dict[str, Any]:
        """Give what is set."""
        return {key: value for key, value in asdict(self).items() if value}


RIGHT = Verdict("right")


@dataclass(frozen=True)
class Limits:
    """What a device's images can hold, as `maxImageDimension3D` says: texels in each direction.

    2048 is what nearly every phone has and what SwiftShader reports; Vulkan guarantees 256.
    """

    image_dimension_3d: int = 2048


def decisive(verdicts: Sequence[Verdict]) -> Verdict:
    """Give what comes of calls one after the other: the first that ends it, else the first wrong one."""
    for verdict in verdicts:
        if verdict.ends:
            return verdict
    return next((verdict for verdict in verdicts if verdict.kind != "right"), RIGHT)
