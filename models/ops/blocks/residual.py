"""Blocks of residual and dense networks."""

import torch
from torch import Tensor, nn
from torch.nn import functional


class BasicBlock(nn.Module):
    """ResNet-18's block (arXiv:1512.03385)."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        """Make both convolutions, and the projection where sizes change."""
        super().__init__()
        self.first = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.first_norm = nn.BatchNorm2d(outputs)
        self.second = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.second_norm = nn.BatchNorm2d(outputs)
        same = stride == 1 and inputs == outputs
        self.shortcut = nn.Identity() if same else nn.Conv2d(inputs, outputs, 1, stride)

    def forward(self, x: Tensor) -> Tensor:
        """Add the shortcut."""
        y = functional.relu(self.first_norm(self.first(x)))
        return functional.relu(self.second_norm(self.second(y)) + self.shortcut(x))


class Bottleneck(nn.Module):
    """ResNet-50's block; ResNeXt's with groups (arXiv:1611.05431), DeepLab's with dilation."""

    def __init__(self, channels: int, hidden: int, *, groups: int = 1, dilation: int = 1) -> None:
        """Make the three convolutions."""
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(channels, hidden, 1),
            nn.ReLU(),
            nn.Conv2d(hidden, hidden, 3, padding=dilation, dilation=dilation, groups=groups),
            nn.ReLU(),
            nn.Conv2d(hidden, channels, 1),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Add the input."""
        return functional.relu(self.layers(x) + x)


class DenseBlock(nn.Module):
    """DenseNet's block (arXiv:1608.06993); the growth need not be a multiple of four."""

    def __init__(self, channels: int, growth: int, layers: int = 3) -> None:
        """Make the layers."""
        super().__init__()
        self.layers = nn.ModuleList(
            nn.Sequential(
                nn.BatchNorm2d(channels + i * growth),
                nn.ReLU(),
                nn.Conv2d(channels + i * growth, growth, 3, padding=1),
            )
            for i in range(layers)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Join all features."""
        for layer in self.layers:
            x = torch.cat([x, layer(x)], dim=1)
        return x


class Inception(nn.Module):
    """GoogLeNet's block (arXiv:1409.4842)."""

    def __init__(self, inputs: int, each: int) -> None:
        """Make the four branches."""
        super().__init__()
        self.one = nn.Conv2d(inputs, each, 1)
        self.three = nn.Sequential(nn.Conv2d(inputs, each, 1), nn.ReLU(), nn.Conv2d(each, each, 3, padding=1))
        self.five = nn.Sequential(nn.Conv2d(inputs, each, 1), nn.ReLU(), nn.Conv2d(each, each, 5, padding=2))
        self.pool = nn.Sequential(nn.MaxPool2d(3, 1, 1), nn.Conv2d(inputs, each, 1))

    def forward(self, x: Tensor) -> Tensor:
        """Join the branches."""
        return torch.cat([functional.relu(b(x)) for b in (self.one, self.three, self.five, self.pool)], dim=1)


class ConvNext(nn.Module):
    """ConvNeXt's block, with its permutes and layer norm over channels (arXiv:2201.03545)."""

    def __init__(self, channels: int) -> None:
        """Make the layers."""
        super().__init__()
        self.depthwise = nn.Conv2d(channels, channels, 7, padding=3, groups=channels)
        self.norm = nn.LayerNorm(channels)
        self.expand, self.project = nn.Linear(channels, 4 * channels), nn.Linear(4 * channels, channels)
        self.scale = nn.Parameter(torch.full((channels,), 0.5))

    def forward(self, x: Tensor) -> Tensor:
        """Add the input."""
        y = self.norm(self.depthwise(x).permute(0, 2, 3, 1))
        y = self.scale * self.project(functional.gelu(self.expand(y)))
        return x + y.permute(0, 3, 1, 2)
