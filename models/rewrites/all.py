"""Every rewrite, registered in the order in which they are tried."""

from rewrites import activation, arithmetic, convolution, joining, normalisation, pooling, reduction, resize, shaping
from rewrites.rewrite import REWRITES, Rewrite

FAMILIES = (shaping, convolution, normalisation, pooling, reduction, resize, joining, activation, arithmetic)


def rewrites_of(op: str) -> list[Rewrite]:
    """Give the rewrites that write an operator anew."""
    return [rewrite for rewrite in REWRITES if op in rewrite.ops]
