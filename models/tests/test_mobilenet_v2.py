"""The network has torchvision's parameters."""

import unittest
from pathlib import Path

import torch

from mobilenet_v2.model import build


class StateDict(unittest.TestCase):
    """`state_dict()` against the list taken from torchvision 0.14.1's `mobilenet_v2`."""

    def test_names_shapes_and_dtypes_are_those_of_torchvision(self) -> None:
        expected = Path(__file__).with_name("mobilenet_v2_state_dict.txt").read_text().splitlines()
        actual = [
            f"{name} {list(tensor.shape)} {str(tensor.dtype).removeprefix('torch.')}"
            for name, tensor in build().state_dict().items()
        ]
        self.assertEqual(actual, expected)

    def test_parameter_count_is_the_published_one(self) -> None:
        self.assertEqual(sum(parameter.numel() for parameter in build().parameters()), 3_504_872)


class Forward(unittest.TestCase):
    """`forward()`."""

    def test_any_batch_and_size_gives_a_score_per_class(self) -> None:
        with torch.inference_mode():
            scores = build().eval()(torch.zeros(2, 3, 65, 97))
        self.assertEqual(list(scores.shape), [2, 1000])


if __name__ == "__main__":
    unittest.main()
