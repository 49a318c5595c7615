"""Reductions, normalisations, softmax and cumulative sums."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from ops.case import Case, Function, seeded

Shape = tuple[int, ...]

SHAPES: tuple[Shape, ...] = (
    (1,),
    (70,),
    (3, 5),
    (40, 3),
    (1, 7, 5),
    (6, 1, 9),
    (5, 8, 3),
    (1, 3, 5, 7),
    (1, 8, 4, 4),
    (2, 3, 4, 5),
    (3, 4, 1, 6),
    (2, 5, 3, 1),
    (3, 1, 2, 2),
)
"""Ranks 1 to 4, channels that fill texels and that do not, one and more in a batch."""

LONG: tuple[Shape, ...] = ((1, 64, 33, 17), (2, 6, 70, 130), (1, 1, 257, 129), (1, 257, 3, 2), (4100,), (37, 300))
"""Where an invocation cannot reduce alone."""

TOO_LONG = "the limit of this device is"
"""How a device refuses (4100,) whose images have at most 2,048 texels a side, as SwiftShader's have."""

EXACT = 1e-5
LONG_SUM = 1e-4

STOCK_OPERATORS = {
    "mean": "0030-vulkan-take-out-mean",
    "softmax": "0031-vulkan-take-out-softmax",
    "log_softmax": "0031-vulkan-take-out-softmax",
    "layer_norm": "0032-vulkan-take-out-layer-norm",
    "batch_norm": "0033-vulkan-take-out-batch-norm",
    "cumsum": "0034-vulkan-take-out-cumsum",
}
"""What stock has, and does wrong or refuses; other cases name the file whose operators stock has not."""


def cases() -> Iterator[Case]:
    """Give the family's cases."""
    yield from reductions()
    yield from refusals()
    yield from products()
    yield from norms()
    yield from variances()
    yield from indices()
    yield from softmaxes()
    yield from cumulative_sums()
    yield from layer_norms()
    yield from group_norms()
    yield from instance_norms()
    yield from batch_norms()


def text(value: Sequence[int]) -> str:
    """Give "2x3x4": a part of a name."""
    return "x".join(str(v) for v in value) or "scalar"


def subsets(shape: Shape) -> list[tuple[int, ...]]:
    """Give all choices of dimensions, every other one counted from the end."""
    chosen = [c for n in range(1, len(shape) + 1) for c in itertools.combinations(range(len(shape)), n)]
    return [tuple(d - len(shape) for d in c) if i % 2 else c for i, c in enumerate(chosen)]


def one(op: str, name: str, function: Callable[..., Any], *inputs: Tensor, **more: Any) -> Case:  # noqa: ANN401
    """Make a case of a function."""
    more.setdefault("patch", STOCK_OPERATORS.get(op, "vkf_reduce"))
    if any(size > 2048 for x in inputs for size in x.shape):
        more.setdefault("refusal", TOO_LONG)
    return Case(op=op, name=name, module=lambda: Function(function), inputs=lambda: list(inputs), **more)


REDUCTIONS: dict[str, Callable[[Tensor, Sequence[int], bool], Tensor]] = {
    "mean": lambda x, dim, keepdim: x.mean(dim, keepdim),
    "sum": lambda x, dim, keepdim: x.sum(dim, keepdim),
    "amax": lambda x, dim, keepdim: x.amax(dim, keepdim),
    "amin": lambda x, dim, keepdim: x.amin(dim, keepdim),
}
FULL: dict[str, Callable[[Tensor], Tensor]] = {
    "mean": Tensor.mean,
    "sum": Tensor.sum,
    "amax": Tensor.amax,
    "amin": Tensor.amin,
    "max": Tensor.max,
    "min": Tensor.min,
}


