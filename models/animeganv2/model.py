"""The generator of AnimeGANv2: a photograph becomes a drawing.

Parameter names and shapes are those of the `Generator` in bryandlee/animegan2-pytorch, whose published weights
load. Upsampling aligns corners, as that generator does by default.
"""

from torch import Tensor, nn
from torch.nn.functional import interpolate


class ConvNormLeaky(nn.Sequential):
    """Mirror the border, convolve, normalise over the whole sample, leaky rectifier."""

    def __init__(
        self,
        channels_in: int,
        channels_out: int,
        *,
        kernel: int = 3,
        stride: int = 1,
        groups: int = 1,
        bias: bool = False,
    ) -> None:
        """Build the layers; their indices are part of the parameters' names.

        A strided layer pads behind only (0, 1, 0, 1), the others on all sides alike.
        """
        around = kernel // 2
        super().__init__(
            nn.ReflectionPad2d((0, 1, 0, 1) if stride > 1 else around),
            nn.Conv2d(channels_in, channels_out, kernel, stride, groups=groups, bias=bias),
            nn.GroupNorm(1, channels_out),
            nn.LeakyReLU(0.2, inplace=True),
        )


class InvertedResidual(nn.Module):
    """Double the channels, filter each, project to the output without an activation."""

    def __init__(self, channels_in: int, channels_out: int) -> None:
        """Build the block."""
        super().__init__()
        hidden = 2 * channels_in
        self.has_shortcut = channels_in == channels_out
        self.layers = nn.Sequential(
            ConvNormLeaky(channels_in, hidden, kernel=1),
            ConvNormLeaky(hidden, hidden, groups=hidden, bias=True),
            nn.Conv2d(hidden, channels_out, 1, bias=False),
            nn.GroupNorm(1, channels_out),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return the block's output, plus its input where the shapes agree."""
        return x + self.layers(x) if self.has_shortcut else self.layers(x)


class Generator(nn.Module):
    """Image (N, 3, H, W) in -1..1 to an image of the same size and range; H and W are multiples of 4."""

    def __init__(self) -> None:
        """Build the layers with torch's default initialisation; weights are loaded or seeded afterwards."""
        super().__init__()
        self.block_a = nn.Sequential(
            ConvNormLeaky(3, 32, kernel=7), ConvNormLeaky(32, 64, stride=2), ConvNormLeaky(64, 64)
        )
        self.block_b = nn.Sequential(ConvNormLeaky(64, 128, stride=2), ConvNormLeaky(128, 128))
        self.block_c = nn.Sequential(
            ConvNormLeaky(128, 128),
            InvertedResidual(128, 256),
            *(InvertedResidual(256, 256) for _ in range(3)),
            ConvNormLeaky(256, 128),
        )
        self.block_d = nn.Sequential(ConvNormLeaky(128, 128), ConvNormLeaky(128, 128))
        self.block_e = nn.Sequential(
            ConvNormLeaky(128, 64), ConvNormLeaky(64, 64), ConvNormLeaky(64, 32, kernel=7)
        )
        self.out_layer = nn.Sequential(nn.Conv2d(32, 3, 1, bias=False), nn.Tanh())

    def forward(self, image: Tensor) -> Tensor:
        """Return the drawing."""
        half = self.block_a(image)
        x = self.block_c(self.block_b(half))
        x = self.block_d(enlarged(x, half))
        return self.out_layer(self.block_e(enlarged(x, image)))


def enlarged(x: Tensor, like: Tensor) -> Tensor:
    """Interpolate to another tensor's height and width, corner on corner."""
    return interpolate(x, size=like.shape[-2:], mode="bilinear", align_corners=True)


def build() -> nn.Module:
    """Give the network; the name every model file exports."""
    return Generator()
