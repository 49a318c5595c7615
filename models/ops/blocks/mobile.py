"""Blocks of networks for phones."""

import torch
from torch import Tensor, nn
from torch.nn import functional


class SqueezeExcite(nn.Module):
    """Channels weighted by their global mean (arXiv:1709.01507)."""

    def __init__(self, channels: int, reduced: int, gate: type[nn.Module] = nn.Sigmoid) -> None:
        """Make the two projections."""
        super().__init__()
        self.reduce, self.expand = nn.Conv2d(channels, reduced, 1), nn.Conv2d(reduced, channels, 1)
        self.gate = gate()

    def forward(self, x: Tensor) -> Tensor:
        """Weight the channels."""
        weights = functional.adaptive_avg_pool2d(x, 1)
        return x * self.gate(self.expand(functional.relu(self.reduce(weights))))


class InvertedResidual(nn.Module):
    """MobileNetV2's and V3's block (arXiv:1801.04381, 1905.02244)."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        kernel: int = 3,
        stride: int = 1,
        expansion: int = 4,
        activation: type[nn.Module] = nn.ReLU6,
        excite: bool = False,
    ) -> None:
        """Expand, filter each channel, project."""
        super().__init__()
        hidden = inputs * expansion
        self.layers = nn.Sequential(
            nn.Conv2d(inputs, hidden, 1),
            nn.BatchNorm2d(hidden),
            activation(),
            nn.Conv2d(hidden, hidden, kernel, stride, kernel // 2, groups=hidden),
            nn.BatchNorm2d(hidden),
            activation(),
            SqueezeExcite(hidden, max(hidden // 4, 1), nn.Hardsigmoid) if excite else nn.Identity(),
            nn.Conv2d(hidden, outputs, 1),
            nn.BatchNorm2d(outputs),
        )
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        """Add the input where the sizes allow it."""
        return x + self.layers(x) if self.residual else self.layers(x)


class ShuffleUnit(nn.Module):
    """ShuffleNetV2's unit of stride 1 (arXiv:1807.11164)."""

    def __init__(self, channels: int) -> None:
        """Filter one half of the channels."""
        super().__init__()
        half = channels // 2
        self.branch = nn.Sequential(
            nn.Conv2d(half, half, 1),
            nn.ReLU(),
            nn.Conv2d(half, half, 3, padding=1, groups=half),
            nn.Conv2d(half, half, 1),
            nn.ReLU(),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Shuffle by 5-D views, as torchvision does, folded into four dimensions for a batch of one."""
        kept, filtered = x.chunk(2, dim=1)
        joined = torch.cat([kept, self.branch(filtered)], dim=1)
        n, c, h, w = joined.shape
        return joined.view(n * 2, c // 2, h, w).view(2, c // 2, h * w).transpose(0, 1).reshape(n, c, h, w)


class Ghost(nn.Module):
    """GhostNet's module: half of the features from cheap depthwise filters (arXiv:1911.11907)."""

    def __init__(self, inputs: int, outputs: int) -> None:
        """Make both halves."""
        super().__init__()
        half = outputs // 2
        self.primary = nn.Sequential(nn.Conv2d(inputs, half, 1), nn.ReLU())
        self.cheap = nn.Sequential(nn.Conv2d(half, half, 3, padding=1, groups=half), nn.ReLU())

    def forward(self, x: Tensor) -> Tensor:
        """Join them."""
        features = self.primary(x)
        return torch.cat([features, self.cheap(features)], dim=1)


class Fire(nn.Module):
    """SqueezeNet's block (arXiv:1602.07360)."""

    def __init__(self, inputs: int, squeezed: int, expanded: int) -> None:
        """Make the three convolutions."""
        super().__init__()
        self.squeeze = nn.Conv2d(inputs, squeezed, 1)
        self.narrow = nn.Conv2d(squeezed, expanded, 1)
        self.wide = nn.Conv2d(squeezed, expanded, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """Join both kernels' features."""
        x = functional.relu(self.squeeze(x))
        return torch.cat([functional.relu(self.narrow(x)), functional.relu(self.wide(x))], dim=1)


class Classifier(nn.Module):
    """The end of a classifier: global mean, linear, softmax."""

    def __init__(self, channels: int, classes: int) -> None:
        """Make the linear layer."""
        super().__init__()
        self.linear = nn.Linear(channels, classes)

    def forward(self, x: Tensor) -> Tensor:
        """Give probabilities."""
        return functional.softmax(self.linear(x.mean([2, 3])), dim=1)