def reductions() -> Iterator[Case]:
    """Give mean, sum, amax and amin over all dimensions there are, and over everything."""
    for (op, function), shape in itertools.product(REDUCTIONS.items(), SHAPES):
        for i, dim in enumerate(subsets(shape)):
            if op in ("amax", "amin") and len(shape) > 2 and (i + (op == "amin")) % 2:
                continue
            for keepdim in (True, False) if op == "mean" else ((i + len(shape)) % 2 == 0,):
                # Stock has the mean over height and width; whether it is right depends on what it leaves behind.
                stock_has_it = op == "mean" and len(shape) == 4 and sorted(d % 4 for d in dim) == [2, 3]
                yield one(
                    op,
                    f"{text(shape)}-dim{'_'.join(map(str, dim))}{'-keep' if keepdim else ''}",
                    lambda x, function=function, dim=dim, keepdim=keepdim: function(x, dim, keepdim),
                    seeded(shape, seed=len(shape)),
                    arguments={"dim": dim, "keepdim": keepdim},
                    patch=None if stock_has_it else STOCK_OPERATORS.get(op, "vkf_reduce"),
                )
    for op, function in FULL.items():
        for shape in (*SHAPES, *LONG):
            yield one(op, f"{text(shape)}-full", function, seeded(shape), tolerance=LONG_SUM)
    for (op, function), shape in itertools.product(REDUCTIONS.items(), LONG):
        for dim in subsets(shape) if op == "mean" else subsets(shape)[::3]:
            yield one(
                op,
                f"{text(shape)}-dim{'_'.join(map(str, dim))}",
                lambda x, function=function, dim=dim: function(x, dim, False),
                seeded(shape, 0, 1),
                arguments={"dim": dim},
                tolerance=LONG_SUM,
                patch=None if op == "mean" and sorted(d % 4 for d in dim) == [2, 3] else STOCK_OPERATORS.get(op, "vkf_reduce"),
            )
    yield from special_values()
    for shape in ((1, 3, 5, 7), (3, 4)):
        yield one("aminmax", text(shape), lambda x: torch.aminmax(x), seeded(shape))
        yield one("aminmax", f"{text(shape)}-dim-1", lambda x: torch.aminmax(x, dim=-1, keepdim=True), seeded(shape))
    for channels in (1, 3, 4, 8):
        # The pattern of a mean with a convolution behind, whose zero weights must meet finite lanes.
        yield one(
            "mean",
            f"then-conv-c{channels}",
            lambda x: functional.conv2d(x.mean((2, 3), True), torch.ones(1, x.size(1), 1, 1, dtype=x.dtype)),
            seeded((1, channels, 9, 11)),
            patch=None,
            forms=("prepacked",),
        )
    yield Case(
        op="mean",
        name="mobilenet-classifier",
        module=lambda: Function(lambda x: x.mean([2, 3])),
        inputs=lambda: [seeded((1, 1280, 7, 7))],
        forms=("eager", "prepacked", "lite"),
    )
    for shape in ((2, 3, 4, 5), (5, 8, 3)):
        yield one("logsumexp-by-hand", text(shape), by_hand_logsumexp, seeded(shape, -90, 90))


def by_hand_logsumexp(x: Tensor) -> Tensor:
    """Give log(sum(exp(x))) as models write it."""
    most = x.amax(1, keepdim=True)
    return (x - most).exp().sum(1, keepdim=True).log() + most


def special_values() -> Iterator[Case]:
    """Give NaN and infinities, which a maximum must hand on."""
    for name, value in (("nan", float("nan")), ("inf", float("inf")), ("-inf", float("-inf"))):
        for shape, at in itertools.product(((1, 3, 4, 5), (2, 5, 9, 9), (3, 70)), (0, -1)):
            x = seeded(shape)
            x.view(-1)[at] = value
            for op, function in REDUCTIONS.items():
                for dim in (-1, -2, 0):
                    yield one(
                        op,
                        f"{text(shape)}-{name}-at{at}-dim{dim}",
                        lambda x, function=function, dim=dim: function(x, (dim,), False),
                        x,
                        tolerance=LONG_SUM,
                    )
    for op, function in FULL.items():
        x = torch.full((2, 3, 4, 5), float("-inf" if op in ("max", "amax") else "inf"))
        yield one(op, "all-infinite", function, x)


