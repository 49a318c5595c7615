"""What happens around the network on the CPU: fit a picture in, read boxes out. NumPy alone."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

ANCHORS_PER_PLACE = 3
GREY = 114


class Fit(NamedTuple):
    """How a picture was fitted in: scaled by `scale`, then moved by `left` and `top` pixels."""

    scale: float
    left: int
    top: int


class Detection(NamedTuple):
    """A box in pixels of the original picture, its class and how sure the network is."""

    x1: float
    y1: float
    x2: float
    y2: float
    label: int
    score: float


def letterbox(
    picture: NDArray[np.uint8], height: int, width: int
) -> tuple[NDArray[np.float32], Fit]:
    """Scale (H, W, 3) pixels to fit, centre them on grey; give the network's (1, 3, height, width) in 0..1."""
    scale = min(height / picture.shape[0], width / picture.shape[1])
    rows, columns = (max(1, round(side * scale)) for side in picture.shape[:2])
    scaled = picture[_nearest(rows, picture.shape[0])][:, _nearest(columns, picture.shape[1])]
    fit = Fit(scale, (width - columns) // 2, (height - rows) // 2)
    canvas = np.full((height, width, 3), GREY, np.uint8)
    canvas[fit.top : fit.top + rows, fit.left : fit.left + columns] = scaled
    return (canvas.transpose(2, 0, 1)[None] / 255).astype(np.float32), fit


def rows_of(maps: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Give the boxes of all maps (1, 255, ny, nx) as rows (n, 85) in the release's order."""
    rows = []
    for values in maps:
        _, channels, ny, nx = values.shape
        per_anchor = values.reshape(ANCHORS_PER_PLACE, channels // ANCHORS_PER_PLACE, ny, nx)
        rows.append(per_anchor.transpose(0, 2, 3, 1).reshape(-1, per_anchor.shape[1]))
    return np.concatenate(rows)


def detections(
    maps: list[NDArray[np.float32]],
    size: tuple[int, int],
    fit: Fit,
    *,
    threshold: float = 0.25,
    overlap: float = 0.45,
) -> list[Detection]:
    """Read the network's maps for an input of `size` (height, width): the best boxes, the surest first.

    A box counts if object score times class score exceeds `threshold`; of boxes of one class that overlap by
    more than `overlap` (intersection over union), the surest stays.
    """
    rows = rows_of(maps).astype(np.float64)
    labels = rows[:, 5:].argmax(1)
    scores = rows[:, 4] * rows[np.arange(len(rows)), 5 + labels]
    sure = scores > threshold
    rows, labels, scores = rows[sure], labels[sure], scores[sure]
    sides = np.array([size[1], size[0]])
    centre, half = rows[:, :2] * sides, rows[:, 2:4] * sides / 2
    moved = np.array([fit.left, fit.top])
    boxes = np.concatenate([(centre - half - moved) / fit.scale, (centre + half - moved) / fit.scale], axis=1)
    return [
        Detection(*map(float, boxes[i]), int(labels[i]), float(scores[i]))
        for i in non_maximum_suppression(boxes, labels, scores, overlap)
    ]


def non_maximum_suppression(
    boxes: NDArray[np.float64], labels: NDArray[np.int64], scores: NDArray[np.float64], overlap: float
) -> list[int]:
    """Give the indices of the boxes (x1, y1, x2, y2) that stay, the surest first."""
    order = list(np.argsort(-scores, kind="stable"))
    areas = np.prod(np.maximum(boxes[:, 2:] - boxes[:, :2], 0), axis=1)
    kept: list[int] = []
    while order:
        best = order.pop(0)
        kept.append(int(best))
        rest = np.array(order, dtype=np.int64)
        corner1 = np.maximum(boxes[best, :2], boxes[rest, :2])
        corner2 = np.minimum(boxes[best, 2:], boxes[rest, 2:])
        shared = np.prod(np.maximum(corner2 - corner1, 0), axis=1)
        union = areas[best] + areas[rest] - shared
        same = (labels[rest] == labels[best]) & (shared > overlap * union)
        order = [int(index) for index in rest[~same]]
    return kept


def _nearest(count: int, available: int) -> NDArray[np.int64]:
    return np.minimum(((np.arange(count) + 0.5) * available / count).astype(np.int64), available - 1)
