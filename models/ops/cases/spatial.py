"""What works along height and width: pooling, resampling, padding, shuffling; and glu."""

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from ops.case import Case, Function, seeded

MAX = "0020-vulkan-max-pool-never-takes-the-padding"
AVERAGE = "0021-vulkan-avg-pool-divides-by-what-torch-does"
ADAPTIVE = "0022-vulkan-adaptive-pool-counts-in-integers"
RANKS = "0023-vulkan-pool-unbatched-and-1-dimensional-input"
PADDING = "0024-vulkan-take-out-the-padding-operators"
GLU = "0025-vulkan-take-out-glu"
ADAPTIVE_MAX = "vkf_adaptive_max_pool"
UPSAMPLE = "vkf_upsample"
BORDER = "vkf_border_pad"
CONSTANT = "vkf_constant_pad"
SHUFFLE = "vkf_shuffle"
GRID = "vkf_grid_sample"

EVERY_FORM = ("eager", "python", "scripted", "prepacked", "lite")


def text(value: object) -> str:
    """Give a part of a case's name: 3, 1x2."""
    if isinstance(value, tuple | list):
        return "x".join(map(str, value))
    return str(value)


def named(shape: Sequence[int], **arguments: object) -> str:
    """Give a case's name: 2x3x9x11-kernel_size3-padding1."""
    return text(tuple(shape)) + "".join(f"-{key}{text(value)}" for key, value in arguments.items())


def layer(
    op: str,
    kind: Callable[..., nn.Module],
    shape: Sequence[int],
    *,
    patch: str | None = None,
    forms: tuple[str, ...] = ("eager",),
    low: float = -1,
    high: float = 1,
    refusal: str | None = None,
    label: str = "",
    **arguments: Any,  # noqa: ANN401
) -> Case:
    """Give the case of one nn.Module with its arguments."""
    label += "forms-" if len(forms) > 1 else ""
    return Case(
        op=op,
        name=label + named(shape, **arguments),
        module=lambda: kind(**arguments),
        inputs=lambda: [seeded(shape, low, high)],
        arguments=arguments,
        forms=forms,
        patch=patch,
        refusal=refusal,
    )


def special(shape: Sequence[int]) -> Tensor:
    """Give values among which are NaN and infinities, and a block of -inf."""
    data = seeded(shape)
    data[..., 1, 2] = float("nan")
    data[..., -2, -1] = float("inf")
    data[..., :, -3:-1] = -float("inf")
    return data


def with_special(
    op: str,
    kind: Callable[..., nn.Module],
    shape: Sequence[int],
    patch: str | None,
    **arguments: Any,  # noqa: ANN401
) -> Case:
    """Give a case with NaN and infinities among the input."""
    return Case(
        op=op,
        name="special-" + named(shape, **arguments),
        module=lambda: kind(**arguments),
        inputs=lambda: [special(shape)],
        arguments=arguments | {"values": "NaN, Inf"},
        patch=patch,
    )