def refusals() -> Iterator[Case]:
    """Give what is refused in words."""
    yield one(
        "sum",
        "to-int",
        lambda x: x.sum(1, dtype=torch.int64),
        seeded((2, 3)),
        refusal="the result cannot be of",
        patch="vkf_reduce",
    )
    yield one(
        "mean",
        "to-double",
        lambda x: x.mean(1, dtype=torch.float64),
        seeded((2, 3)),
        refusal="the result cannot be of",
        patch="vkf_reduce",
    )
    yield one(
        "cumsum",
        "to-int",
        lambda x: x.cumsum(1, dtype=torch.int64),
        seeded((2, 3)),
        refusal="the result cannot be of",
        patch="vkf_cumsum",
    )


def products() -> Iterator[Case]:
    """Give prod."""
    for shape in SHAPES:
        yield one("prod", f"{text(shape)}-full", lambda x: x.prod(), seeded(shape, 0.5, 1.5))
        for dim in range(-len(shape), 0):
            keepdim = dim % 2 == 0
            yield one(
                "prod",
                f"{text(shape)}-dim{dim}",
                lambda x, dim=dim, keepdim=keepdim: x.prod(dim, keepdim=keepdim),
                seeded(shape, 0.5, 1.5),
                arguments={"dim": dim, "keepdim": keepdim},
            )


def norms() -> Iterator[Case]:
    """Give vector norms."""
    for shape, p in itertools.product(((7,), (3, 5), (5, 8, 3), (1, 3, 5, 7), (2, 5, 3, 4)), (2, 1, 3, 0, 0.5)):
        for dim in range(-len(shape), 0):
            yield one(
                "norm",
                f"{text(shape)}-p{p}-dim{dim}",
                lambda x, p=p, dim=dim: x.norm(p, dim, keepdim=True),
                seeded(shape),
                arguments={"p": p, "dim": dim},
                tolerance=LONG_SUM if p == 0.5 else EXACT,
            )
    infinity = float("inf")
    for shape, p in itertools.product(((7,), (2, 5, 3, 4), (1, 16, 40, 40)), (2, 1, infinity, -infinity)):
        yield one(
            "linalg.vector_norm",
            f"{text(shape)}-p{p}",
            lambda x, p=p: torch.linalg.vector_norm(x, p),
            seeded(shape),
            tolerance=LONG_SUM,
        )
        yield one(
            "linalg.vector_norm",
            f"{text(shape)}-p{p}-dim",
            lambda x, p=p: torch.linalg.vector_norm(x, p, dim=-1),
            seeded(shape),
        )
    for shape in ((7,), (2, 5, 3, 4)):
        yield one("norm", f"{text(shape)}-full", lambda x: x.norm(), seeded(shape))
        yield one("norm", f"{text(shape)}-full-p1", lambda x: x.norm(1), seeded(shape))
    for shape, dim in (((3, 5), 1), ((1, 6, 4, 5), 1), ((2, 5, 8), -1), ((2, 3, 4, 5), 1)):
        yield one(
            "normalize",
            f"{text(shape)}-dim{dim}",
            lambda x, dim=dim: x / x.norm(2, dim, keepdim=True),
            seeded(shape),
        )


def variances() -> Iterator[Case]:
    """Give var and std with their means."""
    for shape in (*SHAPES, (1, 64, 33, 17), (2, 6, 70, 130)):
        long = len(shape) == 4 and shape[2] > 9
        for i, dim in enumerate(subsets(shape)):
            if all(shape[d] == 1 for d in dim):
                continue
            unbiased, keepdim = i % 2 == 0, i % 3 == 0
            yield one(
                "var",
                f"{text(shape)}-dim{'_'.join(map(str, dim))}",
                lambda x, dim=dim, unbiased=unbiased, keepdim=keepdim: x.var(dim, unbiased, keepdim),
                seeded(shape),
                arguments={"dim": dim, "unbiased": unbiased, "keepdim": keepdim},
                tolerance=LONG_SUM if long else EXACT,
                patch="vkf_moments",
            )
            if i % 2 == 0 or len(shape) < 4:
                yield one(
                    "std",
                    f"{text(shape)}-dim{'_'.join(map(str, dim))}",
                    lambda x, dim=dim, unbiased=unbiased, keepdim=keepdim: x.std(dim, not unbiased, keepdim),
                    seeded(shape),
                    arguments={"dim": dim, "unbiased": not unbiased, "keepdim": keepdim},
                    tolerance=LONG_SUM if long else EXACT,
                    patch="vkf_moments",
                )
    for shape in ((70,), (5, 8, 3), (2, 3, 4, 5)):
        yield one("var", f"{text(shape)}-full", lambda x: x.var(), seeded(shape), patch="vkf_moments")
        yield one("std", f"{text(shape)}-full", lambda x: x.std(unbiased=False), seeded(shape), patch="vkf_moments")
        yield one("var_mean", text(shape), lambda x: torch.var_mean(x, -1), seeded(shape), patch="vkf_moments")
        yield one("std_mean", text(shape), lambda x: torch.std_mean(x, 0, unbiased=False), seeded(shape), patch="vkf_moments")
        # A mean much larger than the spread: the mean of the squares would lose all digits. That of the input's own
        # rounding is left: it is exact in multiples of 1/1024.
        x = (seeded(shape) * 1024).round() / 1024 + 1000
        for dim in range(-len(shape), 0):
            yield one("var", f"{text(shape)}-offset-dim{dim}", lambda x, dim=dim: x.var(dim), x, patch="vkf_moments")


