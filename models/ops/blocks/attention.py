"""Blocks with attention, written in plain tensor operations: no tensor has more than four dimensions."""

import torch
from torch import Tensor, nn
from torch.nn import functional


class Attention(nn.Module):
    """Multi-head attention (arXiv:1706.03762); heads are the second dimension of four."""

    def __init__(self, width: int, heads: int) -> None:
        """Make the projections."""
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.out = nn.Linear(width, width)
        self.heads = heads

    def forward(self, x: Tensor) -> Tensor:
        """Attend."""
        n, length, width = x.shape

        def split(y: Tensor) -> Tensor:
            return y.view(n, length, self.heads, width // self.heads).transpose(1, 2)

        query, key, value = split(self.query(x)), split(self.key(x)), split(self.value(x))
        scores = torch.matmul(query, key.transpose(-2, -1)) / (width // self.heads) ** 0.5
        mixed = torch.matmul(functional.softmax(scores, dim=-1), value)
        return self.out(mixed.transpose(1, 2).reshape(n, length, width))


class TransformerLayer(nn.Module):
    """A layer of an encoder; norms first, as in ViT (arXiv:2010.11929), or last."""

    def __init__(self, width: int, heads: int, *, norm_first: bool, activation: nn.Module | None = None) -> None:
        """Make attention and the perceptron."""
        super().__init__()
        self.attention = Attention(width, heads)
        self.perceptron = nn.Sequential(nn.Linear(width, 2 * width), activation or nn.GELU(), nn.Linear(2 * width, width))
        self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)
        self.norm_first = norm_first

    def forward(self, x: Tensor) -> Tensor:
        """Run both with their shortcuts."""
        if self.norm_first:
            x = x + self.attention(self.first(x))
            return x + self.perceptron(self.second(x))
        x = self.first(x + self.attention(x))
        return self.second(x + self.perceptron(x))


class PatchEmbedding(nn.Module):
    """ViT's first layer: patches by a convolution, positions, a class token."""

    def __init__(self, width: int, patch: int, count: int) -> None:
        """Make the parameters."""
        super().__init__()
        self.convolution = nn.Conv2d(3, width, patch, patch)
        self.token = nn.Parameter(torch.randn(1, 1, width))
        self.positions = nn.Parameter(torch.randn(1, count + 1, width))

    def forward(self, x: Tensor) -> Tensor:
        """Give (batch, patches + 1, width)."""
        patches = self.convolution(x).flatten(2).transpose(1, 2)
        return torch.cat([self.token.expand(x.shape[0], -1, -1).to(x.device), patches], dim=1) + self.positions


class Mixer(nn.Module):
    """MLP-Mixer's layer (arXiv:2105.01601)."""

    def __init__(self, length: int, width: int) -> None:
        """Make both perceptrons."""
        super().__init__()
        self.tokens = nn.Sequential(nn.Linear(length, 2 * length), nn.GELU(), nn.Linear(2 * length, length))
        self.channels = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))
        self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)

    def forward(self, x: Tensor) -> Tensor:
        """Mix along both dimensions."""
        x = x + self.tokens(self.first(x).transpose(1, 2)).transpose(1, 2)
        return x + self.channels(self.second(x))


class Cbam(nn.Module):
    """Attention over channels and places (arXiv:1807.06521)."""

    def __init__(self, channels: int, reduced: int) -> None:
        """Make the shared perceptron and the spatial filter."""
        super().__init__()
        self.shared = nn.Sequential(nn.Conv2d(channels, reduced, 1), nn.ReLU(), nn.Conv2d(reduced, channels, 1))
        self.spatial = nn.Conv2d(2, 1, 7, padding=3)

    def forward(self, x: Tensor) -> Tensor:
        """Weight channels, then places."""
        mean, largest = x.mean([2, 3], keepdim=True), x.amax([2, 3], keepdim=True)
        x = x * torch.sigmoid(self.shared(mean) + self.shared(largest))
        places = torch.cat([x.mean(1, keepdim=True), x.amax(1, keepdim=True)], dim=1)
        return x * torch.sigmoid(self.spatial(places))


class NonLocal(nn.Module):
    """A non-local block: attention over all pixels (arXiv:1711.07971)."""

    def __init__(self, channels: int, hidden: int) -> None:
        """Make the projections."""
        super().__init__()
        self.query, self.key = nn.Conv2d(channels, hidden, 1), nn.Conv2d(channels, hidden, 1)
        self.value, self.out = nn.Conv2d(channels, hidden, 1), nn.Conv2d(hidden, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Add what the pixels see of each other."""
        n, _, h, w = x.shape
        query, key, value = (layer(x).flatten(2) for layer in (self.query, self.key, self.value))
        weights = functional.softmax(torch.bmm(query.transpose(1, 2), key), dim=-1)
        mixed = torch.bmm(value, weights.transpose(1, 2)).view(n, -1, h, w)
        return x + self.out(mixed)
