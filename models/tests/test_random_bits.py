"""Random numbers from names."""

import unittest

import numpy as np

from convert.random_bits import random_grid, random_integers


class RandomIntegers(unittest.TestCase):
    """`random_integers()`."""

    def test_values_are_pinned(self) -> None:
        # Seeded weights everywhere depend on these bits; they must never change.
        self.assertEqual(random_integers("pin", 6, -100, 100).tolist(), [35, 46, -79, -5, -97, -42])

    def test_another_name_gives_other_values(self) -> None:
        self.assertFalse(np.array_equal(random_integers("a", 64, 0, 9), random_integers("b", 64, 0, 9)))

    def test_a_longer_draw_begins_with_the_shorter_one(self) -> None:
        self.assertEqual(random_integers("x", 4, 0, 99).tolist(), random_integers("x", 9, 0, 99)[:4].tolist())

    def test_both_ends_of_the_range_occur_and_nothing_beyond(self) -> None:
        self.assertEqual(set(random_integers("dice", 1000, 1, 6).tolist()), {1, 2, 3, 4, 5, 6})

    def test_an_empty_range_is_refused(self) -> None:
        with self.assertRaises(ValueError):
            random_integers("x", 1, 1, 0)


class RandomGrid(unittest.TestCase):
    """`random_grid()`."""

    def test_values_are_multiples_of_the_grid_within_the_range(self) -> None:
        values = random_grid("x", (4, 5), -0.5, 1.5).astype(np.float64)
        self.assertEqual(values.shape, (4, 5))
        self.assertTrue(np.array_equal(np.round(values * 2**20), values * 2**20))
        self.assertTrue(bool(((values >= -0.5) & (values <= 1.5)).all()))

    def test_values_do_not_fit_into_half_precision(self) -> None:
        values = random_grid("x", (1000,), -1, 1)
        self.assertGreater(np.mean(values.astype(np.float16).astype(np.float32) != values), 0.95)


if __name__ == "__main__":
    unittest.main()
