"""Small whole networks: the blocks that everyday models are made of, each in the forms that are deployed."""

from collections.abc import Callable, Iterator, Sequence

from torch import nn

from ops.blocks import attention, dense, mobile, residual
from ops.case import Case, seeded

_DEPLOYED = ("eager", "prepacked", "lite")


def cases() -> Iterator[Case]:
    """Give the blocks."""
    yield from _mobile()
    yield from _residual()
    yield from _dense()
    yield from _attention()


def _block(name: str, module: Callable[[], nn.Module], *shapes: Sequence[int], tolerance: float = 1e-5) -> Case:
    """Seed inputs of these shapes, each with a seed of its own."""
    return Case(
        op="network",
        name=f"{name}-" + "-".join("x".join(map(str, shape)) for shape in shapes),
        module=module,
        inputs=lambda: [seeded(shape, seed=i) for i, shape in enumerate(shapes)],
        arguments={"block": name},
        forms=_DEPLOYED,
        tolerance=tolerance,
    )


def _mobile() -> Iterator[Case]:
    for shape in ((1, 3, 17, 19), (2, 3, 8, 8), (1, 3, 1, 1), (1, 1, 33, 65)):
        channels = shape[1]
        yield _block(
            "conv-bn-relu6",
            lambda c=channels: nn.Sequential(nn.Conv2d(c, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU6()),
            shape,
        )
    for inputs, outputs, stride in ((8, 8, 1), (8, 12, 2), (6, 6, 1), (5, 7, 2)):
        for batch in (1, 2):
            yield _block(
                f"inverted-residual-{inputs}-{outputs}-s{stride}",
                lambda i=inputs, o=outputs, s=stride: mobile.InvertedResidual(i, o, stride=s),
                (batch, inputs, 13, 11),
            )
    for activation in (nn.Hardswish, nn.SiLU, nn.ReLU):
        yield _block(
            f"inverted-residual-excite-{activation.__name__.lower()}",
            lambda a=activation: mobile.InvertedResidual(8, 8, kernel=5, activation=a, excite=True),
            (1, 8, 14, 14),
        )
    for channels in (8, 6, 3):
        yield _block(f"squeeze-excite-{channels}", lambda c=channels: mobile.SqueezeExcite(c, 2), (1, channels, 9, 7))
    yield _block("squeeze-excite-batch", lambda: mobile.SqueezeExcite(8, 4), (3, 8, 5, 5))
    for channels in (8, 12):
        yield _block(f"shuffle-unit-{channels}", lambda c=channels: mobile.ShuffleUnit(c), (1, channels, 7, 9))
    for outputs in (16, 10):
        yield _block(f"ghost-{outputs}", lambda o=outputs: mobile.Ghost(6, o), (1, 6, 9, 9))
    yield _block("fire", lambda: mobile.Fire(8, 4, 8), (1, 8, 10, 10))
    yield _block("fire-odd", lambda: mobile.Fire(5, 3, 7), (2, 5, 9, 11))
    for batch in (1, 3):
        yield _block("classifier", lambda: mobile.Classifier(10, 7), (batch, 10, 7, 7))


def _residual() -> Iterator[Case]:
    for inputs, outputs, stride in ((8, 8, 1), (8, 16, 2), (3, 5, 2)):
        for batch in (1, 2):
            yield _block(
                f"basic-{inputs}-{outputs}-s{stride}",
                lambda i=inputs, o=outputs, s=stride: residual.BasicBlock(i, o, s),
                (batch, inputs, 15, 13),
            )
    for groups, dilation in ((1, 1), (1, 2), (1, 4), (4, 1), (2, 2)):
        yield _block(
            f"bottleneck-g{groups}-d{dilation}",
            lambda g=groups, d=dilation: residual.Bottleneck(16, 8, groups=g, dilation=d),
            (1, 16, 12, 12),
        )
    for growth in (4, 3):
        yield _block(f"dense-{growth}", lambda g=growth: residual.DenseBlock(6, g), (1, 6, 8, 9))
    for each in (4, 3):
        yield _block(f"inception-{each}", lambda e=each: residual.Inception(8, e), (1, 8, 11, 11))
    for channels in (8, 6):
        yield _block(f"convnext-{channels}", lambda c=channels: residual.ConvNext(c), (1, channels, 9, 10))


def _dense() -> Iterator[Case]:
    for rates in ((1, 2, 3), (6, 12, 18)):
        yield _block(
            f"aspp-{'-'.join(map(str, rates))}", lambda r=rates: dense.Aspp(8, 4, r), (1, 8, 17, 17)
        )
    for shortcut in (True, False):
        yield _block(f"c3-{shortcut}".lower(), lambda s=shortcut: dense.C3(8, 12, s), (1, 8, 10, 12))
    yield _block("sppf", lambda: dense.Sppf(8, 8), (1, 8, 9, 9))
    yield _block("focus", lambda: dense.Focus(3, 8), (1, 3, 16, 16))
    for batch in (1, 2):
        yield _block("conv-silu", lambda: dense.ConvSilu(3, 6, 6, 2), (batch, 3, 20, 20))
    yield _block("yolo-head", lambda: dense.YoloHead(8, 3, 4), (1, 8, 5, 6))
    for mode in ("nearest", "bilinear"):
        yield _block(f"fpn-{mode}", lambda m=mode: dense.Fpn(8, 12, 6, m), (1, 8, 14, 14), (1, 12, 7, 7))
    for transposed in (True, False):
        for hidden in (8, 5):
            yield _block(
                f"unet-{hidden}-{'transposed' if transposed else 'bilinear'}",
                lambda h=hidden, t=transposed: dense.UNet(3, h, 2, transposed=t),
                (1, 3, 16, 20),
            )
    norms: dict[str, Callable[[], nn.Module]] = {
        "instance": lambda: nn.InstanceNorm2d(8),
        "instance-affine": lambda: nn.InstanceNorm2d(8, affine=True),
        "group-1": lambda: nn.GroupNorm(1, 8),
        "group-4": lambda: nn.GroupNorm(4, 8),
    }
    for name, norm in norms.items():
        yield _block(f"style-{name}", lambda n=norm: dense.StyleResidual(8, n()), (1, 8, 12, 10), tolerance=1e-4)
    for factor in (2, 3):
        yield _block(f"super-resolution-{factor}", lambda f=factor: dense.SuperResolution(3, f), (1, 3, 9, 8))
    yield _block("autoencoder", lambda: dense.Autoencoder(6), (1, 3, 16, 18))


def _attention() -> Iterator[Case]:
    for batch in (1, 2):
        for width, heads in ((16, 4), (12, 3), (10, 2)):
            yield _block(
                f"attention-{width}-{heads}", lambda w=width, h=heads: attention.Attention(w, h), (batch, 7, width)
            )
            yield _block(
                f"transformer-{width}-{heads}",
                lambda w=width, h=heads: attention.TransformerLayer(w, h, norm_first=True),
                (batch, 7, width),
            )
    yield _block(
        "transformer-norm-last",
        lambda: attention.TransformerLayer(16, 2, norm_first=False, activation=nn.ReLU()),
        (1, 9, 16),
    )
    for batch in (1, 2):
        yield _block("patches", lambda: attention.PatchEmbedding(8, 4, 16), (batch, 3, 16, 16))
    yield _block("mixer", lambda: attention.Mixer(9, 12), (1, 9, 12))
    yield _block("cbam", lambda: attention.Cbam(8, 2), (1, 8, 9, 11))
    for batch in (1, 2):
        yield _block("non-local", lambda: attention.NonLocal(8, 4), (batch, 8, 6, 5))
