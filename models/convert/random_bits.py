"""Random numbers that depend on a name alone: not on the CPU, the order of calls or a library's version."""

import hashlib

import numpy as np
from numpy.typing import NDArray


def random_integers(name: str, count: int, low: int, high: int) -> NDArray[np.int64]:
    """Give `count` integers, uniform in [low, high], from the Philox4x64 stream that `name` selects.

    NumPy guarantees the raw stream of a bit generator across versions, but not what `Generator` makes of
    it, so the range is mapped here: the upper 32 bits times the width, shifted down. The bias this leaves
    is below width / 2^32.
    """
    width = high - low + 1
    if not 0 < width <= 2**31:
        raise ValueError(f"Cannot draw from [{low}, {high}]: the width must be in 1..2^31")
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:16], "little")
    upper = np.random.Philox(key=key).random_raw(count) >> np.uint64(32)
    return ((upper * np.uint64(width)) >> np.uint64(32)).astype(np.int64) + low


def random_grid(name: str, shape: tuple[int, ...], low: float, high: float) -> NDArray[np.float32]:
    """Give numbers uniform in [low, high], each a multiple of 2^-20.

    A common grid keeps sums of products exact in float64 (see `calibration`). 20 bits are far more than
    float16 holds, so a runtime that quietly computes in half precision still shows.
    """
    steps = random_integers(name, int(np.prod(shape)), round(low * 2**20), round(high * 2**20))
    return (steps / 2**20).astype(np.float32).reshape(shape)
