"""Test pictures: deterministic, and built like photographs rather than noise.

Gradients, edges and repeated texture at several scales make a network's layers answer differently from
place to place; white noise averages to the same features everywhere and hides faults of position.
"""

import numpy as np
from numpy.typing import NDArray

from convert.errors import ConvertError
from convert.random_bits import random_integers

SHAPES = 12

# Mean and standard deviation per channel of pixels scaled to 0..1: "unit" leaves them so, "symmetric" maps
# them to -1..1.
NORMALISATIONS = {
    "imagenet": ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    "unit": ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0)),
    "symmetric": ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
}


def picture(name: str, height: int, width: int) -> NDArray[np.uint8]:
    """Give an RGB picture (height, width, 3) that depends on `name` alone; all arithmetic is on integers."""
    draw = _Dice(name)
    y, x = np.mgrid[0:height, 0:width].astype(np.int64)
    rgb = _background(draw, y, x)
    for _ in range(SHAPES):
        inside = _shape(draw, y, x)
        colour = np.array([draw(0, 255) for _ in range(3)])
        rgb = np.where(inside[..., None], _textured(draw, y, x, colour), rgb)
    noise = random_integers(f"{name}/noise", height * width * 3, -6, 6).reshape(height, width, 3)
    return np.clip(rgb + noise, 0, 255).astype(np.uint8)


def normalised(pixels: NDArray[np.uint8], normalisation: str) -> NDArray[np.float32]:
    """Turn (H, W, 3) pixels into the (3, H, W) float32 tensor that a network was trained on."""
    if normalisation not in NORMALISATIONS:
        known = ", ".join(f'"{name}"' for name in NORMALISATIONS)
        raise ConvertError(f'Unknown normalisation "{normalisation}"', f"Use one of {known}")
    mean, std = NORMALISATIONS[normalisation]
    scaled = (pixels / 255.0 - np.array(mean)) / np.array(std)
    return np.ascontiguousarray(scaled.transpose(2, 0, 1).astype(np.float32))


def noise(name: str, height: int, width: int) -> NDArray[np.uint8]:
    """Give white noise: no two neighbours alike, so that a fault of position shows everywhere."""
    values = random_integers(f"{name}/white", height * width * 3, 0, 255)
    return values.reshape(height, width, 3).astype(np.uint8)


def checkerboard(_: str, height: int, width: int) -> NDArray[np.uint8]:
    """Give single black and white pixels by turns, over ramps of the colours."""
    y, x = np.mgrid[0:height, 0:width].astype(np.int64)
    ramps = np.stack([x * 255 // width, y * 255 // height, (x + y) * 255 // (height + width)], axis=-1)
    return np.where(((x + y) % 2 == 0)[..., None], ramps, 255 - ramps).astype(np.uint8)


def mask(name: str, height: int, width: int) -> NDArray[np.uint8]:
    """Give a mask as a picture: 0 or 255 with soft edges, the same in all channels."""
    draw = _Dice(name)
    y, x = np.mgrid[0:height, 0:width].astype(np.int64)
    inside = np.zeros((height, width), bool)
    for _ in range(3):
        inside ^= _shape(draw, y, x)
    padded = np.pad(inside.astype(np.int64), 1, mode="edge")
    soft = sum(padded[dy : dy + height, dx : dx + width] for dy in range(3) for dx in range(3)) * 255 // 9
    return np.repeat(soft[..., None], 3, axis=-1).astype(np.uint8)


class _Dice:
    """Integers drawn one after the other from the stream of a name."""

    def __init__(self, name: str) -> None:
        self._values = iter(random_integers(f"{name}/dice", 1024, 0, 2**20 - 1).tolist())

    def __call__(self, low: int, high: int) -> int:
        """Give an integer in [low, high]."""
        return low + next(self._values) * (high - low + 1) // 2**20


def _background(draw: _Dice, y: NDArray[np.int64], x: NDArray[np.int64]) -> NDArray[np.int64]:
    """Blend four corner colours."""
    height, width = y.shape
    v, u = y[..., None], x[..., None]
    corners = [np.array([draw(0, 255) for _ in range(3)]) for _ in range(4)]
    top = corners[0] * (width - u) + corners[1] * u
    bottom = corners[2] * (width - u) + corners[3] * u
    return (top * (height - v) + bottom * v) // (height * width)


def _shape(draw: _Dice, y: NDArray[np.int64], x: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Give where an ellipse or a rectangle lies; large ones are drawn as often as small ones."""
    height, width = y.shape
    size = draw(16, 3 * max(height, width) // 8 + 16)
    centre_y, centre_x = draw(0, height), draw(0, width)
    half_height, half_width = draw(size // 3 + 1, size), draw(size // 3 + 1, size)
    dy, dx = y - centre_y, x - centre_x
    if draw(0, 1):
        return (dy * half_width) ** 2 + (dx * half_height) ** 2 < (half_width * half_height) ** 2
    return (abs(dy) < half_height) & (abs(dx) < half_width)


def _textured(
    draw: _Dice, y: NDArray[np.int64], x: NDArray[np.int64], colour: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Lay stripes of some direction, period and contrast, triangular in brightness, over a colour."""
    period, contrast = draw(3, 40), draw(0, 90)
    phase = (x * draw(-8, 8) + y * draw(-8, 8)) // 8 % period
    wave = abs(2 * phase - period) * 2 * contrast // period - contrast
    return colour + wave[..., None]
