"""From pixels to the network and back, on the CPU. NumPy alone."""

import numpy as np
from numpy.typing import NDArray


def tensor_of(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Give (H, W, 3) pixels as the network's (1, 3, H, W) in -1..1."""
    return (picture.transpose(2, 0, 1)[None] / 127.5 - 1).astype(np.float32)


def picture_of(drawing: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Give the network's drawing (1, 3, H, W) in -1..1 as pixels (H, W, 3)."""
    return np.rint(np.clip((drawing[0] + 1) * 127.5, 0, 255)).astype(np.uint8).transpose(1, 2, 0)
