"""Where the joints are, read from DetNet's maps on the CPU. NumPy alone."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

JOINTS = 21


class Hand(NamedTuple):
    """What the network found, by joint."""

    uv: NDArray[np.int64]  # (21, 2): row and column of the heat map's maximum
    xyz: NDArray[np.float32]  # (21, 3): place relative to the root joint
    delta: NDArray[np.float32]  # (21, 3): offset from the parent joint


def hand_of(heat: NDArray[np.float32], delta: NDArray[np.float32], location: NDArray[np.float32]) -> Hand:
    """Read the maps of one picture: heat (1, 21, h, w), delta and location (1, 63, h, w)."""
    _, joints, height, width = heat.shape
    flat = heat.reshape(joints, height * width).argmax(1)
    uv = np.stack([flat // width, flat % width], axis=1)
    return Hand(uv, _at(location, flat), _at(delta, flat))


def _at(maps: NDArray[np.float32], flat: NDArray[np.int64]) -> NDArray[np.float32]:
    """Take each joint's three coordinates at its place."""
    per_joint = maps.reshape(JOINTS, 3, -1)
    return per_joint[np.arange(JOINTS), :, flat]
