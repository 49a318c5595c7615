"""DetNet of Zhou et al. 2020 ("Monocular real-time hand shape and motion capture", arXiv:2003.09572).

Parameter names and shapes are those of `detnet` in MengHao666/Minimal-Hand-pytorch, whose published weights
load. The network gives its three maps with the joints' coordinates as channels (joint-major, x y z); where the
joints are is decoded on the CPU, by `post.py`: argmax, division and gather do not belong on a GPU.
"""

import torch
from torch import Tensor, nn

JOINTS = 21
FEATURES = 256
EXPANSION = 4


class Bottleneck(nn.Module):
    """Reduce by a 1x1 convolution, filter 3x3 with stride and dilation, expand fourfold, add the shortcut."""

    def __init__(self, channels_in: int, width: int, stride: int, dilation: int, shortcut: nn.Module) -> None:
        """Build the block around its shortcut."""
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, dilation, dilation, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, width * EXPANSION, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(width * EXPANSION)
        self.relu = nn.ReLU(inplace=True)
        self.shortcut = shortcut

    def forward(self, x: Tensor) -> Tensor:
        """Return the rectified sum."""
        shortcut = self.shortcut(x)
        x = self.relu(self.bn1(self.conv1(x)))
        x = self.relu(self.bn2(self.conv2(x)))
        return self.relu(self.bn3(self.conv3(x)) + shortcut)


class Backbone(nn.Module):
    """A ResNet of three stages; the last two dilate instead of striding, so the map keeps a quarter's size."""

    def __init__(self) -> None:
        """Build stem, stages and the projection to the features."""
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU(inplace=True)
        self.block1 = stage(64, 64, repeats=2, dilation=1)
        self.pool = nn.Sequential(Bottleneck(256, 64, 2, 1, nn.MaxPool2d(2, 2)))
        self.block2 = stage(256, 128, repeats=4, dilation=2)
        self.block3 = stage(512, 256, repeats=6, dilation=4)
        self.squeeze = nn.Sequential(*conv_norm_relu(1024, FEATURES))

    def forward(self, image: Tensor) -> Tensor:
        """Return 256 channels at a quarter of the image's size."""
        x = self.relu(self.bn1(self.conv1(image)))
        return self.squeeze(self.block3(self.block2(self.pool(self.block1(x)))))


class Head(nn.Module):
    """Predict maps from features by a 3x3 and a 1x1 convolution."""

    def __init__(self, channels_in: int, channels_out: int) -> None:
        """Build the layers."""
        super().__init__()
        self.project = conv_norm_relu(channels_in, FEATURES)
        self.prediction = nn.Conv2d(FEATURES, channels_out, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Return the maps without an activation."""
        return self.prediction(self.project(x))


class DetNet(nn.Module):
    """Image of a hand (N, 3, 128, 128) in 0..1 to heat, delta and location maps at a quarter of its size."""

    SEEDING = {"lean": 0.06}

    def __init__(self) -> None:
        """Build the layers with torch's default initialisation; weights are loaded or seeded afterwards."""
        super().__init__()
        self.resnet50 = Backbone()
        self.hmap_0 = Head(FEATURES + 2, JOINTS)
        self.dmap_0 = Head(FEATURES + 2 + JOINTS, 3 * JOINTS)
        self.lmap_0 = Head(FEATURES + 2 + JOINTS + 3 * JOINTS, 3 * JOINTS)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return heat maps (N, 21, h, w) in 0..1, delta maps and location maps (N, 63, h, w)."""
        features = self.resnet50(image)
        x = torch.cat([features, coordinates(features)], dim=1)
        heat = torch.sigmoid(self.hmap_0(x))
        x = torch.cat([x, heat], dim=1)
        delta = self.dmap_0(x)
        x = torch.cat([x, delta], dim=1)
        return heat, delta, self.lmap_0(x)


def coordinates(features: Tensor) -> Tensor:
    """Give each place's x and y in -1..1 as two channels; a constant once the network is traced."""
    batch, _, height, width = (int(size) for size in features.shape)
    x = torch.linspace(-1, 1, width, dtype=features.dtype).reshape(1, 1, 1, width).repeat(batch, 1, height, 1)
    y = torch.linspace(-1, 1, height, dtype=features.dtype).reshape(1, 1, height, 1).repeat(batch, 1, 1, width)
    return torch.cat([x, y], dim=1)


def stage(channels_in: int, width: int, *, repeats: int, dilation: int) -> nn.Sequential:
    """Give a row of dilated bottlenecks; the first projects its shortcut."""
    channels_out = width * EXPANSION
    projection = nn.Sequential(nn.Conv2d(channels_in, channels_out, 1, bias=False), nn.BatchNorm2d(channels_out))
    first = Bottleneck(channels_in, width, 1, dilation, projection)
    rest = [Bottleneck(channels_out, width, 1, dilation, nn.Identity()) for _ in range(repeats - 1)]
    return nn.Sequential(first, *rest)


def conv_norm_relu(channels_in: int, channels_out: int) -> nn.Sequential:
    """Give a 3x3 convolution that keeps the size, its norm and its rectifier."""
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, 3, padding=1, bias=False),
        nn.BatchNorm2d(channels_out),
        nn.ReLU(),
    )


def build() -> nn.Module:
    """Give the network; the name every model file exports."""
    return DetNet()