def indices() -> Iterator[Case]:
    """Give argmax, argmin, and max and min with their indices."""
    for shape in (*SHAPES, *LONG):
        for dim in (None, *range(-len(shape), 0)):
            if dim is not None and len(shape) > 1 and max(shape) > 60 and dim % 2:
                continue
            name = f"{text(shape)}-{'full' if dim is None else f'dim{dim}'}"
            keepdim = dim is not None and dim % 2 == 0
            yield one(
                "argmax",
                name,
                lambda x, dim=dim, keepdim=keepdim: x.argmax(dim, keepdim=keepdim),
                seeded(shape),
                arguments={"dim": dim, "keepdim": keepdim},
                patch="vkf_arg_reduce",
            )
            yield one(
                "argmin",
                name,
                lambda x, dim=dim: x.argmin(dim),
                seeded(shape),
                arguments={"dim": dim},
                patch="vkf_arg_reduce",
            )
            if dim is not None and len(shape) < 4:
                yield one("max.dim", name, lambda x, dim=dim: x.max(dim), seeded(shape), patch="vkf_arg_reduce")
                yield one(
                    "min.dim", name, lambda x, dim=dim: x.min(dim, keepdim=True), seeded(shape), patch="vkf_arg_reduce"
                )
    for shape in ((2, 3, 4, 5), (90,)):
        yield one("argmax", f"{text(shape)}-all-equal", lambda x: x.argmax(-1), torch.zeros(shape), patch="vkf_arg_reduce")
        x = seeded(shape)
        x[..., 2:4] = float("nan")
        yield one("argmax", f"{text(shape)}-nan", lambda x: x.argmax(-1), x, patch="vkf_arg_reduce")
        yield one("argmin", f"{text(shape)}-nan", lambda x: x.argmin(-1), x, patch="vkf_arg_reduce")
    yield one(
        "max.dim",
        "channel-attention",
        lambda x: torch.cat([x.max(1, keepdim=True)[0], x.mean(1, keepdim=True)], 1),
        seeded((1, 6, 5, 7)),
        patch="vkf_arg_reduce",
    )


