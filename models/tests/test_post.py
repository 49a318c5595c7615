"""What happens around the networks on the CPU."""

import unittest

import numpy as np
import torch

from animeganv2.post import picture_of, tensor_of
from deeplabv3_resnet50.post import coloured, labels_of
from detnet.post import hand_of
from yolov5s.model import ANCHORS, STRIDES, decode_constants
from yolov5s.post import detections, letterbox, non_maximum_suppression, rows_of


class YoloDecode(unittest.TestCase):
    """The head without a fifth dimension against the release's formula with one."""

    def test_it_equals_the_original_to_1e_5(self) -> None:
        for index, (stride, anchors) in enumerate(zip(STRIDES, ANCHORS, strict=True)):
            ny, nx = 640 // stride, 480 // stride
            raw = torch.randn(1, 255, ny, nx, generator=torch.Generator().manual_seed(index)) * 4
            linear, square, shift = (
                torch.tensor(values, dtype=torch.float32)
                for values in decode_constants(np.array(anchors, np.float64), stride, ny, nx)
            )
            y = torch.sigmoid(raw)
            decoded = rows_of([(y * linear + y * y * square + shift).numpy()])
            decoded[:, :4] *= [480, 640, 480, 640]
            expected = original_decode(raw.double(), anchors, stride).numpy()
            error = np.abs(decoded - expected).max(axis=0) / np.abs(expected).max(axis=0)
            self.assertLess(error.max(), 1e-5)


def original_decode(raw: torch.Tensor, anchors: tuple[tuple[int, int], ...], stride: int) -> torch.Tensor:
    """Give rows (n, 85) in pixels by the formula of release 6."""
    batch, _, ny, nx = raw.shape
    y = raw.view(batch, 3, 85, ny, nx).permute(0, 1, 3, 4, 2).sigmoid()
    places = torch.stack(torch.meshgrid(torch.arange(ny), torch.arange(nx), indexing="ij")[::-1], dim=-1)
    centre = (y[..., :2] * 2 - 0.5 + places) * stride
    sizes = (y[..., 2:4] * 2) ** 2 * torch.tensor(anchors, dtype=raw.dtype).view(1, 3, 1, 1, 2)
    return torch.cat([centre, sizes, y[..., 4:]], dim=-1).view(-1, 85)


class YoloPost(unittest.TestCase):
    """`yolov5s.post`."""

    def test_letterbox_keeps_the_shape_and_centres(self) -> None:
        tensor, fit = letterbox(np.full((50, 100, 3), 255, np.uint8), 64, 64)
        self.assertEqual((tensor.shape, fit), ((1, 3, 64, 64), (0.64, 0, 16)))
        self.assertEqual((float(tensor[0, 0, 0, 0]), float(tensor[0, 0, 32, 32])), (np.float32(114 / 255), 1))

    def test_a_box_is_found_where_it_was_put(self) -> None:
        maps = [np.zeros((1, 255, n, n), np.float32) for n in (8, 4, 2)]
        maps[1][0, 85 : 85 + 6, 2, 1] = [0.5, 0.25, 0.25, 0.5, 0.9, 0]
        maps[1][0, 85 + 5 + 7, 2, 1] = 0.8
        (found,) = detections(maps, (64, 64), letterbox(np.zeros((50, 100, 3), np.uint8), 64, 64)[1])
        self.assertEqual(found.label, 7)
        np.testing.assert_allclose(found[:4], [(32 - 8) / 0.64, -25, (32 + 8) / 0.64, 25], atol=1e-4)
        self.assertAlmostEqual(found.score, 0.72, places=6)

    def test_of_overlapping_boxes_of_a_class_the_surest_stays(self) -> None:
        boxes = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [1, 0, 11, 10], [20, 20, 30, 30]], np.float64)
        kept = non_maximum_suppression(boxes, np.array([1, 1, 2, 1]), np.array([0.5, 0.9, 0.8, 0.1]), 0.45)
        self.assertEqual(kept, [1, 2, 3])

    def test_nothing_is_found_in_nothing(self) -> None:
        maps = [np.zeros((1, 255, n, n), np.float32) for n in (8, 4, 2)]
        _, fit = letterbox(np.zeros((64, 64, 3), np.uint8), 64, 64)
        self.assertEqual(detections(maps, (64, 64), fit), [])


class DetnetPost(unittest.TestCase):
    """`detnet.post`."""

    def test_coordinates_come_from_the_place_of_each_maximum(self) -> None:
        heat = np.zeros((1, 21, 4, 6), np.float32)
        location = np.arange(63 * 24, dtype=np.float32).reshape(1, 63, 4, 6)
        for joint in range(21):
            heat[0, joint, joint % 4, joint % 6] = 1
        hand = hand_of(heat, -location, location)
        for joint in range(21):
            row, column = joint % 4, joint % 6
            self.assertEqual(list(hand.uv[joint]), [row, column])
            expected = location[0, 3 * joint : 3 * joint + 3, row, column]
            np.testing.assert_array_equal(hand.xyz[joint], expected)
            np.testing.assert_array_equal(hand.delta[joint], -expected)


class DeeplabPost(unittest.TestCase):
    """`deeplabv3_resnet50.post`."""

    def test_the_largest_score_wins(self) -> None:
        scores = np.zeros((1, 21, 2, 2), np.float32)
        scores[0, 15, 0, 1] = 1
        self.assertEqual(labels_of(scores).tolist(), [[0, 15], [0, 0]])

    def test_colours_are_those_of_pascal_voc(self) -> None:
        picture = coloured(np.array([[0, 1, 15, 20]], np.uint8))
        self.assertEqual(picture[0].tolist(), [[0, 0, 0], [128, 0, 0], [192, 128, 128], [0, 64, 128]])


class AnimePost(unittest.TestCase):
    """`animeganv2.post`."""

    def test_pixels_survive_the_way_to_the_network_and_back(self) -> None:
        pixels = np.arange(256, dtype=np.uint8).reshape(16, 16)[..., None].repeat(3, axis=-1)
        np.testing.assert_array_equal(picture_of(tensor_of(pixels)), pixels)

    def test_values_beyond_the_range_are_cut(self) -> None:
        drawing = np.array([-1.5, 0, 1.5], np.float32).reshape(1, 3, 1, 1)
        self.assertEqual(picture_of(drawing).ravel().tolist(), [0, 128, 255])


if __name__ == "__main__":
    unittest.main()
