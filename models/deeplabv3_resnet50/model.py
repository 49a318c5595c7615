"""DeepLabV3 (Chen et al. 2017, arXiv:1706.05587) on a ResNet-50 with output stride 8, 21 classes.

Parameter names and shapes are those of torchvision's `deeplabv3_resnet50` with its auxiliary head, so the
published weights load. The auxiliary head only serves training; nothing of it runs.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

CLASSES = 21
EXPANSION = 4
FEATURES = 2048
ASPP_CHANNELS = 256
ASPP_RATES = (12, 24, 36)


class Bottleneck(nn.Module):
    """Reduce by a 1x1 convolution, filter 3x3 with the stride, expand fourfold, add the input."""

    def __init__(self, channels_in: int, width: int, stride: int, dilation: int) -> None:
        """Build the block; the input is projected where its shape differs from the output's."""
        super().__init__()
        channels_out = width * EXPANSION
        self.conv1 = nn.Conv2d(channels_in, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, dilation, dilation, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, channels_out, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(channels_out)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = None
        if stride != 1 or channels_in != channels_out:
            self.downsample = nn.Sequential(
                nn.Conv2d(channels_in, channels_out, 1, stride, bias=False), nn.BatchNorm2d(channels_out)
            )

    def forward(self, x: Tensor) -> Tensor:
        """Return the rectified sum."""
        shortcut = x if self.downsample is None else self.downsample(x)
        x = self.relu(self.bn1(self.conv1(x)))
        x = self.relu(self.bn2(self.conv2(x)))
        return self.relu(self.bn3(self.conv3(x)) + shortcut)


class Backbone(nn.Module):
    """ResNet-50 without its classifier; the last two stages are dilated instead of strided."""

    def __init__(self) -> None:
        """Build stem and stages."""
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        self.layer1 = stage(64, 64, repeats=3)
        self.layer2 = stage(256, 128, repeats=4, stride=2)
        self.layer3 = stage(512, 256, repeats=6, dilations=(1, 2))
        self.layer4 = stage(1024, 512, repeats=3, dilations=(2, 4))

    def forward(self, image: Tensor) -> Tensor:
        """Return 2048 channels at an eighth of the image's size."""
        x = self.maxpool(self.relu(self.bn1(self.conv1(image))))
        return self.layer4(self.layer3(self.layer2(self.layer1(x))))


class AsppPooling(nn.Sequential):
    """The image-wide branch: average, project, and spread over the map again."""

    def __init__(self) -> None:
        """Build the layers; their indices are part of the parameters' names."""
        super().__init__(
            nn.AdaptiveAvgPool2d(1),
            nn.Conv2d(FEATURES, ASPP_CHANNELS, 1, bias=False),
            nn.BatchNorm2d(ASPP_CHANNELS),
            nn.ReLU(),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return a map of x's height and width that is the same everywhere."""
        return interpolate(super().forward(x), size=x.shape[-2:], mode="bilinear", align_corners=False)


class Aspp(nn.Module):
    """Atrous spatial pyramid pooling: the same features seen at several rates, side by side."""

    def __init__(self) -> None:
        """Build the branches and the projection of their concatenation."""
        super().__init__()
        rates = [conv_norm_relu(FEATURES, ASPP_CHANNELS, kernel=3, dilation=rate) for rate in ASPP_RATES]
        self.convs = nn.ModuleList([conv_norm_relu(FEATURES, ASPP_CHANNELS, kernel=1), *rates, AsppPooling()])
        self.project = nn.Sequential(
            *conv_norm_relu(len(self.convs) * ASPP_CHANNELS, ASPP_CHANNELS, kernel=1), nn.Dropout(0.5)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return 256 channels."""
        return self.project(torch.cat([conv(x) for conv in self.convs], dim=1))


class DeepLabV3(nn.Module):
    """Image (N, 3, H, W), normalised with ImageNet's statistics, to class scores (N, 21, H, W)."""

    SEEDING = {"lean": 0.06}

    def __init__(self) -> None:
        """Build the layers with torch's default initialisation; weights are loaded or seeded afterwards."""
        super().__init__()
        self.backbone = Backbone()
        self.classifier = nn.Sequential(
            Aspp(),
            *conv_norm_relu(ASPP_CHANNELS, ASPP_CHANNELS, kernel=3),
            nn.Conv2d(ASPP_CHANNELS, CLASSES, 1),
        )
        self.aux_classifier = nn.Sequential(
            *conv_norm_relu(1024, 256, kernel=3), nn.Dropout(0.1), nn.Conv2d(256, CLASSES, 1)
        )

    def forward(self, image: Tensor) -> Tensor:
        """Return the scores before softmax."""
        scores = self.classifier(self.backbone(image))
        return interpolate(scores, size=image.shape[-2:], mode="bilinear", align_corners=False)


def stage(
    channels_in: int, width: int, *, repeats: int, stride: int = 1, dilations: tuple[int, int] = (1, 1)
) -> nn.Sequential:
    """Give a row of bottlenecks; the first has the stride and the first dilation, the others the second."""
    first = Bottleneck(channels_in, width, stride, dilations[0])
    rest = [Bottleneck(width * EXPANSION, width, 1, dilations[1]) for _ in range(repeats - 1)]
    return nn.Sequential(first, *rest)


def conv_norm_relu(channels_in: int, channels_out: int, *, kernel: int, dilation: int = 1) -> nn.Sequential:
    """Give a convolution that keeps the size, its norm and its rectifier."""
    padding = kernel // 2 * dilation
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, kernel, padding=padding, dilation=dilation, bias=False),
        nn.BatchNorm2d(channels_out),
        nn.ReLU(),
    )


def build() -> nn.Module:
    """Give the network; the name every model file exports."""
    return DeepLabV3()