def softmaxes() -> Iterator[Case]:
    """Give softmax and log_softmax along each dimension, also of logits that overflow."""
    functions = {"softmax": functional.softmax, "log_softmax": functional.log_softmax}
    for (op, function), shape in itertools.product(functions.items(), (*SHAPES, *LONG, (2, 21, 9, 11), (1, 21, 30, 40))):
        for i, dim in enumerate(range(len(shape))):
            chosen = dim - len(shape) if i % 2 else dim
            for high in (1, 100):
                if high == 100 and max(shape) > 60:
                    continue
                # Stock is right for one image with dim=1 and small logits.
                stock_has_it = len(shape) == 4 and shape[0] == 1 and chosen == 1 and high == 1
                yield one(
                    op,
                    f"{text(shape)}-dim{chosen}-to{high}",
                    lambda x, function=function, dim=chosen: function(x, dim),
                    seeded(shape, -high, high),
                    arguments={"dim": chosen, "logits": f"up to {high}"},
                    tolerance=LONG_SUM if max(shape) > 60 or high == 100 else EXACT,
                    patch=None if stock_has_it else STOCK_OPERATORS[op] if len(shape) == 4 else "vkf_softmax",
                )
    for op, function in functions.items():
        for shape, dim in itertools.product(((2, 3, 4, 5), (3, 70), (1, 6, 2, 2)), (0, 1, -1)):
            x = seeded(shape)
            x.view(-1)[0] = float("-inf")
            yield one(
                op,
                f"{text(shape)}-minus-infinity-dim{dim}",
                lambda x, function=function, dim=dim: function(x, dim),
                x,
                patch="vkf_softmax",
            )
    for shape in ((1, 3, 5, 7), (2, 10)):
        yield one("softmin", text(shape), lambda x: functional.softmax(x * -1, -1), seeded(shape), patch="vkf_softmax")
    yield Case(
        op="softmax",
        name="classifier",
        module=lambda: nn.Softmax(dim=1),
        inputs=lambda: [seeded((1, 1000), -10, 10)],
        forms=("eager", "python", "scripted", "prepacked", "lite"),
        patch=STOCK_OPERATORS["softmax"],
    )
    yield Case(
        op="softmax",
        name="then-conv",
        module=lambda: nn.Sequential(nn.Softmax(1), nn.Conv2d(3, 4, 1)),
        inputs=lambda: [seeded((1, 3, 5, 7), -100, 100)],
        forms=("prepacked",),
        patch=STOCK_OPERATORS["softmax"],
    )


def cumulative_sums() -> Iterator[Case]:
    """Give cumsum along each dimension."""
    for shape in (*SHAPES, (1, 33, 20, 9), (2, 6, 7, 130), (4100,), (2, 300)):
        for dim in range(-len(shape), len(shape)):
            stock_has_it = len(shape) == 4 and shape[0] == 1 and dim >= 2
            yield one(
                "cumsum",
                f"{text(shape)}-dim{dim}",
                lambda x, dim=dim: x.cumsum(dim),
                seeded(shape),
                arguments={"dim": dim},
                # Of three dimensions, stock takes the wrong one.
                patch=None if stock_has_it else STOCK_OPERATORS["cumsum"] if len(shape) == 3 else "vkf_cumsum",
            )
    x = seeded((2, 3, 4, 5))
    x[:, :, 1, 2] = float("inf")
    for dim in range(4):
        yield one("cumsum", f"infinite-dim{dim}", lambda x, dim=dim: x.cumsum(dim), x, patch="vkf_cumsum")


class Affine(nn.Module):
    """A normalisation with weights and biases that are not its defaults of 1 and 0."""

    def __init__(self, norm: nn.Module) -> None:
        """Draw them, and running statistics."""
        super().__init__()
        self.norm = norm
        for name, values in norm.state_dict().items():
            if values.is_floating_point():
                positive = name.endswith(("var", "weight"))
                values.copy_(torch.rand_like(values) + 0.5 if positive else torch.rand_like(values) - 0.5)

    def forward(self, x: Tensor) -> Tensor:
        """Normalise."""
        return self.norm(x)


def normalised(op: str, name: str, make: Callable[[], nn.Module], shape: Shape, **more: Any) -> Case:  # noqa: ANN401
    """Make a case of a normalisation."""
    more.setdefault("patch", STOCK_OPERATORS.get(op, "vkf_norm"))
    values = more.pop("values", None)
    return Case(
        op=op,
        name=f"{name}-{text(shape)}",
        module=lambda: Affine(make()),
        inputs=lambda: [seeded(shape, -2, 3) if values is None else values],
        tolerance=more.pop("tolerance", LONG_SUM if max(shape) > 60 else EXACT),
        **more,
    )


