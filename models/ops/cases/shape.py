"""What moves elements and makes tensors: views, copies, joining, slicing, indexing, filling, upload and download."""

from collections.abc import Callable, Iterator, Sequence
from itertools import permutations, product
from typing import Any

import torch
from torch import Tensor

from ops.case import Case, Function, seeded

SCALARS = "0050-vulkan-scalars-are-tensors"
LIMITS = "0051-vulkan-refuse-tensors-that-have-no-image"
SHARING = "0052-vulkan-shapes-share-an-image"
COPY = "0054-vulkan-copies-convert-and-stride"
POOLS = "0055-vulkan-descriptor-pools-grow"
TAKEN_OUT = "0058-vulkan-take-out-the-shape-operators"
VIEWS = "vkf_views"
CONCAT = "vkf_concat"
COPIES = "vkf_copies"
INDEX = "vkf_index"

SHAPES: tuple[tuple[int, ...], ...] = (
    (1,),
    (7,),
    (5, 3),
    (1, 6),
    (3, 5, 7),
    (6, 1, 4),
    (8, 3, 2),
    (1, 3, 5, 4),
    (2, 5, 3, 3),
    (3, 4, 2, 5),
    (2, 8, 1, 3),
)
"""Each rank, and planes (batch * channels) of each remainder modulo four."""


def text(value: object) -> str:
    """Give a part of a case's name: 3, 1x2, scalar."""
    if isinstance(value, tuple | list):
        return "x".join("none" if part is None else str(part) for part in value) or "scalar"
    return str(value)


def case(
    op: str,
    function: Callable[..., Any],
    *shapes: Sequence[int],
    patch: str | None = None,
    refusal: str | None = None,
    forms: tuple[str, ...] = ("eager",),
    label: str = "",
    tolerance: float = 0,
    **arguments: Any,  # noqa: ANN401
) -> Case:
    """Give the case of a function of tensors of these shapes."""
    name = "-".join([*(label,) * bool(label), *map(text, map(tuple, shapes))][:6])
    name += f"-and-{len(shapes) - 6}-more" if len(shapes) > 6 else ""
    name += "".join(f"-{key}{text(value)}" for key, value in arguments.items())
    return Case(
        op=op,
        name=name,
        module=lambda: Function(lambda *inputs: function(*inputs, **arguments)),
        inputs=lambda: [seeded(shape, seed=seed) for seed, shape in enumerate(shapes)],
        arguments=arguments,
        tolerance=tolerance,
        forms=forms,
        patch=patch,
        refusal=refusal,
    )


