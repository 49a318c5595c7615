"""YOLOv5s in the layout of release 6: object detection, 80 COCO classes.

Written from the published architecture; parameter names and shapes are those of that release's state dict
(`model.0.conv.weight` and so on), so its weights load once they are saved as a plain state dict.

The detection head has no fifth dimension, which Vulkan tensors cannot have. The original views its map as
(N, 3, 85, ny, nx) and treats box centre, box size and scores apart; here each channel has three constants,
and decoding is y * a + y * y * c + b for the whole map. Boxes are in parts of the image's width and height,
not in pixels, so that boxes and scores are of the same scale and one tolerance means something for both.
"""

from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn

CLASSES = 80
ANCHORS_PER_PLACE = 3
VALUES = 5 + CLASSES  # x, y, width, height, whether there is an object, the classes
STRIDES = (8, 16, 32)
# In pixels: the sizes of the three boxes that each place of each map starts from, as the release has them.
ANCHORS = (
    ((10, 13), (16, 30), (33, 23)),
    ((30, 61), (62, 45), (59, 119)),
    ((116, 90), (156, 198), (373, 326)),
)


class ConvNormSilu(nn.Module):
    """Convolution, norm, x * sigmoid(x)."""

    def __init__(
        self,
        channels_in: int,
        channels_out: int,
        kernel: int = 1,
        stride: int = 1,
        padding: int | None = None,
    ) -> None:
        """Build the layers; padding keeps the size at stride 1 unless given."""
        super().__init__()
        padding = kernel // 2 if padding is None else padding
        self.conv = nn.Conv2d(channels_in, channels_out, kernel, stride, padding, bias=False)
        self.bn = nn.BatchNorm2d(channels_out, eps=1e-3, momentum=0.03)
        self.act = nn.SiLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        """Return the activated map."""
        return self.act(self.bn(self.conv(x)))


class Bottleneck(nn.Module):
    """A 1x1 and a 3x3 convolution of the same width, with a shortcut in the backbone."""

    def __init__(self, channels: int, *, shortcut: bool) -> None:
        """Build the block."""
        super().__init__()
        self.cv1 = ConvNormSilu(channels, channels)
        self.cv2 = ConvNormSilu(channels, channels, 3)
        self.shortcut = shortcut

    def forward(self, x: Tensor) -> Tensor:
        """Return the block's output, plus its input if it has a shortcut."""
        y = self.cv2(self.cv1(x))
        return x + y if self.shortcut else y


class C3(nn.Module):
    """Split the channels in two by 1x1 convolutions, run bottlenecks over one half, join both."""

    def __init__(
        self, channels_in: int, channels_out: int, repeats: int = 1, *, shortcut: bool = True
    ) -> None:
        """Build the block."""
        super().__init__()
        hidden = channels_out // 2
        self.cv1 = ConvNormSilu(channels_in, hidden)
        self.cv2 = ConvNormSilu(channels_in, hidden)
        self.cv3 = ConvNormSilu(2 * hidden, channels_out)
        self.m = nn.Sequential(*(Bottleneck(hidden, shortcut=shortcut) for _ in range(repeats)))

    def forward(self, x: Tensor) -> Tensor:
        """Return the joined halves."""
        return self.cv3(torch.cat([self.m(self.cv1(x)), self.cv2(x)], dim=1))