def layer_norms() -> Iterator[Case]:
    """Give layer_norm over one to all dimensions."""
    shapes = (
        (7,), (3, 5), (40, 3), (3, 7, 5), (6, 1, 9), (5, 8, 3), (1, 3, 5, 7), (1, 8, 4, 4), (2, 3, 4, 5), (3, 4, 1, 6),
        (2, 5, 3, 1), (3, 1, 2, 2), (2, 17, 64), (1, 197, 192), (1, 16, 33, 40), (2, 6, 30, 17),
    )  # fmt: skip
    for shape in shapes:
        for count in range(1, len(shape) + 1):
            normal = list(shape[-count:])
            # Of a single element, nothing but the rounding of the reference is left without a bias.
            for affine in (True, False) if max(normal) > 1 else (True,):
                yield normalised(
                    "layer_norm",
                    f"{count}-dims{'' if affine else '-plain'}",
                    lambda normal=normal, affine=affine: nn.LayerNorm(normal, elementwise_affine=affine),
                    shape,
                    arguments={"normalized_shape": text(normal), "affine": affine},
                    # Stock is right here, only slow.
                    patch=None
                    if affine and count == 3 and (len(shape) == 3 or shape[0] == 1)
                    else STOCK_OPERATORS["layer_norm"],
                )
    shape = (2, 3, 4, 5)
    for count in (1, 2, 3):
        yield normalised(
            "layer_norm",
            f"{count}-dims-offset",
            lambda count=count: nn.LayerNorm(shape[-count:]),
            shape,
            values=(seeded(shape) * 1024).round() / 1024 + 1000,
            # The mean of values about 1000 is rounded to 3e-5 in float32.
            tolerance=LONG_SUM,
        )
    yield one(
        "layer_norm",
        "weight-only",
        lambda x: functional.layer_norm(x, (5,), torch.arange(5, dtype=x.dtype)),
        seeded(shape),
    )
    yield one(
        "layer_norm",
        "eps",
        lambda x: functional.layer_norm(x, (4, 5), eps=0.25),
        seeded(shape),
        arguments={"eps": 0.25},
    )
    yield normalised(
        "layer_norm",
        "forms",
        lambda: nn.LayerNorm(24),
        (2, 9, 24),
        forms=("python", "scripted", "prepacked", "lite"),
    )


def group_norms() -> Iterator[Case]:
    """Give group_norm."""
    planes = ((1, 1), (1, 7), (5, 3), (16, 17))
    for (channels, groups), batch, plane in itertools.product(
        ((1, 1), (3, 1), (3, 3), (4, 2), (6, 2), (6, 3), (8, 2), (8, 8), (9, 3), (12, 4), (64, 32)), (1, 2, 3), planes
    ):
        if channels // groups == 1 and plane == (1, 1):
            continue
        affine = (batch + plane[0]) % 2 == 0
        yield normalised(
            "group_norm",
            f"g{groups}{'' if affine else '-plain'}",
            lambda channels=channels, groups=groups, affine=affine: nn.GroupNorm(groups, channels, affine=affine),
            (batch, channels, *plane),
            arguments={"groups": groups, "affine": affine},
        )
    for shape, groups in (((2, 6, 7), 3), ((1, 8, 5), 2), ((3, 6), 2), ((1, 8), 4)):
        yield normalised(
            "group_norm",
            f"g{groups}",
            lambda shape=shape, groups=groups: nn.GroupNorm(groups, shape[1]),
            shape,
            arguments={"groups": groups},
        )
    shape = (2, 6, 5, 7)
    offset = (seeded(shape) * 1024).round() / 1024 + 1000
    yield normalised("group_norm", "offset", lambda: nn.GroupNorm(3, 6), shape, values=offset, tolerance=LONG_SUM)
    yield normalised(
        "group_norm",
        "forms",
        lambda: nn.GroupNorm(2, 8),
        (1, 8, 9, 5),
        forms=("python", "scripted", "prepacked", "lite"),
    )