def max_pools() -> Iterator[Case]:
    """Windows that hang over the border take what is inside, and -inf is less than any of it."""
    for channels, batch in product(range(1, 10), (1, 2, 3)):
        yield layer("max_pool2d", nn.MaxPool2d, (batch, channels, 6, 7), kernel_size=2)
        yield layer(
            "max_pool2d",
            nn.MaxPool2d,
            (batch, channels, 6, 7),
            high=-0.1,
            patch=MAX,
            kernel_size=3,
            stride=2,
            padding=1,
        )
    for kernel, stride, padding, dilation, ceil in product(
        (2, 3, (3, 5)), (1, 2, (3, 1)), (0, 1), (1, 2, (2, 1)), (False, True)
    ):
        yield layer(
            "max_pool2d",
            nn.MaxPool2d,
            (1, 3, 11, 13),
            low=-2,
            high=-1 if ceil or padding else 1,
            patch=MAX if padding or ceil else None,
            kernel_size=kernel,
            stride=stride,
            padding=padding,
            dilation=dilation,
            ceil_mode=ceil,
        )
    for size in ((1, 1), (1, 5), (5, 1), (2, 2), (130, 70)):
        yield layer(
            "max_pool2d",
            nn.MaxPool2d,
            (1, 5, *size),
            low=-1,
            high=0,
            patch=MAX,
            kernel_size=3,
            stride=2,
            padding=1,
        )
    for kernel in (5, 9, 13):
        yield layer(
            "max_pool2d",
            nn.MaxPool2d,
            (1, 8, 7, 7),
            high=-0.5,
            patch=MAX,
            kernel_size=kernel,
            stride=1,
            padding=kernel // 2,
        )
    yield layer(
        "max_pool2d",
        nn.MaxPool2d,
        (2, 3, 9, 8),
        forms=EVERY_FORM,
        high=-0.1,
        patch=MAX,
        kernel_size=3,
        stride=2,
        padding=1,
        ceil_mode=True,
    )
    for shape in ((3, 6, 7), (4, 6, 7), (9, 5, 5)):
        yield layer("max_pool2d", nn.MaxPool2d, shape, patch=RANKS, kernel_size=2)
        yield layer(
            "max_pool2d", nn.MaxPool2d, shape, patch=RANKS, high=-0.1, kernel_size=3, stride=2, padding=1
        )
    for kernel, padding in product((2, 3), (0, 1)):
        yield with_special(
            "max_pool2d", nn.MaxPool2d, (1, 3, 8, 9), MAX, kernel_size=kernel, stride=1, padding=padding
        )
    for shape, arguments in product(
        ((2, 3, 11), (1, 4, 12), (3, 10), (5, 9), (1, 1, 4)),
        (
            {"kernel_size": 2},
            {"kernel_size": 3, "stride": 2, "padding": 1},
            {"kernel_size": 3, "stride": 1, "dilation": 1, "ceil_mode": True},
            {"kernel_size": 2, "stride": 3, "ceil_mode": True, "padding": 1},
            {"kernel_size": 2, "stride": 1, "dilation": 3},
        ),
    ):
        yield layer("max_pool1d", nn.MaxPool1d, shape, high=-0.1, patch=RANKS, **arguments)
    yield layer("max_pool1d", nn.MaxPool1d, (2, 3, 11), forms=EVERY_FORM, patch=RANKS, kernel_size=3)
    yield layer(
        "max_pool2d",
        nn.MaxPool2d,
        (1, 3, 6, 7),
        patch=ADAPTIVE_MAX,
        refusal="a Vulkan tensor cannot hold the int64 indices",
        kernel_size=2,
        return_indices=True,
    )


