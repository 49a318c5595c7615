"""Convolutions: direct, grouped, depthwise, pointwise and transposed ones, with everything that torch lets one ask."""

from collections.abc import Callable, Iterator
from itertools import product

import torch
from torch import Tensor, nn
from torch.nn import functional

from ops.case import Case, Function, seeded

BOTH = ("eager", "prepacked")
DILATION = "0010-vulkan-dilated-convolution-with-padding"
WIDE = "0011-vulkan-weights-of-wide-convolutions"
BATCH = "0012-vulkan-convolution-of-batches"
GROUPS = "0013-vulkan-grouped-convolution"
TRANSPOSED = "0014-vulkan-transposed-convolution-with-dilation-and-groups"
OPERANDS = "0015-vulkan-convolution-without-bias-and-with-weights-on-the-device"
NAN = "0016-vulkan-convolution-keeps-nan-and-its-lanes"
FORMS = "0017-vulkan-convolution-of-one-dimension-and-of-the-same-size"
WORDS = "0018-vulkan-convolution-refuses-in-words"
CONTEXT = "vkf_convolution"

Pair = int | tuple[int, int]


def pair(value: Pair) -> tuple[int, int]:
    """Give height and width."""
    return value if isinstance(value, tuple) else (value, value)


def text(value: object) -> str:
    """Give a part of a case's name: 3 or 1x2."""
    return "x".join(map(str, value)) if isinstance(value, tuple) else str(value)


def hangs_over(padding: Pair, dilation: Pair) -> bool:
    """Say whether a dilated kernel meets the border between two of its taps."""
    return any(p and d > 1 for p, d in zip(pair(padding), pair(dilation), strict=True))


def conv2d(  # noqa: PLR0913
    channels: int,
    outputs: int,
    size: tuple[int, int],
    kernel: Pair,
    *,
    batch: int = 1,
    patch: str | None = None,
    label: str = "",
    forms: tuple[str, ...] = BOTH,
    tolerance: float = 1e-5,
    refusal: str | None = None,
    **arguments: int | str | bool | tuple[int, int],
) -> Case:
    """Give one nn.Conv2d."""
    dilation, padding = arguments.get("dilation", 1), arguments.get("padding", 0)
    if patch is None and not isinstance(padding, str) and hangs_over(padding, dilation):
        patch = DILATION
    if patch is None and batch > 1:
        patch = BATCH
    if patch is None and arguments.get("bias") is False and "eager" in forms:
        patch = OPERANDS
    name = label + f"n{batch}-c{channels}-o{outputs}-{text(size)}-k{text(kernel)}"
    name += "".join(f"-{key[0] if key != 'padding_mode' else 'm'}{text(value)}" for key, value in arguments.items())
    return Case(
        op="conv2d",
        name=name,
        module=lambda: nn.Conv2d(channels, outputs, kernel, **arguments),
        inputs=lambda: [seeded((batch, channels, *size))],
        arguments={"kernel": kernel, **arguments},
        forms=forms,
        tolerance=tolerance,
        patch=patch,
        refusal=refusal,
    )


def dense() -> Iterator[Case]:
    """Channels, kernels, strides, paddings and borders of plain convolutions."""
    for channels, outputs in product(range(1, 10), (1, 3, 4, 6, 9)):
        yield conv2d(channels, outputs, (6, 7), 3, padding=1)
    for channels, outputs in product((1, 2, 3, 4, 5, 7, 8, 9, 17), (1, 2, 4, 5, 8)):
        yield conv2d(channels, outputs, (5, 3), 1)
    for kernel, stride, padding in product((2, 3, 4, 5, (1, 3), (3, 1), (2, 5)), (1, 2, 3), (0, 1)):
        yield conv2d(3, 5, (9, 8), kernel, stride=stride, padding=padding)
    for kernel, stride, padding in product((3, (5, 2)), ((1, 2), (2, 1), (3, 2)), (0, 2, (1, 0), (0, 1))):
        yield conv2d(5, 6, (11, 10), kernel, stride=stride, padding=padding)
    for size in ((1, 1), (1, 2), (2, 1), (1, 9), (9, 1), (2, 2), (3, 3), (4, 5), (8, 8), (16, 16), (17, 13)):
        yield conv2d(3, 4, size, 1)
        yield conv2d(4, 7, size, 3, padding=1)
        yield conv2d(5, 4, size, 3, padding=1, stride=2)
        yield conv2d(6, 6, size, 5, padding=2, groups=6)
    for size, stride, padding in product(((1, 1), (4, 5), (7, 7)), (1, 2, 3), (0, 1, 2)):
        yield conv2d(6, 5, size, 1, stride=stride, padding=padding)
    for kernel in (1, 3):
        yield conv2d(5, 6, (7, 6), kernel, bias=False)
        yield conv2d(5, 6, (7, 6), kernel, bias=False, stride=2)
    yield conv2d(6, 6, (7, 6), 3, bias=False, groups=6)
    yield conv2d(3, 32, (65, 67), 3, stride=2, padding=1)
    yield conv2d(3, 16, (130, 70), 7, stride=2, padding=3)
    yield conv2d(64, 64, (14, 14), 3, padding=1, tolerance=1e-4)
    yield conv2d(64, 32, (28, 27), 1)
    yield conv2d(255, 129, (7, 7), 1, tolerance=1e-4)
    yield conv2d(960, 17, (1, 1), 1, tolerance=1e-4)
    yield conv2d(512, 3, (5, 5), 3, padding=1, tolerance=1e-4)
    yield conv2d(1026, 5, (4, 4), 3, padding=1, tolerance=1e-4, patch=WIDE)
    yield conv2d(2048, 4, (4, 4), (1, 3), tolerance=1e-4, patch=WIDE)
    for mode in ("reflect", "replicate"):
        yield conv2d(3, 4, (7, 9), 3, padding=1, padding_mode=mode, forms=("eager",))