def transfers() -> Iterator[Case]:
    """Upload and download, and what cannot be a tensor on the device."""
    for shape in (*SHAPES, (), (130, 70), (2, 65, 9, 17), (1, 3, 128, 96)):
        yield case("copy", lambda x: x.clone(), shape, patch=SCALARS if shape == () else None, label="clone")
        yield case("copy", lambda x: x.detach(), shape, patch=SCALARS if shape == () else VIEWS, label="detach")
    for shape in ((), (5, 3), (2, 5, 3, 3)):
        for dtype in (torch.float64, torch.float16):
            name = str(dtype).removeprefix("torch.")
            yield case(
                "copy", lambda x, dtype=dtype: x.cpu().to(dtype), shape, label=f"download-{name}", patch=SCALARS if shape == () else None
            )
        yield case(
            "copy",
            lambda x: torch.zeros(x.shape, dtype=torch.float64).copy_(x).float(),
            shape,
            label="into-float64",
            patch=COPY,
            forms=("python",),
        )
    for shape in ((5, 3), (4, 7), (3, 5, 7)):
        yield case(
            "copy",
            lambda x: torch.zeros(x.transpose(-1, -2).shape if x.is_cpu else (*x.shape[:-2], x.shape[-1], x.shape[-2])).transpose(-1, -2).copy_(x),
            shape,
            label="into-transposed",
            patch=COPY,
            forms=("python",),
        )
        yield case(
            "copy",
            lambda x: torch.zeros(*x.shape, 2)[..., 1].copy_(x),
            shape,
            label="into-strided",
            patch=COPY,
            forms=("python",),
        )
    for shape in ((1, 3, 5, 4), (2, 5, 3, 3), (2, 4, 2, 3)):
        yield case(
            "copy",
            lambda x: x.to("cpu", memory_format=torch.channels_last, copy=True),
            shape,
            label="channels-last",
            patch=COPY,
            forms=("python",),
        )
        yield case(
            "copy",
            lambda x: x.to("cpu", torch.float16, copy=True).float().round(decimals=2),
            shape,
            label="to-half",
            forms=("python",),
        )
        yield case(
            "copy",
            lambda x: torch.zeros(x.shape, dtype=torch.float16).copy_(x).float().round(decimals=2),
            shape,
            label="into-half",
            forms=("python",),
        )
    five = (1, 2, 3, 2, 2)
    yield case("refused", lambda x: x.clone(), five, refusal="at most 4 dimensions", patch=LIMITS, label="rank-5")
    yield case("refused", lambda x: x.clone(), (0, 4), refusal="at least one element", patch=LIMITS, label="empty")
    yield case("refused", lambda x: x.clone(), (20000, 2), refusal="the limit of this device is", patch=LIMITS, label="long")
    yield case("refused", lambda x: x.clone(), (2, 20000), refusal="the limit of this device is", patch=LIMITS, label="wide")
    yield case("refused", lambda x: x.clone(), (70000, 1, 1), refusal="the limit of this device is", patch=LIMITS, label="deep")
    for dtype in (torch.int64, torch.int32, torch.bool, torch.uint8, torch.float64, torch.float16):
        yield Case(
            op="refused",
            name=f"upload-{str(dtype).removeprefix('torch.')}",
            module=lambda: Function(lambda x: x.clone()),
            inputs=lambda dtype=dtype: [torch.ones(2, 3, dtype=dtype)],
            refusal="Vulkan tensors are of type Float",
            patch=LIMITS,
        )
    yield case("refused", lambda x: x.view(1, 2, 2, 3, 1), (4, 3), refusal="at most 4 dimensions", patch=LIMITS, label="view-5")
    yield case("refused", lambda x: x.unsqueeze(0), (1, 2, 2, 3), refusal="at most 4", patch=VIEWS, label="unsqueeze-5")
    yield case("refused", lambda x: torch.stack([x, x]), (1, 2, 2, 3), refusal="at most 4", patch=CONCAT, label="stack-5")
    yield case("refused", lambda x: x.expand(2, 1, 2, 2, 3), (1, 2, 2, 3), refusal="at most 4", patch=VIEWS, label="expand-5")
    yield case("refused", lambda x: x.repeat(2, 1, 1, 1, 1), (1, 2, 2, 3), refusal="at most 4", patch=COPIES, label="repeat-5")
    yield case("refused", lambda x: x[:, 1:1], (4, 3), refusal="at least one element", patch=VIEWS, label="slice-empty")
    yield case("refused", lambda x: x.as_strided((2, 2), (1, 2)), (4, 3), refusal="no strides", patch=VIEWS, label="as_strided")
    yield case("refused", lambda x: x.unfold(0, 2, 1), (4, 3), refusal="overlapping windows", patch=VIEWS, label="unfold")
    yield case("refused", lambda x: x.diagonal(), (4, 3), refusal="diagonals", patch=VIEWS, label="diagonal")


def long_chain(x: Tensor) -> Tensor:
    """Give what many operators between two downloads give."""
    for _ in range(2000):
        x = torch.relu(x)
    return x


def write(function: Callable[[Tensor], Any]) -> Callable[[Tensor], Tensor]:
    """Give a function that works on a copy of its input, which lives on."""

    def run(x: Tensor) -> Tensor:
        y = x.clone()
        function(y)
        return y

    return run