def average_pools() -> Iterator[Case]:
    """Vary what is summed and what it is divided by."""
    for channels, batch in product(range(1, 10), (1, 2, 3)):
        yield layer("avg_pool2d", nn.AvgPool2d, (batch, channels, 6, 7), kernel_size=2)
        yield layer(
            "avg_pool2d",
            nn.AvgPool2d,
            (batch, channels, 6, 7),
            patch=AVERAGE,
            kernel_size=3,
            stride=2,
            padding=1,
            count_include_pad=False,
        )
    for kernel, stride, padding, ceil, include, divisor in product(
        (2, 3, (3, 5)), (1, 2, (3, 4)), (0, 1), (False, True), (False, True), (None, 3)
    ):
        yield layer(
            "avg_pool2d",
            nn.AvgPool2d,
            (1, 3, 9, 14),
            patch=AVERAGE if divisor or ceil or (padding and not include) else None,
            kernel_size=kernel,
            stride=stride,
            padding=padding,
            ceil_mode=ceil,
            count_include_pad=include,
            divisor_override=divisor,
        )
    for size in ((1, 1), (1, 5), (5, 1), (2, 2), (130, 70)):
        yield layer(
            "avg_pool2d",
            nn.AvgPool2d,
            (1, 5, *size),
            patch=AVERAGE,
            kernel_size=3,
            stride=2,
            padding=1,
            count_include_pad=False,
        )
    for size in ((6, 6), (7, 10), (5, 8)):
        yield layer(
            "avg_pool2d", nn.AvgPool2d, (1, 4, *size), patch=AVERAGE, kernel_size=3, stride=4, ceil_mode=True
        )
    yield layer("avg_pool2d", nn.AvgPool2d, (1, 3, 56, 56), kernel_size=56)
    yield layer(
        "avg_pool2d",
        nn.AvgPool2d,
        (1, 3, 9, 9),
        label="negative-",
        patch=AVERAGE,
        kernel_size=3,
        divisor_override=-2,
    )
    yield layer(
        "avg_pool2d",
        nn.AvgPool2d,
        (2, 3, 9, 8),
        forms=EVERY_FORM,
        patch=AVERAGE,
        kernel_size=3,
        stride=2,
        padding=1,
        ceil_mode=True,
        count_include_pad=False,
    )
    for shape in ((3, 6, 7), (4, 6, 7), (9, 5, 5)):
        yield layer("avg_pool2d", nn.AvgPool2d, shape, patch=RANKS, kernel_size=2)
        yield layer("avg_pool2d", nn.AvgPool2d, shape, patch=RANKS, kernel_size=3, stride=2, padding=1)
    yield with_special("avg_pool2d", nn.AvgPool2d, (1, 3, 8, 9), None, kernel_size=2, stride=1, padding=1)
    for shape, arguments in product(
        ((2, 3, 11), (1, 4, 12), (3, 10), (5, 9), (1, 1, 4)),
        (
            {"kernel_size": 2},
            {"kernel_size": 3, "stride": 2, "padding": 1},
            {"kernel_size": 3, "stride": 2, "padding": 1, "count_include_pad": False},
            {"kernel_size": 3, "stride": 2, "ceil_mode": True},
        ),
    ):
        yield layer("avg_pool1d", nn.AvgPool1d, shape, patch=RANKS, **arguments)


def adaptive_pools() -> Iterator[Case]:
    """Windows of unequal sizes, also more of them than there are elements."""
    for size, output in product(
        ((6, 7), (14, 28), (9, 10), (18, 15), (1, 1), (20, 33)), (1, 2, (3, 5), 6, 7, 12, (21, 1), (None, 4))
    ):
        yield layer(
            "adaptive_avg_pool2d", nn.AdaptiveAvgPool2d, (1, 3, *size), patch=ADAPTIVE, output_size=output
        )
        yield layer(
            "adaptive_max_pool2d", nn.AdaptiveMaxPool2d, (1, 3, *size), patch=ADAPTIVE_MAX, output_size=output
        )
    for channels, batch, output in product((1, 2, 4, 5, 8), (1, 2, 3), ((2, 3), 1)):
        shape = (batch, channels, 7, 5)
        yield layer("adaptive_avg_pool2d", nn.AdaptiveAvgPool2d, shape, output_size=output)
        yield layer(
            "adaptive_max_pool2d", nn.AdaptiveMaxPool2d, shape, patch=ADAPTIVE_MAX, output_size=output
        )
    for shape, output in product(((3, 7, 5), (8, 6, 9)), (1, 3, (4, 2))):
        yield layer("adaptive_avg_pool2d", nn.AdaptiveAvgPool2d, shape, patch=RANKS, output_size=output)
        yield layer(
            "adaptive_max_pool2d", nn.AdaptiveMaxPool2d, shape, patch=ADAPTIVE_MAX, output_size=output
        )
    for shape, output in product(((2, 3, 14), (1, 4, 10), (3, 9), (1, 1, 1)), (1, 3, 6, 12)):
        yield layer("adaptive_avg_pool1d", nn.AdaptiveAvgPool1d, shape, patch=RANKS, output_size=output)
        yield layer(
            "adaptive_max_pool1d", nn.AdaptiveMaxPool1d, shape, patch=ADAPTIVE_MAX, output_size=output
        )
    forms = EVERY_FORM
    yield layer(
        "adaptive_avg_pool2d",
        nn.AdaptiveAvgPool2d,
        (2, 5, 28, 14),
        forms=forms,
        patch=ADAPTIVE,
        output_size=6,
    )
    yield layer(
        "adaptive_max_pool2d",
        nn.AdaptiveMaxPool2d,
        (2, 5, 28, 14),
        forms=forms,
        patch=ADAPTIVE_MAX,
        output_size=6,
    )
    yield with_special("adaptive_max_pool2d", nn.AdaptiveMaxPool2d, (1, 3, 8, 9), ADAPTIVE_MAX, output_size=3)
    yield with_special("adaptive_avg_pool2d", nn.AdaptiveAvgPool2d, (1, 3, 8, 9), None, output_size=3)