def dilated() -> Iterator[Case]:
    """Dilation with every padding, and both with strides."""
    for dilation, padding, stride in product((2, 3, (1, 2), (3, 1)), (0, 1, 2, 3, (2, 1), (0, 3)), (1, 2)):
        yield conv2d(3, 5, (11, 13), 3, stride=stride, padding=padding, dilation=dilation)
    for dilation, padding in product((2, 3, (1, 2)), (1, 2, 4)):
        yield conv2d(6, 6, (9, 11), 3, padding=padding, dilation=dilation, groups=6)
        yield conv2d(4, 3, (10, 9), (2, 4), padding=padding, dilation=dilation)
    for rate in (6, 12, 18):
        yield conv2d(8, 8, (33, 33), 3, padding=rate, dilation=rate)
        yield conv2d(8, 8, (9, 9), 3, padding=rate, dilation=rate)


def batched() -> Iterator[Case]:
    """More than one image at a time."""
    for batch, channels, outputs in product((2, 3), range(1, 10), (1, 3, 4, 8)):
        yield conv2d(channels, outputs, (5, 6), 3, padding=1, batch=batch)
    for batch, channels, outputs in product((2, 3), (1, 3, 4, 6, 8), (2, 4, 5)):
        yield conv2d(channels, outputs, (3, 5), 1, batch=batch)
    for batch, channels in product((2, 3), (1, 2, 3, 4, 5, 8)):
        yield conv2d(channels, channels, (5, 6), 3, padding=1, batch=batch, groups=channels)
    yield conv2d(8, 8, (7, 6), 3, padding=2, dilation=2, groups=2, batch=3, patch=GROUPS)
    yield conv2d(5, 7, (7, 6), 3, stride=2, batch=17)
    yield conv2d(8, 4, (1, 1), 1, batch=5)
    yield conv2d(7, 9, (1, 1), 1, batch=4)


def grouped() -> Iterator[Case]:
    """Groups that fill whole texels, groups that do not, and depthwise multipliers."""
    for groups, inputs, outputs in product((2, 3, 4, 5), (1, 2, 3, 4, 8), (1, 2, 3, 4, 5)):
        if inputs > 1 or outputs > 1:
            yield conv2d(groups * inputs, groups * outputs, (5, 6), 3, padding=1, groups=groups, patch=GROUPS)
    for groups, inputs, outputs in product((2, 3), (2, 3, 4), (2, 4, 5)):
        yield conv2d(groups * inputs, groups * outputs, (4, 5), 1, groups=groups, patch=GROUPS)
    for groups, multiplier in product((3, 4, 6), (2, 3)):
        yield conv2d(groups, groups * multiplier, (7, 7), 3, padding=1, stride=2, groups=groups, patch=GROUPS)
        yield conv2d(groups, groups * multiplier, (7, 7), 3, padding=2, dilation=2, groups=groups, patch=GROUPS)
    for channels in (1, 2, 3, 4, 5, 6, 7, 8, 9, 33):
        yield conv2d(channels, channels, (8, 7), 3, padding=1, groups=channels)
        yield conv2d(channels, channels, (8, 7), 1, groups=channels)
        yield conv2d(channels, channels, (8, 7), (5, 3), padding=(2, 1), stride=2, groups=channels)
    yield conv2d(32, 64, (9, 9), 3, padding=1, groups=8, patch=GROUPS)
    yield conv2d(24, 24, (9, 9), 3, padding=1, groups=12, patch=GROUPS)
    yield conv2d(6, 9, (5, 5), 3, groups=3, batch=2, patch=GROUPS)


