"""MobileNetV2 (Sandler et al. 2018, arXiv:1801.04381), width 1.0, 1000 classes.

Parameter names and shapes are those of torchvision's `mobilenet_v2`, so its published weights load. That is
why some containers below exist at all: `features.2.conv.0.0.weight` is a path through four of them.
"""

from typing import NamedTuple

from torch import Tensor, nn


class Stage(NamedTuple):
    """A row of table 2 of the paper: `repeats` blocks, of which the first has the stride."""

    expansion: int
    channels: int
    repeats: int
    stride: int


STEM_CHANNELS = 32
STAGES = (
    Stage(expansion=1, channels=16, repeats=1, stride=1),
    Stage(expansion=6, channels=24, repeats=2, stride=2),
    Stage(expansion=6, channels=32, repeats=3, stride=2),
    Stage(expansion=6, channels=64, repeats=4, stride=2),
    Stage(expansion=6, channels=96, repeats=3, stride=1),
    Stage(expansion=6, channels=160, repeats=3, stride=2),
    Stage(expansion=6, channels=320, repeats=1, stride=1),
)
HEAD_CHANNELS = 1280
CLASSES = 1000


class MobileNetV2(nn.Module):
    """Image (N, 3, H, W), normalised with ImageNet's statistics, to class scores (N, 1000)."""

    def __init__(self) -> None:
        """Build the layers with torch's default initialisation; weights are loaded or seeded afterwards."""
        super().__init__()
        layers: list[nn.Module] = [conv_norm_relu6(3, STEM_CHANNELS, kernel=3, stride=2)]
        channels = STEM_CHANNELS
        for stage in STAGES:
            for repeat in range(stage.repeats):
                stride = stage.stride if repeat == 0 else 1
                layers.append(InvertedResidual(channels, stage.channels, stage.expansion, stride))
                channels = stage.channels
        layers.append(conv_norm_relu6(channels, HEAD_CHANNELS, kernel=1))
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(HEAD_CHANNELS, CLASSES))

    def forward(self, image: Tensor) -> Tensor:
        """Return the scores before softmax."""
        pooled = nn.functional.adaptive_avg_pool2d(self.features(image), (1, 1))
        return self.classifier(pooled.flatten(1))


class InvertedResidual(nn.Module):
    """Expand by a 1x1 convolution, filter each channel by a 3x3, project back without an activation."""

    def __init__(self, channels_in: int, channels_out: int, expansion: int, stride: int) -> None:
        """Build the block; a block without expansion has no 1x1 convolution in front."""
        super().__init__()
        hidden = channels_in * expansion
        self.has_shortcut = stride == 1 and channels_in == channels_out
        expand = [conv_norm_relu6(channels_in, hidden, kernel=1)] if expansion > 1 else []
        self.conv = nn.Sequential(
            *expand,
            conv_norm_relu6(hidden, hidden, kernel=3, stride=stride, groups=hidden),
            nn.Conv2d(hidden, channels_out, 1, bias=False),
            nn.BatchNorm2d(channels_out),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return the block's output, plus its input where the shapes agree."""
        return x + self.conv(x) if self.has_shortcut else self.conv(x)


def conv_norm_relu6(
    channels_in: int, channels_out: int, *, kernel: int, stride: int = 1, groups: int = 1
) -> nn.Sequential:
    """Give the paper's basic unit; padding keeps the size at stride 1."""
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(channels_out),
        nn.ReLU6(inplace=True),
    )


def build() -> nn.Module:
    """Give the network; the name every model file exports."""
    return MobileNetV2()