def is_exact_in_float(shape: Sequence[int], **arguments: Any) -> bool:  # noqa: ANN401
    """Say whether torch picks the same elements in float32 and in FP64: between two there is a jump."""
    data = torch.arange(float(torch.Size(shape[2:]).numel())).reshape(1, 1, *shape[2:])
    single = functional.interpolate(data, **arguments)
    return bool(torch.equal(single.double(), functional.interpolate(data.double(), **arguments)))


class Interpolate(nn.Module):
    """F.interpolate with what nn.Upsample does not hand on."""

    def __init__(self, scale_factor: float, mode: str, *, antialias: bool) -> None:
        """Keep the arguments."""
        super().__init__()
        self.scale_factor, self.mode, self.antialias = scale_factor, mode, antialias

    def forward(self, data: Tensor) -> Tensor:
        """Resample."""
        return functional.interpolate(
            data, scale_factor=self.scale_factor, mode=self.mode, antialias=self.antialias
        )


def interpolate(
    op: str,
    shape: Sequence[int],
    patch: str | None,
    *,
    forms: tuple[str, ...] = ("eager",),
    **arguments: Any,  # noqa: ANN401
) -> Case:
    """Give the case of F.interpolate; nn.Upsample where it is run in other forms than traced."""
    if len(forms) > 1:
        return layer(op, nn.Upsample, shape, patch=patch, forms=forms, **arguments)
    return Case(
        op=op,
        name=named(shape, **arguments),
        module=lambda: Function(lambda x: functional.interpolate(x, **arguments)),
        inputs=lambda: [seeded(shape)],
        arguments=arguments,
        patch=patch,
    )


def resizes(dimensions: int) -> Iterator[dict[str, Any]]:
    """Give sizes and scales, up and down, whole and not."""
    for scale in (2, 3, 4, 0.5, 1.7, 0.37, 2.5, 1):
        yield {"scale_factor": scale}
    yield {"scale_factor": 1.7, "recompute_scale_factor": True}
    if dimensions == 1:
        for width in (1, 2, 7, 23):
            yield {"size": width}
        return
    yield {"scale_factor": (0.6, 3.1)}
    for size in ((1, 1), (1, 9), (5, 23), (16, 16), (3, 40)):
        yield {"size": size}