def in_place() -> Iterator[Case]:
    """Writing to a view, and to what has views."""
    refusal = "cannot write in place"
    writes: dict[str, Callable[[Tensor], Any]] = {
        "select": lambda y: y[:, 1].relu_(),
        "slice": lambda y: y[:, 1:].relu_(),
        "slice-assign": lambda y: y[:, 1:].copy_(y[:, :-1]),
        "transpose": lambda y: y.transpose(-1, -2).relu_(),
        "permute": lambda y: y.permute(*reversed(range(y.dim()))).relu_(),
        "view": lambda y: y.view(-1).relu_(),
        "chunk": lambda y: y.chunk(2, 1)[0].relu_(),
        "unbind": lambda y: y.unbind(1)[0].relu_(),
    }
    for shape in ((3, 4), (3, 4, 2), (2, 4, 3, 3)):
        for label, function in writes.items():
            yield case("in place", write(function), shape, refusal=refusal, patch=SHARING, label=label, forms=("python",))
    shared: dict[str, Callable[[Tensor], Any]] = {
        "unsqueeze": lambda y: y.unsqueeze(0).relu_(),
        "squeeze": lambda y: y.squeeze(0).relu_(),
        "detach": lambda y: y.detach().relu_(),
        "whole-slice": lambda y: y[:].relu_(),
        "same-view": lambda y: y.view(y.shape).relu_(),
        "same-expand": lambda y: y.expand(y.shape).relu_(),
    }
    for shape in ((1, 3), (1, 4, 2), (5, 2, 3)):
        for label, function in shared.items():
            yield case("in place", write(function), shape, patch=VIEWS, label=label, forms=("python",))

    def after_view(x: Tensor) -> Tensor:
        y = x.clone()
        rows = y.transpose(0, 1)
        y.relu_()
        return rows.clone()

    yield case("in place", after_view, (3, 4), refusal=refusal, patch=SHARING, label="base-of-a-view", forms=("python",))
    # The base is gone: nothing could show the difference.
    for shape in ((3, 4), (2, 4, 3, 3)):
        yield case("in place", lambda x: x.clone().transpose(-1, -2).relu_(), shape, label="view-alone", forms=("python", "eager"), patch=VIEWS)
        yield case("in place", lambda x: x.clone().view(-1).relu_(), shape, label="flat-alone", forms=("python", "eager"))
        yield case("in place", lambda x: x.clone()[:, 1:].relu_(), shape, label="slice-alone", forms=("python", "eager"))
    for shape in ((1, 4, 3, 3), (3, 5, 7)):
        yield case("in place", lambda x: (y := x.clone()).add_(y), shape, tolerance=1e-6, label="add-itself", forms=("python", "eager"))
        yield case("in place", lambda x: (y := x.clone()).mul_(y) + y, shape, tolerance=1e-6, label="mul-itself", forms=("python", "eager"))


def dims_of(rank: int) -> tuple[int, ...]:
    """Give each dimension once, of either sign."""
    return tuple(dim if dim % 2 else dim - rank for dim in range(rank))


