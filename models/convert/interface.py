"""A model's inputs as they are given on the command line, and test data for them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convert.errors import ConvertError
from convert.images import NORMALISATIONS, checkerboard, mask, noise, normalised, picture

MASK = "mask"
KINDS = (*NORMALISATIONS, MASK)

# What the golden samples hold, in this order and then again: pictures most often, and what goes wrong where
# they do not: noise, sharp edges at every second pixel, zeros, values that overflow a naive softmax.
CONTENTS = ("picture", "noise", "checkerboard", "zeros", "large", "picture")
# "large" is a picture times this: 10 standard deviations. At 8 float32 alone is off by 1e-4 in deep networks.
LARGE = 4.0


@dataclass(frozen=True)
class InputSpec:
    """One float32 input: its name, its shape, and its kind: how pixels are normalised, or a mask in 0..1."""

    name: str
    shape: tuple[int, ...]
    kind: str

    @classmethod
    def parse(cls, text: str) -> "InputSpec":
        """Read `name:1x3x224x224:kind`."""
        try:
            name, shape_text, kind = text.split(":")
            shape = tuple(int(size) for size in shape_text.split("x"))
        except ValueError:
            raise _bad_input(text, "it is not of the form NAME:SHAPE:KIND") from None
        if not name.isidentifier():
            raise _bad_input(text, "the name must be an identifier")
        if kind not in KINDS:
            raise _bad_input(text, f"the kind must be one of {', '.join(KINDS)}")
        channels = 1 if kind == MASK else 3
        if len(shape) != 4 or shape[1] != channels or min(shape) < 1:
            raise _bad_input(text, f"the shape must be Nx{channels}xHxW")
        return cls(name, shape, kind)

    def sample(self, purpose: str, index: int) -> NDArray[np.float32]:
        """Give test data; another purpose ("golden", "calibration") or index gives other pictures.

        Golden samples take turns through CONTENTS, calibration sees pictures alone.
        """
        content = CONTENTS[index % len(CONTENTS)] if purpose == "golden" else "picture"
        batch = [self._one(content, f"{purpose}/{self.name}/{index}/{n}") for n in range(self.shape[0])]
        return np.stack(batch)

    def _one(self, content: str, name: str) -> NDArray[np.float32]:
        height, width = self.shape[2:]
        if content == "zeros":
            return np.zeros(self.shape[1:], np.float32)
        make = {"noise": noise, "checkerboard": checkerboard}.get(
            content, mask if self.kind == MASK else picture
        )
        pixels = make(name, height, width)
        if self.kind == MASK:
            # A mask that is a picture of its own: any channel will do.
            values = (pixels[..., :1] / 255.0).transpose(2, 0, 1).astype(np.float32)
            return np.ascontiguousarray(values)
        values = normalised(pixels, self.kind)
        return values * np.float32(LARGE) if content == "large" else values


def _bad_input(text: str, problem: str) -> ConvertError:
    return ConvertError(
        f'Cannot use input "{text}": {problem}', 'Write for example "input:1x3x224x224:imagenet"'
    )