def nearest() -> Iterator[Case]:
    """Nearest neighbours: the corner's (as old torch does it) and the middle's."""
    for shape, mode in product(((1, 3, 9, 11), (2, 5, 4, 7), (1, 1, 1, 1)), ("nearest", "nearest-exact")):
        op, patch = (
            ("upsample_nearest2d", None) if mode == "nearest" else ("upsample_nearest_exact2d", UPSAMPLE)
        )
        for resize in resizes(2):
            grows = min(shape[2:]) > 1 or "size" in resize or resize["scale_factor"] in (2, 3, 4, 2.5, 1)
            if grows and is_exact_in_float(shape, mode=mode, **resize):
                yield interpolate(op, shape, patch, mode=mode, **resize)
    for shape, mode in product(((2, 3, 11), (1, 4, 8)), ("nearest", "nearest-exact")):
        op = "upsample_nearest1d" if mode == "nearest" else "upsample_nearest_exact1d"
        for resize in resizes(1):
            if is_exact_in_float(shape, mode=mode, **resize):
                yield interpolate(op, shape, UPSAMPLE, mode=mode, **resize)
    for channels, batch in product(range(1, 10), (1, 2)):
        yield interpolate("upsample_nearest2d", (batch, channels, 5, 6), None, scale_factor=2, mode="nearest")
    yield interpolate("upsample_nearest2d", (1, 64, 65, 35), None, scale_factor=2, mode="nearest")
    yield interpolate(
        "upsample_nearest2d", (2, 3, 5, 6), None, forms=EVERY_FORM, scale_factor=2, mode="nearest"
    )
    yield interpolate("upsample_nearest2d", (2, 3, 5, 6), None, forms=EVERY_FORM, size=(9, 8), mode="nearest")
    yield interpolate(
        "upsample_nearest_exact2d",
        (2, 3, 5, 6),
        UPSAMPLE,
        forms=EVERY_FORM,
        scale_factor=2,
        mode="nearest-exact",
    )


def weighted() -> Iterator[Case]:
    """Linear and cubic interpolation, with and without align_corners."""
    modes = (("upsample_bilinear2d", "bilinear"), ("upsample_bicubic2d", "bicubic"))
    for (op, mode), align, shape in product(
        modes, (False, True), ((1, 3, 9, 11), (2, 5, 4, 7), (1, 1, 1, 1))
    ):
        for resize in resizes(2):
            if min(shape[2:]) > 1 or "size" in resize or resize["scale_factor"] in (2, 3, 4, 2.5, 1):
                yield interpolate(op, shape, UPSAMPLE, mode=mode, align_corners=align, **resize)
    for align, shape, resize in product((False, True), ((2, 3, 11), (1, 4, 8)), resizes(1)):
        yield interpolate("upsample_linear1d", shape, UPSAMPLE, mode="linear", align_corners=align, **resize)
    for (op, mode), channels, align in product(modes, (1, 2, 4, 6, 8, 9), (False, True)):
        yield interpolate(op, (1, channels, 5, 6), UPSAMPLE, scale_factor=2, mode=mode, align_corners=align)
    for (op, mode), align in product(modes, (False, True)):
        yield interpolate(op, (1, 21, 33, 33), UPSAMPLE, size=(130, 70), mode=mode, align_corners=align)
        yield interpolate(op, (1, 2, 700, 4), UPSAMPLE, size=(999, 3), mode=mode, align_corners=align)
        yield interpolate(
            op, (2, 3, 5, 6), UPSAMPLE, forms=EVERY_FORM, scale_factor=2, mode=mode, align_corners=align
        )
        yield interpolate(
            op, (2, 3, 5, 6), UPSAMPLE, forms=EVERY_FORM, size=(9, 4), mode=mode, align_corners=align
        )
    for (op, mode), align, resize in product(
        modes, (False, True), ((2, 3), (9, 11), (20, 17), (4, 30), (1, 1))
    ):
        yield interpolate(
            f"{op}_aa", (2, 3, 9, 11), UPSAMPLE, size=resize, mode=mode, align_corners=align, antialias=True
        )
    for (op, mode), scale in product(modes, (0.3, 0.5, 1.7)):
        yield Case(
            op=f"{op}_aa",
            name=f"scale{scale}",
            module=lambda scale=scale, mode=mode: Interpolate(scale, mode, antialias=True),
            inputs=lambda: [seeded((1, 5, 20, 13))],
            arguments={"scale_factor": scale},
            forms=("eager", "scripted", "prepacked"),
            patch=UPSAMPLE,
        )


