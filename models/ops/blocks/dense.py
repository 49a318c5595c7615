"""Blocks of segmentation, detection and image-to-image networks."""

import torch
from torch import Tensor, nn
from torch.nn import functional


class Aspp(nn.Module):
    """DeepLabV3's atrous spatial pyramid pooling (arXiv:1706.05587)."""

    def __init__(self, inputs: int, outputs: int, rates: tuple[int, ...]) -> None:
        """Make the branches."""
        super().__init__()
        self.branches = nn.ModuleList([nn.Conv2d(inputs, outputs, 1)])
        self.branches.extend(nn.Conv2d(inputs, outputs, 3, padding=rate, dilation=rate) for rate in rates)
        self.pooled = nn.Conv2d(inputs, outputs, 1)
        self.project = nn.Conv2d(outputs * (len(rates) + 2), outputs, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Join the branches."""
        parts = [functional.relu(branch(x)) for branch in self.branches]
        pooled = functional.relu(self.pooled(functional.adaptive_avg_pool2d(x, 1)))
        parts.append(functional.interpolate(pooled, size=x.shape[-2:], mode="bilinear", align_corners=False))
        return functional.relu(self.project(torch.cat(parts, dim=1)))


class ConvSilu(nn.Module):
    """YOLOv5's convolution."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 1, stride: int = 1) -> None:
        """Make convolution and norm."""
        super().__init__()
        self.convolution = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)
        self.norm = nn.BatchNorm2d(outputs, eps=1e-3)

    def forward(self, x: Tensor) -> Tensor:
        """Run both and SiLU."""
        return functional.silu(self.norm(self.convolution(x)))


class C3(nn.Module):
    """YOLOv5's cross-stage block."""

    def __init__(self, inputs: int, outputs: int, shortcut: bool = True) -> None:
        """Make both ways."""
        super().__init__()
        hidden = outputs // 2
        self.first, self.second = ConvSilu(inputs, hidden), ConvSilu(inputs, hidden)
        self.inner = nn.Sequential(ConvSilu(hidden, hidden, 1), ConvSilu(hidden, hidden, 3))
        self.last = ConvSilu(2 * hidden, outputs)
        self.shortcut = shortcut

    def forward(self, x: Tensor) -> Tensor:
        """Join both ways."""
        y = self.first(x)
        y = y + self.inner(y) if self.shortcut else self.inner(y)
        return self.last(torch.cat([y, self.second(x)], dim=1))


class Sppf(nn.Module):
    """YOLOv5's pyramid of max pools, which have padding and signed inputs."""

    def __init__(self, inputs: int, outputs: int) -> None:
        """Make both convolutions."""
        super().__init__()
        self.first, self.last = ConvSilu(inputs, inputs // 2), ConvSilu(inputs * 2, outputs)
        self.pool = nn.MaxPool2d(5, 1, 2)

    def forward(self, x: Tensor) -> Tensor:
        """Join the pools."""
        x = self.first(x)
        a = self.pool(x)
        b = self.pool(a)
        return self.last(torch.cat([x, a, b, self.pool(b)], dim=1))


class Focus(nn.Module):
    """YOLOv5's first layer up to version 5: four slices, then a convolution."""

    def __init__(self, inputs: int, outputs: int) -> None:
        """Make the convolution."""
        super().__init__()
        self.convolution = nn.Conv2d(4 * inputs, outputs, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """Move space into channels."""
        corners = [x[..., i::2, j::2] for j in (0, 1) for i in (0, 1)]
        return self.convolution(torch.cat(corners, dim=1))


class YoloHead(nn.Module):
    """YOLO's head for one map, decoded without the fifth dimension."""

    def __init__(self, channels: int, anchors: int, classes: int) -> None:
        """Make the convolution."""
        super().__init__()
        self.convolution = nn.Conv2d(channels, anchors * (5 + classes), 1)
        self.anchors = anchors

    def forward(self, x: Tensor) -> Tensor:
        """Give boxes as (anchor, value, cell)."""
        y = self.convolution(x).sigmoid()
        _, c, h, w = y.shape
        y = y.reshape(self.anchors, c // self.anchors, h * w)
        return torch.cat([y[:, :2] * 2 - 0.5, (y[:, 2:4] * 2) ** 2, y[:, 4:]], dim=1).transpose(1, 2)


class Fpn(nn.Module):
    """Two levels of a feature pyramid (arXiv:1612.03144)."""

    def __init__(self, low: int, high: int, outputs: int, mode: str = "nearest") -> None:
        """Make the side connections."""
        super().__init__()
        self.low, self.high = nn.Conv2d(low, outputs, 1), nn.Conv2d(high, outputs, 1)
        self.last = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.mode = mode

    def forward(self, low: Tensor, high: Tensor) -> Tensor:
        """Add the enlarged map of the higher level."""
        enlarged = functional.interpolate(self.high(high), size=low.shape[-2:], mode=self.mode)
        return self.last(self.low(low) + enlarged)


class UNet(nn.Module):
    """Two levels of a U-Net (arXiv:1505.04597)."""

    def __init__(self, inputs: int, hidden: int, classes: int, *, transposed: bool) -> None:
        """Make the way down and the way up."""
        super().__init__()
        self.down = nn.Sequential(nn.Conv2d(inputs, hidden, 3, padding=1), nn.ReLU())
        self.inner = nn.Sequential(nn.MaxPool2d(2), nn.Conv2d(hidden, 2 * hidden, 3, padding=1), nn.ReLU())
        if transposed:
            self.up: nn.Module = nn.ConvTranspose2d(2 * hidden, hidden, 2, stride=2)
        else:
            resize = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True)
            self.up = nn.Sequential(resize, nn.Conv2d(2 * hidden, hidden, 1))
        self.last = nn.Conv2d(2 * hidden, classes, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """Join what went around with what went through."""
        side = self.down(x)
        return self.last(torch.cat([side, self.up(self.inner(side))], dim=1))


class StyleResidual(nn.Module):
    """A residual block of style-transfer networks: reflected borders and a norm of each image."""

    def __init__(self, channels: int, norm: nn.Module) -> None:
        """Make the layers."""
        super().__init__()
        self.layers = nn.Sequential(
            nn.ReflectionPad2d(1),
            nn.Conv2d(channels, channels, 3),
            norm,
            nn.LeakyReLU(0.2),
            nn.ReflectionPad2d(1),
            nn.Conv2d(channels, channels, 3),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Add the input."""
        return x + self.layers(x)


class SuperResolution(nn.Module):
    """ESPCN: pixel shuffle at the end (arXiv:1609.05158)."""

    def __init__(self, inputs: int, factor: int) -> None:
        """Make the layers."""
        super().__init__()
        self.first = nn.Conv2d(inputs, 8, 5, padding=2)
        self.last = nn.Conv2d(8, inputs * factor * factor, 3, padding=1)
        self.factor = factor

    def forward(self, x: Tensor) -> Tensor:
        """Enlarge."""
        return functional.pixel_shuffle(self.last(torch.tanh(self.first(x))), self.factor)


class Autoencoder(nn.Module):
    """Convolutions down, transposed ones up."""

    def __init__(self, channels: int) -> None:
        """Make both."""
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(3, channels, 3, stride=2, padding=1),
            nn.ELU(),
            nn.ConvTranspose2d(channels, 3, 4, stride=2, padding=1),
            nn.Sigmoid(),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Run them."""
        return self.layers(x)
