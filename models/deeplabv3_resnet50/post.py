"""Classes of pixels, read from the scores on the CPU. NumPy alone."""

import numpy as np
from numpy.typing import NDArray

# The palette of Pascal VOC: bit n of a class, three bits for each colour, from the highest bit down.
CLASSES = 21


def labels_of(scores: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Give the class of each pixel (H, W) from scores (1, 21, H, W)."""
    return scores[0].argmax(0).astype(np.uint8)


def coloured(labels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Give the labels as a picture (H, W, 3) in the colours of Pascal VOC."""
    return _palette()[labels]


def _palette() -> NDArray[np.uint8]:
    colours = np.zeros((CLASSES, 3), np.uint8)
    for label in range(CLASSES):
        rest = label
        for bit in range(7, -1, -1):
            for channel in range(3):
                colours[label, channel] |= (rest >> channel & 1) << bit
            rest >>= 3
    return colours
