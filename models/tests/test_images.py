"""Test pictures."""

import hashlib
import unittest

import numpy as np

from convert.errors import ConvertError
from convert.images import checkerboard, mask, noise, normalised, picture


class Picture(unittest.TestCase):
    """`picture()`."""

    def test_pixels_are_pinned(self) -> None:
        digest = hashlib.sha256(picture("pin", 48, 64).tobytes()).hexdigest()
        self.assertEqual(digest, "9fffce4495fda24ce8890c6f6ecbc0286462de79344b43c51b8ab396a5324c10")

    def test_another_name_gives_another_picture(self) -> None:
        self.assertFalse(np.array_equal(picture("a", 32, 32), picture("b", 32, 32)))

    def test_neighbouring_pixels_are_alike_as_in_photographs(self) -> None:
        for index in range(8):
            pixels = picture(f"p{index}", 224, 224).astype(float)
            steps = np.abs(np.diff(pixels, axis=1)).mean()
            self.assertGreater(pixels.std(), 30)
            self.assertLess(steps, pixels.std() / 2)


class Normalised(unittest.TestCase):
    """`normalised()`."""

    def test_imagenet_subtracts_the_mean_and_divides_by_the_deviation(self) -> None:
        pixels = np.array([[[255, 0, 51]]], np.uint8)
        expected = [(1 - 0.485) / 0.229, -0.456 / 0.224, (0.2 - 0.406) / 0.225]
        np.testing.assert_allclose(normalised(pixels, "imagenet").ravel(), expected, rtol=1e-6)

    def test_channels_come_first(self) -> None:
        self.assertEqual(normalised(picture("a", 4, 5), "imagenet").shape, (3, 4, 5))

    def test_an_unknown_normalisation_is_named(self) -> None:
        with self.assertRaisesRegex(ConvertError, 'Unknown normalisation "none"'):
            normalised(picture("a", 4, 4), "none")


class OtherContents(unittest.TestCase):
    """`noise()`, `checkerboard()`, `mask()`."""

    def test_checkerboard_changes_at_every_pixel(self) -> None:
        pixels = checkerboard("a", 9, 11).astype(int)
        self.assertGreater(np.abs(np.diff(pixels, axis=1)).mean(), 60)

    def test_mask_is_grey_and_reaches_both_ends(self) -> None:
        pixels = mask("a", 64, 64)
        self.assertTrue((pixels[..., 0] == pixels[..., 2]).all())
        self.assertEqual((pixels.min(), pixels.max()), (0, 255))

    def test_noise_depends_on_the_name(self) -> None:
        self.assertFalse(np.array_equal(noise("a", 8, 8), noise("b", 8, 8)))


if __name__ == "__main__":
    unittest.main()