def instance_norms() -> Iterator[Case]:
    """Give instance_norm, of the input's statistics and of running ones."""
    for channels, batch, plane, affine in itertools.product(
        (1, 2, 3, 4, 5, 8), (1, 2, 3), ((1, 7), (5, 3), (33, 40)), (True, False)
    ):
        yield normalised(
            "instance_norm",
            "affine" if affine else "plain",
            lambda channels=channels, affine=affine: nn.InstanceNorm2d(channels, affine=affine),
            (batch, channels, *plane),
            arguments={"affine": affine},
        )
    for shape in ((2, 3, 9), (1, 4, 5)):
        yield normalised("instance_norm", "1d", lambda shape=shape: nn.InstanceNorm1d(shape[1], affine=True), shape)
    for training in (True, False):
        yield normalised(
            "instance_norm",
            f"running-{'training' if training else 'evaluation'}",
            lambda: nn.InstanceNorm2d(3, affine=True, track_running_stats=True),
            (2, 3, 5, 7),
            training=training,
            forms=("python",),
        )
    shape = (1, 3, 5, 7)
    yield normalised(
        "instance_norm",
        "offset",
        lambda: nn.InstanceNorm2d(3),
        shape,
        values=(seeded(shape) * 1024).round() / 1024 + 1000,
        tolerance=LONG_SUM,
    )
    yield normalised(
        "instance_norm",
        "forms",
        lambda: nn.InstanceNorm2d(5, affine=True),
        (1, 5, 9, 6),
        forms=("python", "scripted", "prepacked", "lite"),
    )


def batch_norms() -> Iterator[Case]:
    """Give batch_norm, of running statistics and of the batch's."""
    for channels, batch, plane, affine in itertools.product(
        range(1, 10), (1, 2, 3), ((1, 1), (5, 3)), (True, False)
    ):
        yield normalised(
            "batch_norm",
            "affine" if affine else "plain",
            lambda channels=channels, affine=affine: nn.BatchNorm2d(channels, affine=affine),
            (batch, channels, *plane),
            arguments={"affine": affine},
            patch=None if affine and channels % 4 == 0 else STOCK_OPERATORS["batch_norm"],
        )
    for shape in ((2, 3), (1, 8), (5, 70), (2, 3, 7), (1, 8, 5), (3, 5, 1)):
        for affine in (True, False):
            yield normalised(
                "batch_norm",
                f"1d{'' if affine else '-plain'}",
                lambda shape=shape, affine=affine: nn.BatchNorm1d(shape[1], affine=affine),
                shape,
            )
    for shape in ((2, 3, 4, 5), (1, 4, 3, 3), (3, 5, 2, 1), (2, 8, 30, 20)):
        for running in (True, False):
            yield normalised(
                "batch_norm",
                f"training{'' if running else '-untracked'}",
                lambda shape=shape, running=running: nn.BatchNorm2d(shape[1], track_running_stats=running),
                shape,
                training=True,
                forms=("python",) if running else ("eager",),
            )
    for shape in ((4, 3), (2, 5, 7)):
        yield normalised(
            "batch_norm", "1d-training", lambda shape=shape: nn.BatchNorm1d(shape[1]), shape, training=True, forms=("python",)
        )
    yield Case(
        op="batch_norm",
        name="training-follows-statistics",
        module=Following,
        inputs=lambda: [seeded((2, 3, 4, 5), 0, 2)],
        training=True,
        forms=("python",),
        patch=STOCK_OPERATORS["batch_norm"],
    )
    yield normalised(
        "batch_norm",
        "forms",
        lambda: nn.BatchNorm2d(8),
        (2, 8, 5, 6),
        forms=("python", "scripted", "prepacked", "lite"),
        patch=None,
    )
    # The running statistics on the device, as a rewritten group_norm hands them on.
    for channels, batch in itertools.product((3, 4, 8), (1, 2)):
        yield one(
            "batch_norm",
            f"statistics-on-device-{batch}x{channels}",
            lambda x: functional.batch_norm(x, x.mean((0, 2, 3)), x.var((0, 2, 3), unbiased=False), None, None),
            seeded((batch, channels, 5, 6)),
        )


class Following(nn.Module):
    """Gives the statistics after a batch, too."""

    def __init__(self) -> None:
        """Start from none."""
        super().__init__()
        self.norm = nn.BatchNorm2d(3)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Normalise; a run starts from the same statistics as the one before."""
        self.norm.running_mean.zero_()
        self.norm.running_var.fill_(1)
        y = self.norm(x)
        return y, self.norm.running_mean + 0, self.norm.running_var + 0