def transposed(  # noqa: PLR0913
    channels: int,
    outputs: int,
    size: tuple[int, int],
    kernel: Pair,
    *,
    batch: int = 1,
    **arguments: int | bool | tuple[int, int],
) -> Case:
    """Give one nn.ConvTranspose2d."""
    patch = None
    if arguments.get("groups", 1) != 1 or arguments.get("dilation", 1) != 1:
        patch = TRANSPOSED
    elif batch > 1:
        patch = BATCH
    elif arguments.get("bias") is False:
        patch = OPERANDS
    name = f"n{batch}-c{channels}-o{outputs}-{text(size)}-k{text(kernel)}"
    name += "".join(f"-{'op' if key == 'output_padding' else key[0]}{text(value)}" for key, value in arguments.items())
    return Case(
        op="conv_transpose2d",
        name=name,
        module=lambda: nn.ConvTranspose2d(channels, outputs, kernel, **arguments),
        inputs=lambda: [seeded((batch, channels, *size))],
        arguments={"kernel": kernel, **arguments},
        forms=BOTH,
        patch=patch,
    )


def transposes() -> Iterator[Case]:
    """Transposed convolutions."""
    for channels, outputs in product((1, 2, 3, 4, 5, 8), (1, 3, 4, 6)):
        yield transposed(channels, outputs, (4, 5), 3, stride=2, padding=1)
    for kernel, stride, padding in product((1, 2, 3, 4, (2, 3)), (1, 2, 3, (1, 2)), (0, 1)):
        if min(pair(kernel)) > padding:
            yield transposed(3, 5, (5, 4), kernel, stride=stride, padding=padding)
    for kernel, stride, extra in product((2, 3), (2, 3), (1, (1, 0), (0, 1))):
        yield transposed(3, 4, (4, 3), kernel, stride=stride, output_padding=extra)
    for dilation, stride, padding in product((2, 3, (1, 2)), (1, 2, 3), (0, 1, 2)):
        yield transposed(5, 6, (5, 6), 3, stride=stride, padding=padding, dilation=dilation)
    for groups, inputs, outputs in product((2, 3, 4), (1, 2, 4), (1, 3, 4)):
        yield transposed(groups * inputs, groups * outputs, (4, 3), 3, stride=2, padding=1, groups=groups)
    for batch, channels, outputs in product((2, 3), (1, 3, 4, 5), (1, 4, 6)):
        yield transposed(channels, outputs, (3, 4), 3, stride=2, padding=1, batch=batch)
    for size in ((1, 1), (1, 5), (5, 1)):
        yield transposed(3, 3, size, 4, stride=2, padding=1)
    yield transposed(5, 3, (4, 4), 2, stride=2, bias=False)
    yield transposed(6, 4, (4, 4), 3, stride=2, groups=2, dilation=2, batch=2, output_padding=1, padding=1)
    yield transposed(33, 17, (9, 7), 4, stride=2, padding=1)


class Clamped(nn.Module):
    """A convolution and the activation that the prepack pass folds into it."""

    def __init__(self, convolution: nn.Module, activation: nn.Module) -> None:
        """Keep both."""
        super().__init__()
        self.convolution, self.activation = convolution, activation

    def forward(self, data: Tensor) -> Tensor:
        """Convolve, then activate."""
        return self.activation(self.convolution(data))


class Scripted(nn.Module):
    """A layer that tracing takes over as a script: its padding stays a word."""

    def __init__(self, layer: nn.Module) -> None:
        """Script the layer."""
        super().__init__()
        self.layer = torch.jit.script(layer)

    def forward(self, data: Tensor) -> Tensor:
        """Call it."""
        return self.layer(data)