def pad(
    op: str,
    shape: Sequence[int],
    amounts: tuple[int, ...],
    patch: str | None,
    *,
    mode: str = "constant",
    value: float | None = None,
    refusal: str | None = None,
) -> Case:
    """Give the case of F.pad."""
    return Case(
        op=op,
        name=named(shape, pad=amounts) + ("" if value is None else f"-value{value}"),
        module=lambda: Function(lambda x: functional.pad(x, amounts, mode=mode, value=value)),
        inputs=lambda: [seeded(shape)],
        arguments={"pad": amounts} if value is None else {"pad": amounts, "value": str(value)},
        patch=patch,
        refusal=refusal,
    )


def constant_pads() -> Iterator[Case]:
    """Any number of dimensions, any sign."""
    op = "constant_pad_nd"
    for shape in ((7,), (5, 7), (3, 5, 7), (2, 3, 5, 7), (1, 4, 5, 7), (3, 6, 2, 1), (1, 1, 1, 1)):
        rank = len(shape)
        for amounts in (
            (1, 2),
            (0, 3),
            (2, 0),
            (0, 0),
            (1, 2, 3, 1),
            (0, 0, 2, 1),
            (1, 0, 0, 2, 2, 1),
            (0, 0, 0, 0, 1, 2),
        ):
            if len(amounts) <= 2 * rank:
                yield pad(op, shape, amounts, CONSTANT)
        if rank == 4:
            for amounts in ((0, 0, 0, 0, 0, 0, 1, 1), (1, 1, 2, 0, 1, 2, 1, 0), (0, 0, 0, 0, 0, 0, 0, 2)):
                yield pad(op, shape, amounts, CONSTANT, value=0.5)
    for amounts in (
        (-1, 2),
        (-1, -2),
        (0, 0, -1, -3),
        (3, -2, -1, 1),
        (0, 0, 0, 0, -1, 1),
        (0, 0, 0, 0, 0, -2),
        (-1,) * 6,
    ):
        yield pad(op, (2, 4, 5, 7), amounts, CONSTANT, value=-1.5)
        yield pad(op, (3, 5, 7), amounts, CONSTANT, value=2)
    for amounts in (
        (0, 0, 0, 0, 0, 0, -1, 0),
        (0, 0, 0, 0, 0, 0, 0, -1),
        (0, 0, 0, 0, 0, 0, -1, 2),
        (1, -1, 1, -1, 1, -1, 1, -1),
    ):
        yield pad(op, (2, 4, 5, 7), amounts, CONSTANT, value=1)
        yield pad(op, (3, 3, 5, 7), amounts, CONSTANT, value=1)
    for channels in range(1, 10):
        yield pad(op, (1, channels, 4, 5), (1, 1, 1, 1), CONSTANT)
        yield pad(op, (2, channels, 4, 5), (0, 0, 0, 0, 0, 3), CONSTANT, value=1)
    yield pad(op, (1, 3, 4, 5), (2, 1, 1, 1), CONSTANT, value=float("inf"))
    yield pad(op, (1, 64, 130, 70), (1, 2, 3, 0), CONSTANT)
    yield layer(
        op, nn.ConstantPad2d, (1, 3, 4, 5), forms=EVERY_FORM, patch=CONSTANT, padding=(1, 2, 0, 1), value=0.5
    )
    yield layer(
        op, nn.ZeroPad2d, (2, 3, 4, 5), forms=("eager", "scripted"), patch=CONSTANT, label="zero-", padding=1
    )
    yield layer(op, nn.ConstantPad1d, (2, 3, 4), patch=CONSTANT, label="1d-", padding=2, value=1)
    yield pad(op, (1, 3, 4, 5, 6), (1, 1), None, refusal="4 dimensions")


