"""A model's inputs as they are given on the command line, and test data for them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convert.errors import ConvertError
from convert.images import NORMALISATIONS, picture_batch


@dataclass(frozen=True)
class InputSpec:
    """One float32 input: its name, its shape, and the normalisation of the pictures it takes."""

    name: str
    shape: tuple[int, ...]
    normalisation: str

    @classmethod
    def parse(cls, text: str) -> "InputSpec":
        """Read `name:1x3x224x224:normalisation`."""
        try:
            name, shape_text, normalisation = text.split(":")
            shape = tuple(int(size) for size in shape_text.split("x"))
        except ValueError:
            raise _bad_input(text, "it is not of the form NAME:SHAPE:NORMALISATION") from None
        if not name.isidentifier():
            raise _bad_input(text, "the name must be an identifier")
        if len(shape) != 4 or shape[1] != 3 or min(shape) < 1:
            raise _bad_input(text, "the shape must be Nx3xHxW")
        if normalisation not in NORMALISATIONS:
            raise _bad_input(text, f"the normalisation must be one of {', '.join(NORMALISATIONS)}")
        return cls(name, shape, normalisation)

    def sample(self, purpose: str, index: int) -> NDArray[np.float32]:
        """Give test data; another purpose ("golden", "calibration") or index gives other pictures."""
        return picture_batch(f"{purpose}/{self.name}/{index}", self.shape, self.normalisation)


def _bad_input(text: str, problem: str) -> ConvertError:
    return ConvertError(
        f'Cannot use input "{text}": {problem}', 'Write for example "input:1x3x224x224:imagenet"'
    )