def fused() -> Iterator[Case]:
    """Convolutions with a folded clamp."""
    activations: dict[str, Callable[[], nn.Module]] = {
        "relu": nn.ReLU,
        "relu6": nn.ReLU6,
        "hardtanh": lambda: nn.Hardtanh(-0.25, 0.125),
        "hardtanh-positive": lambda: nn.Hardtanh(0.25, 0.5),
        "hardtanh-integers": lambda: Function(lambda x: functional.hardtanh(x, -1, 1)),
    }
    layers: dict[str, Callable[[], nn.Module]] = {
        "k3": lambda: nn.Conv2d(3, 7, 3, padding=1),
        "k1": lambda: nn.Conv2d(3, 7, 1),
        "depthwise": lambda: nn.Conv2d(3, 3, 3, padding=1, groups=3),
        "grouped": lambda: nn.Conv2d(3, 6, 3, padding=1, groups=3),
        "dilated": lambda: nn.Conv2d(3, 7, 3, padding=2, dilation=2),
        "transposed": lambda: nn.ConvTranspose2d(3, 5, 3, stride=2),
    }
    patches = {"grouped": GROUPS, "dilated": DILATION, "hardtanh-integers": WORDS}
    for (act, activation), (kind, layer), batch in product(activations.items(), layers.items(), (1, 2)):
        yield Case(
            op="conv_transpose2d" if kind == "transposed" else "conv2d",
            name=f"{kind}-{act}-n{batch}",
            module=lambda layer=layer, activation=activation: Clamped(layer(), activation()),
            inputs=lambda batch=batch: [seeded((batch, 3, 7, 9), -2, 2)],
            arguments={"then": act},
            forms=("prepacked", "lite") if batch == 1 else ("prepacked",),
            patch=patches.get(act, patches.get(kind, BATCH if batch > 1 else None)),
        )


def operands() -> Iterator[Case]:
    """Weights and biases that are inputs: on the device, or on the CPU."""
    for where, on_cpu in (("device", ()), ("cpu", (1, 2))):
        for bias in (True, False):
            for kind, shape, groups in (("k3", (5, 3, 3, 3), 1), ("k1", (5, 3, 1, 1), 1), ("dw", (3, 1, 3, 3), 3)):
                yield Case(
                    op="conv2d",
                    name=f"weights-{where}-{kind}-{'bias' if bias else 'none'}",
                    module=lambda groups=groups: Function(
                        lambda x, w, b=None, groups=groups: functional.conv2d(x, w, b, padding=1, groups=groups)
                    ),
                    inputs=lambda shape=shape, bias=bias: [
                        seeded((1, 3, 6, 5)),
                        seeded(shape, seed=1),
                        *([seeded(shape[:1], seed=2)] if bias else []),
                    ],
                    on_cpu=on_cpu[: 2 if bias else 1],
                    arguments={"weights": where},
                    patch=OPERANDS if where == "device" or not bias else None,
                )
            yield Case(
                op="conv_transpose2d",
                name=f"weights-{where}-{'bias' if bias else 'none'}",
                module=lambda: Function(lambda x, w, b=None: functional.conv_transpose2d(x, w, b, stride=2)),
                inputs=lambda bias=bias: [
                    seeded((1, 3, 6, 5)),
                    seeded((3, 5, 3, 3), seed=1),
                    *([seeded((5,), seed=2)] if bias else []),
                ],
                on_cpu=on_cpu[: 2 if bias else 1],
                arguments={"weights": where},
                patch=OPERANDS if where == "device" or not bias else None,
            )


def same() -> Iterator[Case]:
    """padding="same" and "valid", also where "same" pads more on one side."""
    for kernel, dilation, groups in product((1, 2, 3, 4, (3, 2)), (1, 2), (1, 4)):
        yield conv2d(4, 4, (7, 6), kernel, padding="same", dilation=dilation, groups=groups, patch=FORMS)
    for kernel, stride in product((2, 3), (1, 2)):
        yield conv2d(3, 5, (7, 6), kernel, padding="valid", stride=stride, patch=FORMS)
    yield conv2d(3, 5, (7, 6), 4, padding="same", batch=2, patch=FORMS)
    for kernel, groups, padding in product((1, 2, 3, (3, 4)), (1, 4), ("same", "valid")):
        yield Case(
            op="conv2d",
            name=f"scripted-k{text(kernel)}-g{groups}-{padding}",
            module=lambda kernel=kernel, groups=groups, padding=padding: Scripted(
                nn.Conv2d(4, 4, kernel, padding=padding, groups=groups)
            ),
            inputs=lambda: [seeded((1, 4, 7, 6))],
            arguments={"kernel": kernel, "groups": groups, "padding": padding},
            forms=("scripted", "prepacked"),
            patch=CONTEXT,
        )


