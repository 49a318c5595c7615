"""Inputs on the command line, and their test data."""

import unittest

import numpy as np

from convert.errors import ConvertError
from convert.interface import CONTENTS, InputSpec


class Parse(unittest.TestCase):
    """`InputSpec.parse()`."""

    def test_a_picture_and_a_mask(self) -> None:
        self.assertEqual(InputSpec.parse("x:1x3x8x9:unit"), InputSpec("x", (1, 3, 8, 9), "unit"))
        self.assertEqual(InputSpec.parse("m:2x1x4x4:mask").shape, (2, 1, 4, 4))

    def test_what_is_wrong_is_said(self) -> None:
        for text, problem in (
            ("x:1x3x8x8", "not of the form"),
            ("x y:1x3x8x8:unit", "identifier"),
            ("x:1x3x8x8:rgb", "the kind must be one of"),
            ("x:1x1x8x8:unit", "the shape must be Nx3xHxW"),
            ("m:1x3x8x8:mask", "the shape must be Nx1xHxW"),
        ):
            with self.subTest(text), self.assertRaisesRegex(ConvertError, problem):
                InputSpec.parse(text)


class SampleData(unittest.TestCase):
    """`InputSpec.sample()`."""

    def setUp(self) -> None:
        self.spec = InputSpec("x", (2, 3, 16, 16), "imagenet")

    def test_golden_samples_take_turns(self) -> None:
        samples = [self.spec.sample("golden", index) for index in range(2 * len(CONTENTS))]
        self.assertEqual(len({values.tobytes() for values in samples}), len(samples) - 2)  # zeros, checkerboard
        self.assertTrue((samples[CONTENTS.index("zeros")] == 0).all())
        self.assertGreater(np.abs(samples[CONTENTS.index("large")]).max(), 8)

    def test_calibration_sees_pictures_alone(self) -> None:
        for index in range(len(CONTENTS)):
            values = self.spec.sample("calibration", index)
            self.assertLess(np.abs(values).max(), 3)
            self.assertGreater(values.std(), 0.1)

    def test_pictures_of_a_batch_differ(self) -> None:
        batch = self.spec.sample("golden", 0)
        self.assertFalse(np.array_equal(batch[0], batch[1]))

    def test_masks_lie_in_0_to_1(self) -> None:
        for index in range(len(CONTENTS)):
            values = InputSpec("m", (1, 1, 12, 10), "mask").sample("golden", index)
            self.assertEqual(values.shape, (1, 1, 12, 10))
            self.assertTrue(((values >= 0) & (values <= 1)).all())


if __name__ == "__main__":
    unittest.main()
