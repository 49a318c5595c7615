"""A small network with two inputs and two outputs: it sharpens a coarse mask with the picture it belongs to.

It is vkforge's own and stands for networks that take more than one tensor, as video matting and interactive
segmentation do; it was not trained for a task. Between its ends are what such networks are made of and the
other models lack: transposed convolution, grouped convolution, layer-wise attention by channels, softmax.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

WIDTH = 32


class ChannelAttention(nn.Module):
    """Weigh channels by a softmax over what each one holds on average."""

    def __init__(self, channels: int) -> None:
        """Build the two linear layers."""
        super().__init__()
        self.reduce = nn.Linear(channels, channels // 4)
        self.expand = nn.Linear(channels // 4, channels)
        self.channels = channels

    def forward(self, x: Tensor) -> Tensor:
        """Return x, each channel times its weight; weights are 1 on average."""
        means = x.mean((2, 3))
        weights = torch.softmax(self.expand(torch.relu(self.reduce(means))), dim=1) * self.channels
        return x * weights.unsqueeze(2).unsqueeze(3)


class MaskRefiner(nn.Module):
    """Picture (N, 3, H, W) and mask (N, 1, H/4, W/4) to mask and confidence (N, 1, H, W), both in 0..1."""

    def __init__(self) -> None:
        """Build the layers with torch's default initialisation; weights are loaded or seeded afterwards."""
        super().__init__()
        self.shrink1 = conv_norm_elu(3, WIDTH, stride=2)
        self.shrink2 = conv_norm_elu(WIDTH, WIDTH, stride=2)
        self.lift = nn.Conv2d(1, WIDTH, 3, padding=1)
        self.join = conv_norm_elu(2 * WIDTH, 2 * WIDTH, groups=4)
        self.attention = ChannelAttention(2 * WIDTH)
        self.grow = nn.ConvTranspose2d(2 * WIDTH, WIDTH, 4, 2, 1)
        self.mix = conv_norm_elu(2 * WIDTH, WIDTH)
        self.mask = nn.Conv2d(WIDTH + 1, 1, 3, padding=1)
        self.confidence = nn.Conv2d(WIDTH, 1, 1)

    def forward(self, picture: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return the refined mask and how sure the network is of it."""
        half = self.shrink1(picture)
        quarter = self.shrink2(half)
        x = self.join(torch.cat([quarter, self.lift(mask)], dim=1))
        x = self.mix(torch.cat([self.grow(self.attention(x)), half], dim=1))
        x, coarse = (
            interpolate(part, size=picture.shape[-2:], mode="bilinear", align_corners=False)
            for part in (x, mask)
        )
        refined = torch.sigmoid(self.mask(torch.cat([x, coarse], dim=1)))
        return refined, torch.sigmoid(self.confidence(x))


def conv_norm_elu(channels_in: int, channels_out: int, *, stride: int = 1, groups: int = 1) -> nn.Sequential:
    """Give a 3x3 convolution, its norm and an exponential unit."""
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, 3, stride, 1, groups=groups, bias=False),
        nn.BatchNorm2d(channels_out),
        nn.ELU(inplace=True),
    )


def build() -> nn.Module:
    """Give the network; the name every model file exports."""
    return MaskRefiner()