def ranks() -> Iterator[Case]:
    """One image without a batch, one dimension, and three."""
    for kind, layer in (
        ("k3", lambda: nn.Conv2d(3, 5, 3, padding=1)),
        ("k1", lambda: nn.Conv2d(3, 5, 1)),
        ("depthwise", lambda: nn.Conv2d(3, 3, 3, groups=3)),
    ):
        yield Case(
            op="conv2d",
            name=f"unbatched-{kind}",
            module=layer,
            inputs=lambda: [seeded((3, 6, 7))],
            forms=BOTH,
            patch=FORMS,
        )
    yield Case(
        op="conv_transpose2d",
        name="unbatched",
        module=lambda: nn.ConvTranspose2d(3, 5, 3, stride=2),
        inputs=lambda: [seeded((3, 6, 7))],
        forms=BOTH,
        patch=FORMS,
    )
    for batch, channels, kernel, stride, dilation in product((1, 2), (1, 3, 4), (1, 3), (1, 2), (1, 2)):
        yield Case(
            op="conv1d",
            name=f"n{batch}-c{channels}-k{kernel}-s{stride}-d{dilation}",
            module=lambda c=channels, k=kernel, s=stride, d=dilation: nn.Conv1d(
                c, 5, k, stride=s, padding=k // 2, dilation=d
            ),
            inputs=lambda n=batch, c=channels: [seeded((n, c, 11))],
            arguments={"kernel": kernel, "stride": stride, "dilation": dilation},
            forms=BOTH,
            patch=FORMS,
        )
    for groups, padding in product((2, 4), (0, "same")):
        yield Case(
            op="conv1d",
            name=f"g{groups}-p{padding}",
            module=lambda g=groups, p=padding: nn.Conv1d(4, 8, 3, padding=p, groups=g),
            inputs=lambda: [seeded((1, 4, 12))],
            arguments={"kernel": 3, "groups": groups, "padding": padding},
            patch=FORMS,
        )
    for stride, dilation in product((1, 2), (1, 2)):
        yield Case(
            op="conv_transpose1d",
            name=f"s{stride}-d{dilation}",
            module=lambda s=stride, d=dilation: nn.ConvTranspose1d(3, 5, 3, stride=s, dilation=d),
            inputs=lambda: [seeded((2, 3, 7))],
            arguments={"kernel": 3, "stride": stride, "dilation": dilation},
            patch=FORMS,
        )
    yield Case(
        op="conv3d",
        name="c2-o3-k3",
        module=lambda: nn.Conv3d(2, 3, 3),
        inputs=lambda: [seeded((1, 2, 4, 5, 6))],
        refusal="4 dimensions",
    )


def special_values() -> Iterator[Case]:
    """NaN and infinities: they stay where they are, and do not leak into other groups."""

    def data(*values: float, channels: int = 4, batch: int = 1) -> list[Tensor]:
        tensor = seeded((batch, channels, 7, 8))
        for index, value in enumerate(values):
            tensor[-1, index % channels, 2 + index, 3 + index] = value
        return [tensor]

    nan, inf = float("nan"), float("inf")
    layers: dict[str, tuple[int, Callable[[], nn.Module]]] = {
        "k3": (3, lambda: nn.Conv2d(3, 6, 3, padding=1)),
        "k1": (3, lambda: nn.Conv2d(3, 6, 1)),
        "depthwise": (5, lambda: nn.Conv2d(5, 5, 3, padding=1, groups=5)),
        "grouped": (4, lambda: nn.Conv2d(4, 8, 3, padding=1, groups=2)),
        "multiplier": (3, lambda: nn.Conv2d(3, 6, 3, padding=1, groups=3)),
        "transposed": (3, lambda: nn.ConvTranspose2d(3, 6, 3, padding=1)),
        "twice": (3, lambda: nn.Sequential(nn.Conv2d(3, 5, 3), nn.Conv2d(5, 3, 1))),
        "twice-relu6": (3, lambda: nn.Sequential(nn.Conv2d(3, 5, 3), nn.ReLU6(), nn.Conv2d(5, 3, 1))),
    }
    for (kind, (channels, layer)), (label, values) in product(
        layers.items(), (("nan", (nan,)), ("inf", (inf,)), ("-inf", (-inf,)), ("both", (inf, nan)))
    ):
        yield Case(
            op="conv_transpose2d" if kind == "transposed" else "conv2d",
            name=f"{label}-{kind}",
            module=layer,
            inputs=lambda values=values, channels=channels: data(*values, channels=channels),
            arguments={"values": label},
            forms=BOTH,
            patch={"grouped": GROUPS, "multiplier": GROUPS}.get(kind, NAN),
        )


def cases() -> Iterator[Case]:
    """Give all of them."""
    yield from dense()
    yield from dilated()
    yield from batched()
    yield from grouped()
    yield from transposes()
    yield from fused()
    yield from operands()
    yield from same()
    yield from ranks()
    yield from special_values()