class Sppf(nn.Module):
    """Max-pool three times in a row and join all four: the view of 5, 9 and 13 pixels' width at once."""

    def __init__(self, channels: int) -> None:
        """Build the block."""
        super().__init__()
        self.cv1 = ConvNormSilu(channels, channels // 2)
        self.cv2 = ConvNormSilu(2 * channels, channels)
        self.m = nn.MaxPool2d(5, 1, 2)

    def forward(self, x: Tensor) -> Tensor:
        """Return the joined pools."""
        pools = [self.cv1(x)]
        for _ in range(3):
            pools.append(self.m(pools[-1]))
        return self.cv2(torch.cat(pools, dim=1))


class Detect(nn.Module):
    """Boxes and scores from the three maps of the neck."""

    anchors: Tensor

    def __init__(self, channels: tuple[int, ...]) -> None:
        """Build a 1x1 convolution for each map; `anchors` is in units of the map's stride."""
        super().__init__()
        outputs = ANCHORS_PER_PLACE * VALUES
        self.m = nn.ModuleList(nn.Conv2d(width, outputs, 1) for width in channels)
        strides = torch.tensor(STRIDES).reshape(-1, 1, 1)
        self.register_buffer("anchors", torch.tensor(ANCHORS, dtype=torch.float32) / strides)

    def forward(self, maps: list[Tensor]) -> tuple[Tensor, ...]:
        """Return a decoded map (N, 255, ny, nx) for each stride."""
        return tuple(self.decoded(index, self.m[index](x)) for index, x in enumerate(maps))

    def decoded(self, index: int, raw: Tensor) -> Tensor:
        """Turn a convolution's output into boxes and scores."""
        anchors = self.anchors[index].double().numpy() * STRIDES[index]
        ny, nx = (int(size) for size in raw.shape[-2:])
        linear, square, shift = (
            torch.tensor(values, dtype=raw.dtype)
            for values in decode_constants(anchors, STRIDES[index], ny, nx)
        )
        y = torch.sigmoid(raw)
        return y * linear + y * y * square + shift


class Yolov5s(nn.Module):
    """Image (N, 3, H, W) in 0..1, sides multiples of 32, to maps of boxes at strides 8, 16 and 32."""

    SEEDING: ClassVar = {"lean": 0.03, "norm_shift": (1.75, 2.25)}

    def __init__(self) -> None:
        """Build the layers with torch's default initialisation; weights are loaded or seeded afterwards.

        The positions in the list are part of the parameters' names; those without parameters stand for
        upsampling and concatenation.
        """
        super().__init__()
        self.model = nn.ModuleList(
            [
                ConvNormSilu(3, 32, 6, 2, 2),  # 0
                ConvNormSilu(32, 64, 3, 2),
                C3(64, 64),
                ConvNormSilu(64, 128, 3, 2),
                C3(128, 128, 2),  # 4: stride 8
                ConvNormSilu(128, 256, 3, 2),
                C3(256, 256, 3),  # 6: stride 16
                ConvNormSilu(256, 512, 3, 2),
                C3(512, 512),
                Sppf(512),
                ConvNormSilu(512, 256),  # 10: stride 32
                nn.Upsample(scale_factor=2, mode="nearest"),
                nn.Identity(),
                C3(512, 256, shortcut=False),
                ConvNormSilu(256, 128),  # 14
                nn.Upsample(scale_factor=2, mode="nearest"),
                nn.Identity(),
                C3(256, 128, shortcut=False),  # 17
                ConvNormSilu(128, 128, 3, 2),
                nn.Identity(),
                C3(256, 256, shortcut=False),  # 20
                ConvNormSilu(256, 256, 3, 2),
                nn.Identity(),
                C3(512, 512, shortcut=False),  # 23
                Detect((128, 256, 512)),
            ]
        )

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        """Return the three decoded maps, the finest first."""
        stride8 = self._run(image, 0, 5)
        stride16 = self._run(stride8, 5, 7)
        top = self._run(stride16, 7, 11)
        middle = self._run(torch.cat([self.model[11](top), stride16], dim=1), 13, 15)
        fine = self.model[17](torch.cat([self.model[15](middle), stride8], dim=1))
        medium = self.model[20](torch.cat([self.model[18](fine), middle], dim=1))
        coarse = self.model[23](torch.cat([self.model[21](medium), top], dim=1))
        return self.model[24]([fine, medium, coarse])

    def _run(self, x: Tensor, start: int, end: int) -> Tensor:
        for module in self.model[start:end]:
            x = module(x)
        return x


def decode_constants(
    anchors: np.ndarray, stride: int, ny: int, nx: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give a, c (1, 255, 1, 1) and b (1, 255, ny, nx) of y * a + y * y * c + b, for y = sigmoid of the map.

    The release decodes a centre as (2 y - 0.5 + place) * stride, a size as (2 y)^2 * anchor, and leaves the
    scores; `anchors` (3, 2) are in pixels. The image is (ny * stride, nx * stride) pixels.
    """
    image = np.array([nx * stride, ny * stride], dtype=np.float64)
    linear = np.ones((ANCHORS_PER_PLACE, VALUES))
    square = np.zeros((ANCHORS_PER_PLACE, VALUES))
    shift = np.zeros((ANCHORS_PER_PLACE, VALUES, ny, nx))
    linear[:, 0:2] = 2 * stride / image
    linear[:, 2:4] = 0
    square[:, 2:4] = 4 * anchors / image
    shift[:, 0] = (np.arange(nx) - 0.5)[None, None, :] * stride / image[0]
    shift[:, 1] = (np.arange(ny) - 0.5)[None, :, None] * stride / image[1]
    channels = ANCHORS_PER_PLACE * VALUES
    return (
        linear.reshape(1, channels, 1, 1),
        square.reshape(1, channels, 1, 1),
        shift.reshape(1, channels, ny, nx),
    )


def build() -> nn.Module:
    """Give the network; the name every model file exports."""
    return Yolov5s()