def joining() -> Iterator[Case]:
    """cat and stack along any dimension."""
    for shape in SHAPES[1:]:
        rank = len(shape)
        for dim in dims_of(rank):
            for sizes in ((1, 1), (2, 3), (3, 1, 2), (4, 4), (1, 2, 3, 1, 2, 5)):
                inputs = []
                for size in sizes:
                    part = list(shape)
                    part[dim] = size
                    inputs.append(part)
                yield case("cat", lambda *x, dim: torch.cat(x, dim), *inputs, dim=dim, patch=CONCAT)
    for channels in ((4, 8), (8, 4, 4), (4, 3), (12, 5), (3, 4), (4, 4, 4, 4, 2), (1,) * 9, (3,) * 6):
        for batch in (1, 2, 3):
            inputs = [(batch, c, 3, 2) for c in channels]
            stock = all(c % 4 == 0 for c in channels)
            yield case("cat", lambda *x: torch.cat(x, 1), *inputs, label="channels", patch=None if stock else TAKEN_OUT)
    yield case("cat", lambda x, y: torch.cat([x, y, x], 1), (1, 3, 5, 5), (1, 6, 5, 5), label="same-twice", patch=CONCAT)
    yield case("cat", lambda x: torch.cat([x], 0), (2, 3, 4, 5), label="alone", patch=CONCAT)
    yield case("cat", lambda x: torch.cat([torch.zeros(0), x, x]), (3,), label="empty-first", patch=CONCAT, forms=("python",))
    yield case("cat", lambda x, y: torch.cat([x, y], 1), (1, 32, 40, 33), (1, 35, 40, 33), label="large", patch=CONCAT)
    forms = ("eager", "python", "prepacked", "lite")
    yield case("cat", lambda x, y: torch.cat([x, y], -1), (1, 3, 5, 5), (1, 3, 5, 2), label="forms", patch=CONCAT, forms=forms)
    yield case("cat", lambda x, y: torch.hstack([x, y]), (3, 2), (3, 5), label="hstack", patch=CONCAT)
    yield case("cat", lambda x, y: torch.vstack([x, y]), (3, 2), (4, 2), label="vstack", patch=CONCAT)
    yield case("cat", lambda x, y: torch.concat([x, y], 2), (2, 3, 2), (2, 3, 5), label="concat", patch=CONCAT)
    for shape in ((), *SHAPES[:7], (4, 5, 6)):
        for dim in dims_of(len(shape) + 1):
            for count in (1, 2, 3, 5, 9):
                yield case("stack", lambda *x, dim: torch.stack(x, dim), *[shape] * count, dim=dim, patch=CONCAT)