def border_pads() -> Iterator[Case]:
    """Reflection, replication and circular padding."""
    modes = (("reflection_pad", "reflect"), ("replication_pad", "replicate"), ("circular_pad", "circular"))
    for name, mode in modes:
        stock = mode != "circular"
        for channels, batch in product(range(1, 10), (1, 2)):
            shape = (batch, channels, 5, 6)
            yield pad(f"{name}2d", shape, (1, 2, 3, 1), None if stock else BORDER, mode=mode)
        for amounts in ((0, 0, 0, 0), (4, 0, 0, 0), (0, 4, 0, 0), (0, 0, 3, 0), (0, 0, 0, 3), (4, 4, 3, 3)):
            yield pad(f"{name}2d", (1, 3, 4, 5), amounts, None if stock else BORDER, mode=mode)
        for amounts in ((-1, 2, 0, 1), (1, -1, -1, 1), (-1, -1, -2, 0), (0, -3, 0, 0)):
            yield pad(f"{name}2d", (2, 3, 4, 5), amounts, PADDING if stock else BORDER, mode=mode)
        for shape in ((2, 3, 7), (1, 4, 6), (1, 1, 3)):
            for amounts in ((1, 2), (2, 0), (0, 2), (0, 0), (-1, 1), (1, -1)):
                yield pad(f"{name}1d", shape, amounts, BORDER, mode=mode)
        yield pad(f"{name}2d", (1, 8, 65, 70), (3, 3, 3, 3), None if stock else BORDER, mode=mode)
        if mode == "circular":
            yield pad(f"{name}2d", (1, 3, 4, 5), (5, 5, 4, 4), BORDER, mode=mode)
            yield pad(f"{name}1d", (1, 3, 4), (4, 4), BORDER, mode=mode)
            continue
        for shape in ((3, 4, 5), (4, 4, 5)):
            for amounts in ((1, 2, 3, 1), (2, 0, 0, 3)):
                yield pad(f"{name}2d", shape, amounts, None, mode=mode)
            for amounts in ((1, 2), (3, 0)):
                yield pad(f"{name}1d", shape[:2], amounts, BORDER, mode=mode)
        for shape, amounts in product(
            ((1, 3, 4, 5), (2, 4, 4, 5), (5, 3, 4, 5)),
            ((1, 1, 1, 1, 1, 1), (2, 0, 1, 0, 0, 2), (0, 0, 0, 0, 2, 1)),
        ):
            yield pad(f"{name}3d", shape, amounts, BORDER, mode=mode)
    for amounts in ((9, 0, 0, 8), (20, 20, 20, 20)):
        yield pad("replication_pad2d", (2, 3, 4, 5), amounts, None, mode="replicate")
    for kind, op in ((nn.ReflectionPad2d, "reflection_pad2d"), (nn.ReplicationPad2d, "replication_pad2d")):
        yield layer(op, kind, (2, 3, 4, 5), forms=EVERY_FORM, padding=(1, 2, 0, 1))
    for kind, op in ((nn.ReflectionPad1d, "reflection_pad1d"), (nn.ReplicationPad1d, "replication_pad1d")):
        yield layer(op, kind, (2, 3, 6), forms=EVERY_FORM, patch=BORDER, padding=(1, 2))


def shuffles() -> Iterator[Case]:
    """Between channels and space, and among channels."""
    for channels, batch, factor in product((1, 2, 3, 4, 5), (1, 2, 3), (2, 3)):
        shape = (batch, channels * factor**2, 3, 4)
        yield layer("pixel_shuffle", nn.PixelShuffle, shape, patch=SHUFFLE, upscale_factor=factor)
        shape = (batch, channels, 3 * factor, 2 * factor)
        yield layer("pixel_unshuffle", nn.PixelUnshuffle, shape, patch=SHUFFLE, downscale_factor=factor)
    for shape, factor in (
        ((8, 3, 5), 2),
        ((9, 2, 2), 3),
        ((1, 16, 1, 1), 4),
        ((1, 5, 3, 3), 1),
        ((1, 64, 33, 17), 4),
    ):
        yield layer(
            "pixel_shuffle", nn.PixelShuffle, shape, patch=SHUFFLE, upscale_factor=factor, label="more-"
        )
    for shape, factor in (
        ((3, 6, 4), 2),
        ((2, 3, 9), 3),
        ((1, 1, 4, 4), 4),
        ((1, 5, 3, 3), 1),
        ((1, 4, 68, 36), 4),
    ):
        yield layer(
            "pixel_unshuffle", nn.PixelUnshuffle, shape, patch=SHUFFLE, downscale_factor=factor, label="more-"
        )
    yield layer(
        "pixel_shuffle", nn.PixelShuffle, (2, 12, 3, 4), forms=EVERY_FORM, patch=SHUFFLE, upscale_factor=2
    )
    yield layer(
        "pixel_unshuffle",
        nn.PixelUnshuffle,
        (2, 3, 4, 6),
        forms=EVERY_FORM,
        patch=SHUFFLE,
        downscale_factor=2,
    )
    for groups, per_group, batch in product((1, 2, 3, 4), (1, 2, 3, 4), (1, 2)):
        shape = (batch, groups * per_group, 3, 4)
        yield layer("channel_shuffle", nn.ChannelShuffle, shape, patch=SHUFFLE, groups=groups)
    for shape in ((2, 6, 5), (1, 8, 4)):
        yield layer("channel_shuffle", nn.ChannelShuffle, shape, patch=SHUFFLE, groups=2)
    yield layer(
        "channel_shuffle",
        nn.ChannelShuffle,
        (1, 116, 7, 7),
        forms=("eager", "scripted", "prepacked"),
        patch=SHUFFLE,
        groups=2,
    )


