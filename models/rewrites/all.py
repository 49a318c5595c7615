"""Every rewrite; those of one operator are tried in the order of their file."""

from rewrites import (
    activation,
    arithmetic,
    convolution,
    joining,
    normalisation,
    pooling,
    reduction,
    resize,
    shaping,
)
from rewrites.rewrite import REWRITES, Rewrite

FAMILIES = (activation, arithmetic, convolution, joining, normalisation, pooling, reduction, resize, shaping)
"""The modules whose import registers them."""


def rewrites_of(op: str) -> list[Rewrite]:
    """Give the rewrites that write an operator anew."""
    return [rewrite for rewrite in REWRITES if op in rewrite.ops]