def selecting() -> Iterator[Case]:
    """select, slice and what is made of them."""
    for shape in SHAPES:
        for dim in dims_of(len(shape)):
            size = shape[dim]
            for index in sorted({0, size // 2, -1, -size}):
                yield case("select", lambda x, dim, index: x.select(dim, index), shape, dim=dim, index=index, patch=TAKEN_OUT)
            ranges = ((0, 1, 1), (1, None, 1), (None, -1, 1), (-2, 100, 1), (0, None, 2), (1, None, 3), (None, None, 100), (-100, 2, 1))
            for start, end, step in ranges:
                if len(range(*slice(start, end, step).indices(size))) > 0:
                    yield case(
                        "slice",
                        lambda x, dim, range: x[(slice(None),) * (dim % x.dim()) + (slice(*range),)],
                        shape,
                        dim=dim,
                        range=(start, end, step),
                        patch=VIEWS if len(shape) == 1 else None,
                    )
    for shape in ((6,), (4, 6), (3, 8, 2), (2, 6, 3, 4)):
        for dim in dims_of(len(shape)):
            yield case("narrow", lambda x, dim: x.narrow(dim, 1, 1), shape, dim=dim)
            yield case("split", lambda x, dim: torch.split(x, 2, dim), shape, dim=dim)
            yield case("split", lambda x, dim: torch.split(x, [1, x.shape[dim] - 1], dim), shape, label="sizes", dim=dim, patch=VIEWS)
            yield case("chunk", lambda x, dim: torch.chunk(x, 3, dim), shape, dim=dim)
            yield case("unbind", lambda x, dim: torch.unbind(x, dim), shape, dim=dim, patch=VIEWS)
            yield case("tensor_split", lambda x, dim: torch.tensor_split(x, 2, dim), shape, dim=dim)
    yield case("slice", lambda x: x[:, ::2, 1:, :3], (2, 6, 5, 4), label="several")
    yield case("slice", lambda x: x[..., 0], (2, 6, 5, 4), label="last", patch=VIEWS)
    yield case("slice", lambda x: x[:, None], (6, 5), label="new-axis", patch=VIEWS)
    yield case("slice", lambda x: torch.cat([x[..., ::2, ::2], x[..., 1::2, ::2], x[..., ::2, 1::2], x[..., 1::2, 1::2]], 1), (1, 3, 8, 6), label="focus", patch=CONCAT)
    for channels, start, end in ((8, 4, 8), (8, 0, 4), (12, 4, 9), (10, 4, 10), (9, 8, 9), (8, 2, 6)):
        for batch in (1, 2):
            yield case("slice", lambda x, start, end: x[:, start:end], (batch, channels, 3, 2), label="channels", start=start, end=end)


def reshaping() -> Iterator[Case]:
    """Permutations and other shapes of the same elements."""
    for shape in ((3,), (5, 3), (3, 5, 7), (2, 5, 3, 4), (3, 4, 2, 5), (1, 8, 3, 4)):
        for dims in permutations(range(len(shape))):
            stock = len(shape) > 1 or None
            yield case("permute", lambda x, dims: x.permute(dims), shape, dims=dims, patch=None if stock else VIEWS)
        for first, second in product(dims_of(len(shape)), repeat=2):
            if first % len(shape) <= second % len(shape):
                yield case(
                    "transpose", lambda x, first, second: x.transpose(first, second), shape, first=first, second=second, patch=VIEWS
                )
        yield case("movedim", lambda x: x.movedim(0, -1), shape)
    for shape in ((5,), (5, 3), (1, 4), (4, 1)):
        yield case("t", lambda x: x.t(), shape, patch=VIEWS)
    yield case("t", lambda x: x.t(), (), patch=SCALARS)
    views: dict[tuple[int, ...], tuple[tuple[int, ...], ...]] = {
        (): ((1,), (1, 1), (1, 1, 1, 1)),
        (1,): ((), (1, 1, 1)),
        (12,): ((3, 4), (2, 3, 2), (1, 3, 2, 2), (12, 1), (12, 1, 1), (1, 12, 1, 1), (-1,)),
        (3, 8): ((24,), (8, 3), (4, 6), (2, 3, 4), (2, 2, 2, 3), (-1, 12), (24, 1, 1)),
        (5, 3, 4): ((60,), (5, 12), (15, 4), (3, 5, 4), (1, 5, 3, 4), (5, 1, 3, 4), (4, 3, 5), (60, 1, 1)),
        (2, 3, 4, 5): ((120,), (6, 20), (2, -1), (6, 4, 5), (3, 2, 4, 5), (1, 6, 4, 5), (2, 12, 5), (24, 5), (5, 4, 3, 2), (2, 3, 20)),
        (1, 7, 1, 1): ((7,), (1, 7), (7, 1), (7, 1, 1)),
        (3, 5, 1, 1): ((3, 5), (15,), (5, 3), (15, 1, 1)),
        (1, 32, 9, 7): ((1, -1), (32, 63), (1, 9, 7, 32), (8, 4, 9, 7)),
    }
    for shape, targets in views.items():
        for target in targets:
            patch = SCALARS if () in (shape, target) else None
            yield case("view", lambda x, to: x.view(to), shape, to=target, patch=patch)
            yield case("reshape", lambda x, to: x.reshape(to).clone(), shape, to=target, patch=patch)
    for shape in SHAPES:
        rank = len(shape)
        yield case("flatten", lambda x: torch.flatten(x), shape)
        for start in range(rank):
            yield case("flatten", lambda x, start: torch.flatten(x, start), shape, start=start)
        yield case("squeeze", lambda x: x.squeeze(), shape, patch=VIEWS)
        for dim in dims_of(rank):
            yield case("squeeze", lambda x, dim: x.squeeze(dim), shape, dim=dim, patch=VIEWS)
        for dim in dims_of(rank + 1) if rank < 4 else ():
            yield case("unsqueeze", lambda x, dim: x.unsqueeze(dim), shape, dim=dim, patch=VIEWS)
        yield case("reshape", lambda x: x.permute(*reversed(range(x.dim()))).reshape(-1), shape, label="of-permuted", patch=VIEWS if rank == 1 else None)
        yield case("contiguous", lambda x: x.contiguous().clone(), shape)
    yield case("unflatten", lambda x: x.unflatten(1, (2, 3)), (4, 6, 5))
    yield case("channel shuffle", lambda x: x.view(2, 3, 4, -1).transpose(1, 2).reshape(2, 12, 3, 2), (2, 12, 3, 2), patch=VIEWS)
    yield case("attention heads", lambda x: x.reshape(5, 4, 3).permute(1, 0, 2), (5, 12))
    yield case("window partition", lambda x: x.view(2, 4, 2, 18).permute(0, 2, 1, 3).reshape(-1, 4, 18), (1, 8, 6, 6))


def repeating() -> Iterator[Case]:
    """expand, repeat, flip, roll and what is made of them."""
    grows: dict[tuple[int, ...], tuple[tuple[int, ...], ...]] = {
        (): ((3,), (2, 3), (1, 5, 2, 2)),
        (1,): ((7,), (3, 4), (2, 3, 4)),
        (5,): ((3, 5), (2, 3, 5), (2, 3, 2, 5)),
        (3, 1): ((3, 4), (-1, 6), (2, 3, 4), (5, 3, 3, 4)),
        (1, 4): ((6, 4), (5, 6, -1)),
        (3, 1, 1): ((3, 4, 5), (2, 3, 4, 5)),
        (1, 5, 1, 1): ((1, 5, 3, 4), (3, 5, 2, 2)),
        (2, 1, 3, 3): ((2, 6, 3, 3), (-1, 4, -1, -1)),
        (1, 4, 3, 2): ((3, 4, 3, 2),),
        (1, 3, 3, 2): ((3, 3, 3, 2), (1, 3, 3, 2)),
    }
    for shape, targets in grows.items():
        for target in targets:
            yield case("expand", lambda x, to: x.expand(to), shape, to=target, patch=VIEWS if shape else SCALARS)
    yield case("expand", lambda x, y: x.expand_as(y).clone(), (3, 1), (3, 5), label="expand_as", patch=VIEWS)
    yield case("expand", lambda x: torch.broadcast_to(x, (2, 3, 5)), (3, 1), label="broadcast_to", patch=VIEWS)
    yield case("expand", lambda x, y: torch.stack(torch.meshgrid(x, y, indexing="ij")), (3,), (5,), label="meshgrid", patch=VIEWS)
    for shape, repeats in (
        ((), (3,)),
        ((3,), (2,)),
        ((3,), (2, 1)),
        ((3,), (2, 3, 2)),
        ((5, 3), (1, 2)),
        ((5, 3), (3, 1)),
        ((5, 3), (2, 2, 2)),
        ((3, 2, 2), (2, 1, 1)),
        ((3, 2, 2), (2, 3, 1, 2)),
        ((1, 3, 2, 2), (1, 2, 1, 1)),
        ((2, 3, 2, 2), (2, 1, 1, 1)),
        ((2, 3, 2, 2), (2, 3, 2, 2)),
        ((1, 4, 3, 3), (1, 1, 1, 1)),
        ((1, 4, 3, 3), (3, 1, 1, 1)),
    ):
        yield case("repeat", lambda x, repeats: x.repeat(repeats), shape, repeats=repeats, patch=COPIES if shape else SCALARS)
        if shape:
            yield case("repeat", lambda x, repeats: torch.tile(x, repeats), shape, label="tile", repeats=repeats, patch=COPIES)
    for shape in SHAPES:
        rank = len(shape)
        for dim in dims_of(rank):
            yield case("flip", lambda x, dims: torch.flip(x, dims), shape, dims=(dim,), patch=COPIES)
            for shift in (1, -2, 9):
                yield case("roll", lambda x, shift, dim: torch.roll(x, shift, dim), shape, shift=shift, dim=dim, patch=COPIES)
        yield case("flip", lambda x, dims: torch.flip(x, dims), shape, dims=tuple(range(rank)), patch=COPIES)
        yield case("roll", lambda x: torch.roll(x, 2), shape, label="flat", patch=COPIES)
    yield case("roll", lambda x: torch.roll(x, (1, -1), (2, 3)), (2, 5, 3, 4), label="two", patch=COPIES)
    yield case("flip", lambda x: torch.fliplr(torch.flipud(x)), (4, 3), label="both", patch=COPIES)


def indexing() -> Iterator[Case]:
    """Choosing by a list of numbers, which stays on the CPU."""
    for shape in SHAPES:
        for dim in dims_of(len(shape)):
            size = shape[dim]
            numbers = [size - 1, 0, size // 2, size - 1, size // 3]
            yield case("index_select", lambda x, dim, at: x.index_select(dim, torch.tensor(at)), shape, dim=dim, at=numbers, patch=INDEX)
            yield case(
                "index",
                lambda x, dim, at: x[(slice(None),) * (dim % x.dim()) + (torch.tensor(at),)],
                shape,
                dim=dim,
                at=[0, -1, size // 2],
                patch=INDEX,
            )

            def gather(x: Tensor, dim: int) -> Tensor:
                generator = torch.Generator().manual_seed(3)
                return x.gather(dim, torch.randint(0, x.shape[dim], tuple(x.shape), generator=generator))

            yield case("gather", gather, shape, dim=dim, patch=INDEX, forms=("python",))
    yield case("gather", lambda x: x.gather(1, torch.tensor([[[[2]]], [[[0]]]])), (2, 3, 4, 4), label="smaller", patch=INDEX)
    yield case("index", lambda x: x[torch.tensor([True, False, True])], (3, 5), label="mask", patch=INDEX, forms=("python",))
    yield case("index", lambda x: x[torch.tensor([[0, 2], [1, 1]])], (3, 5), label="matrix", patch=INDEX)
    yield case("index", lambda x: x[torch.tensor([0, 1]), torch.tensor([0, 1])], (3, 5), label="two-lists", refusal="only one dimension", patch=INDEX)
    for shape, index in (((10, 6), [1, 9, 0]), ((10, 7), [[1, 2, 3], [9, 0, 4]]), ((12, 4), [[5]])):
        yield case("embedding", lambda w, at: torch.embedding(w, torch.tensor(at)), shape, at=index, patch=INDEX)


def filling() -> Iterator[Case]:
    """Tensors of one value."""
    for shape in (*SHAPES, ()):
        yield case("fill", lambda x: x.clone().fill_(2.5), shape, label="fill_", patch=COPIES)
        yield case("fill", lambda x: x.clone().fill_(torch.tensor(0.5)), shape, label="fill_tensor", patch=COPIES)
        yield case("fill", lambda x: x.clone().zero_(), shape, label="zero_", patch=COPIES)
        yield case("fill", lambda x: torch.zeros_like(x), shape, label="zeros_like", patch=COPIES, forms=("python", "eager"))
        yield case("fill", lambda x: torch.ones_like(x) + x, shape, label="ones_like", patch=COPIES, forms=("python",))
        yield case("fill", lambda x: torch.full_like(x, -3.5), shape, label="full_like", patch=COPIES)
        yield case("fill", lambda x: x.new_zeros(x.shape), shape, label="new_zeros", patch=COPIES, forms=("python",))
        yield case("fill", lambda x: x.new_full(x.shape, 7.0), shape, label="new_full", patch=COPIES, forms=("python",))
        yield case("fill", lambda x: torch.zeros(x.shape, device=x.device), shape, label="zeros", patch=COPIES, forms=("python",))
        yield case("fill", lambda x: torch.full(tuple(x.shape), 1.5, device=x.device), shape, label="full", patch=COPIES, forms=("python",))


def cases() -> Iterator[Case]:
    """Give all of them."""
    yield from transfers()
    yield from in_place()
    yield from joining()
    yield from selecting()
    yield from reshaping()
    yield from repeating()
    yield from indexing()
    yield from filling()
    # Last, because it leaves the unpatched backend unusable.
    yield case("network", long_chain, (1, 4, 3, 3), patch=POOLS, label="2000-operators", forms=("python",))