def glus() -> Iterator[Case]:
    """Any dimension that is even."""
    for shape in (
        (6,),
        (4, 6),
        (3, 4, 6),
        (2, 6, 4, 8),
        (2, 8, 3, 2),
        (1, 16, 3, 5),
        (4, 3, 2, 2),
        (4, 4, 1, 3),
        (6, 2, 5, 4),
    ):
        for dim in range(-len(shape), len(shape)):
            if shape[dim] % 2 == 0:
                patch = (None if dim == 1 else GLU) if len(shape) == 4 and dim % 4 == 1 else "vkf_glu"
                yield layer("glu", nn.GLU, shape, low=-4, high=4, patch=patch, dim=dim)
    for channels, batch in product((2, 4, 6, 8, 10, 12, 14, 16, 18, 24), (1, 2, 3)):
        yield layer("glu", nn.GLU, (batch, channels, 3, 4), label="c-", dim=1)
    yield layer("glu", nn.GLU, (1, 64, 65, 35), label="large-", dim=1)
    yield layer("glu", nn.GLU, (1, 8, 3, 5), label="far-", low=-200, high=200, dim=1)
    yield layer("glu", nn.GLU, (2, 12, 3, 4), forms=EVERY_FORM, patch=GLU, dim=-3)


def grid_samples() -> Iterator[Case]:
    """Positions inside, on and beyond the border."""
    for mode, padding, align, (n, c, h, w, oh, ow) in product(
        ("bilinear", "nearest", "bicubic"),
        ("zeros", "border", "reflection"),
        (False, True),
        ((1, 3, 5, 6, 4, 7), (2, 4, 6, 5, 3, 3), (3, 1, 1, 4, 5, 2)),
    ):
        yield Case(
            op="grid_sample",
            name=f"{mode}-{padding}-{'corners' if align else 'areas'}-{n}x{c}x{h}x{w}-{oh}x{ow}",
            module=lambda mode=mode, padding=padding, align=align: Function(
                lambda x, grid: functional.grid_sample(
                    x, grid, mode=mode, padding_mode=padding, align_corners=align
                )
            ),
            inputs=lambda n=n, c=c, h=h, w=w, oh=oh, ow=ow: [
                seeded((n, c, h, w)),
                seeded((n, oh, ow, 2), -1.7, 1.7, seed=1),
            ],
            arguments={"mode": mode, "padding_mode": padding, "align_corners": align},
            patch=GRID,
        )


def cases() -> Iterator[Case]:
    """Give them all."""
    yield from max_pools()
    yield from average_pools()
    yield from adaptive_pools()
    yield from nearest()
    yield from weighted()
    yield from constant_pads()
    yield from border_pads()
    yield from shuffles()
    yield from glus()
    yield from grid_samples()
