"""Products of matrices, linear layers, and the recurrent layers that are made of them."""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from ops.case import Case, Function, seeded

Shape = tuple[int, ...]

MATRIX = "0043-vulkan-multiply-matrices-of-the-device"
GRU = "0044-vulkan-gru-runs-the-whole-sequence"
LSTM = "0045-vulkan-lstm-runs-the-whole-sequence"
OWN = "vkf_matrix"

SIZES: tuple[tuple[int, int, int], ...] = (
    (1, 1, 1),
    (1, 7, 5),
    (2, 8, 3),
    (3, 5, 4),
    (4, 4, 4),
    (5, 1, 6),
    (9, 33, 17),
    (17, 6, 1),
    (64, 64, 64),
    (1, 300, 70),
)
"""Rows, inner size and columns: on both sides of each multiple of the tile of 4."""

LONG = 1e-4


def cases() -> Iterator[Case]:
    """Give the family's cases."""
    yield from products()
    yield from additions()
    yield from batches()
    yield from matmuls()
    yield from vectors()
    yield from einsums()
    yield from linears()
    yield from recurrent()
    yield from attention()


def text(value: object) -> str:
    """Give a part of a case's name: 2x3x4."""
    if isinstance(value, tuple | list):
        return "x".join(text(v) for v in value) or "scalar"
    return str(value)


def one(op: str, name: str, function: Callable[..., Any], *inputs: Tensor, **more: Any) -> Case:  # noqa: ANN401
    """Make a case of a function."""
    more.setdefault("patch", OWN)
    return Case(op=op, name=name, module=lambda: Function(function), inputs=lambda: list(inputs), **more)


def products() -> Iterator[Case]:
    """Give mm with both matrices on the device, and with one on the CPU."""
    for m, k, n in SIZES:
        a, b = seeded((m, k)), seeded((k, n), seed=1)
        # Packing changes nothing of a matrix of one element.
        patch = None if k == n == 1 else MATRIX
        yield one("mm", f"{m}x{k}x{n}", torch.mm, a, b, patch=patch)
        yield one("mm", f"{m}x{k}x{n}-right-on-cpu", torch.mm, a, b, on_cpu=(1,), patch=None)
        yield one("mm", f"{m}x{k}x{n}-left-on-cpu", torch.mm, a, b, on_cpu=(0,), patch=patch)
    yield one("mm", "long", torch.mm, seeded((3, 2000)), seeded((2000, 5), seed=1), tolerance=LONG, patch=MATRIX)
    yield one("mm", "special", torch.mm, torch.tensor([[1.0, float("inf"), 2.0]]), seeded((3, 5), seed=1), patch=MATRIX)


def additions() -> Iterator[Case]:
    """Give addmm with each shape that the summand may have, and factors."""
    for m, k, n in SIZES[:8]:
        for shape in ((n,), (m, n), (1, n), (m, 1), (1,), ()):
            inputs = (seeded(shape, seed=2), seeded((m, k)), seeded((k, n), seed=1))
            for beta, alpha in ((1, 1), (0.5, 2)):
                name = f"{m}x{k}x{n}-plus-{text(shape)}-beta{beta}-alpha{alpha}"
                yield one(
                    "addmm", name, lambda s, a, b, f=beta, g=alpha: torch.addmm(s, a, b, beta=f, alpha=g), *inputs,
                    arguments={"beta": beta, "alpha": alpha}, patch=None if n == k == 1 else MATRIX,
                )  # fmt: skip
    bias = torch.full((4,), float("nan"))
    yield one("addmm", "beta-0-drops-nan", lambda s, a, b: torch.addmm(s, a, b, beta=0), bias, seeded((3, 5)),
              seeded((5, 4), seed=1), patch=MATRIX)  # fmt: skip


def batches() -> Iterator[Case]:
    """Give bmm and baddbmm."""
    for (m, k, n), batch in product(SIZES[:9], (1, 3, 4, 6)):
        a, b = seeded((batch, m, k)), seeded((batch, k, n), seed=1)
        yield one("bmm", f"{batch}x{m}x{k}x{n}", torch.bmm, a, b)
        for shape in ((batch, m, n), (1, m, n), (n,), (batch, 1, 1), (m, 1)):
            if batch in (3, 4) and m < 9:
                yield one(
                    "baddbmm", f"{batch}x{m}x{k}x{n}-plus-{text(shape)}",
                    lambda s, a, b: torch.baddbmm(s, a, b, beta=0.5, alpha=2), seeded(shape, seed=2), a, b,
                )  # fmt: skip


def matmuls() -> Iterator[Case]:
    """Give matmul of all ranks."""
    pairs: tuple[tuple[Shape, Shape], ...] = (
        ((5,), (5,)),
        ((5,), (5, 3)),
        ((4, 5), (5,)),
        ((4, 5), (5, 3)),
        ((2, 4, 5), (5,)),
        ((2, 4, 5), (5, 3)),
        ((4, 5), (2, 5, 3)),
        ((2, 4, 5), (2, 5, 3)),
        ((1, 4, 5), (2, 5, 3)),
        ((5, 4, 5), (1, 5, 3)),
        ((2, 3, 4, 5), (5, 6)),
        ((2, 3, 4, 5), (2, 3, 5, 6)),
        ((2, 3, 4, 5), (3, 5, 6)),
        ((1, 3, 4, 5), (2, 1, 5, 6)),
        ((5,), (2, 5, 3)),
        ((2, 3, 4, 5), (5,)),
        ((1, 8, 33, 16), (1, 8, 16, 33)),
    )
    for a, b in pairs:
        # torch takes a vector times a matrix for a product of matrices, whose shape it then changes in place.
        refusal = "cannot be changed in place" if len(a) == 1 and len(b) == 2 else None
        yield one("matmul", f"{text(a)}-{text(b)}", torch.matmul, seeded(a), seeded(b, seed=1), patch=None, refusal=refusal)
    for shape in ((2, 4, 5), (2, 3, 4, 5)):
        yield one("matmul", f"gram-{text(shape)}", lambda x: x @ x.transpose(-2, -1), seeded(shape), patch=None)


def vectors() -> Iterator[Case]:
    """Give mv and dot."""
    for m, k in ((1, 1), (1, 5), (4, 4), (7, 3), (5, 70), (130, 9)):
        yield one("mv", f"{m}x{k}", torch.mv, seeded((m, k)), seeded((k,), seed=1))
        yield one("dot", f"{m * k}", torch.dot, seeded((m * k,), 0, 1), seeded((m * k,), 0, 1, seed=1))
    yield one("outer", "5-3", torch.outer, seeded((5,)), seeded((3,), seed=1), patch=None)


def einsums() -> Iterator[Case]:
    """Give einsum as far as it comes apart."""
    for equation, shapes in {
        "ij,jk->ik": ((3, 4), (4, 5)),
        "bij,bjk->bik": ((2, 3, 4), (2, 4, 5)),
        "bhid,bhjd->bhij": ((1, 2, 3, 4), (1, 2, 5, 4)),
        "bi,oi->bo": ((3, 4), (5, 4)),
    }.items():
        yield one("einsum", equation, lambda a, b, e=equation: torch.einsum(e, a, b), seeded(shapes[0]),
                  seeded(shapes[1], seed=1), arguments={"equation": equation}, patch=None,
                  refusal="5 dimensions" if equation == "bhid,bhjd->bhij" else None)  # fmt: skip


def linears() -> Iterator[Case]:
    """Give linear layers on inputs of ranks 1 to 4, traced, prepacked and saved."""
    for bias, (features, out), leading in product(
        (True, False), ((1, 1), (5, 3), (8, 4), (33, 17)), ((), (1,), (2,), (7,), (2, 3), (1, 5), (6, 1), (2, 3, 4), (1, 1, 9))
    ):
        shape = (*leading, features)
        if not leading:
            layer = {"op": "linear", "module": lambda f=features, o=out, b=bias: nn.Linear(f, o, bias=b),
                     "inputs": lambda s=shape: [seeded(s)], "arguments": {"out": out, "bias": bias}, "patch": MATRIX}  # fmt: skip
            name = f"{text(shape)}-{out}{'' if bias else '-nobias'}"
            yield Case(name=name, forms=("prepacked",), **layer)
            yield Case(name=f"{name}-not-packed", refusal="cannot be changed in place", **layer | {"patch": None})
            continue
        yield Case(
            op="linear",
            name=f"{text(shape)}-{out}{'' if bias else '-nobias'}",
            module=lambda f=features, o=out, b=bias: nn.Linear(f, o, bias=b),
            inputs=lambda s=shape: [seeded(s)],
            arguments={"out": out, "bias": bias},
            forms=("eager", "prepacked") if len(leading) != 1 else ("eager", "prepacked", "lite"),
        )
    for rows in (1, 3):
        yield Case(
            op="linear", name=f"classifier-{rows}", module=lambda: nn.Linear(1280, 100),
            inputs=lambda r=rows: [seeded((r, 1280))], forms=("eager", "prepacked"),
        )  # fmt: skip
    for shape in ((3, 5), (2, 3, 5)):
        for on_cpu in ((), (1, 2)):
            yield one(
                "linear", f"{text(shape)}-weights-{'on-cpu' if on_cpu else 'on-device'}",
                functional.linear, seeded(shape), seeded((4, 5), seed=1), seeded((4,), seed=2), on_cpu=on_cpu,
                patch=None if on_cpu else MATRIX,
            )  # fmt: skip
    yield Case(
        op="linear", name="mlp", forms=("eager", "scripted", "prepacked", "lite"),
        module=lambda: nn.Sequential(nn.Linear(6, 11), nn.ReLU(), nn.Linear(11, 3), nn.Sigmoid()),
        inputs=lambda: [seeded((4, 6))],
    )  # fmt: skip


class Recurrent(nn.Module):
    """A gru or lstm that is handed its states."""

    def __init__(self, layer: nn.RNNBase) -> None:
        """Keep the layer."""
        super().__init__()
        self.layer = layer

    def forward(self, x: Tensor, *states: Tensor) -> tuple[Tensor, ...]:
        """Give the sequence and the last states."""
        output, last = self.layer(x, states[0] if isinstance(self.layer, nn.GRU) else states)
        return (output, last) if isinstance(last, Tensor) else (output, *last)


def recurrent() -> Iterator[Case]:
    """Give gru and lstm: one step and sequences, one layer and several."""
    for layer, (batch, length, layers, hidden) in product(
        (nn.GRU, nn.LSTM),
        ((1, 1, 1, 4), (1, 1, 3, 7), (1, 2, 1, 4), (1, 5, 2, 5), (2, 1, 1, 4), (2, 3, 1, 4), (3, 4, 2, 8), (4, 3, 2, 6)),
    ):
        states = 1 if layer is nn.GRU else 2
        shape = (layers, batch, hidden)
        yield Case(
            op=layer.__name__.lower(),
            name=f"n{batch}-l{length}-layers{layers}-h{hidden}",
            module=lambda c=layer, h=hidden, k=layers: Recurrent(c(5, h, k, batch_first=True)),
            inputs=lambda b=batch, t=length, s=shape, n=states: [seeded((b, t, 5)), *(seeded(s, seed=i + 1) for i in range(n))],
            arguments={"layers": layers, "hidden": hidden},
            forms=("eager", "prepacked", "lite"),
            patch=None if length == 1 else GRU if layer is nn.GRU else LSTM,
            tolerance=2e-5,
        )
    for layer, (name, options, sentence) in product(
        (nn.GRU, nn.LSTM),
        (
            ("bidirectional", {"bidirectional": True, "batch_first": True}, "bidirectional layer"),
            ("no-bias", {"bias": False, "batch_first": True}, "without biases"),
            ("sequence-first", {}, "batch first"),
        ),
    ):
        states = 1 if layer is nn.GRU else 2
        directions = 2 if name == "bidirectional" else 1
        yield Case(
            op=layer.__name__.lower(), name=name, refusal=sentence, patch=None,
            module=lambda c=layer, o=options: Recurrent(c(5, 4, **o)),
            inputs=lambda n=states, d=directions: [seeded((2, 2, 5)), *(seeded((d, 2, 4), seed=i + 1) for i in range(n))],
        )  # fmt: skip


def attention() -> Iterator[Case]:
    """Give the parts of attention: scores, a mask from the CPU, and the sum."""

    def attend(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        return (q @ k.transpose(-2, -1) / q.size(-1) ** 0.5).softmax(-1) @ v

    def attend_masked(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        mask = torch.ones(q.size(-2), k.size(-2), dtype=torch.bool).triu(1)
        return (q @ k.transpose(-2, -1)).masked_fill(mask, float("-inf")).softmax(-1) @ v

    for shape in ((4, 6, 8), (1, 4, 9, 8), (2, 2, 5, 3)):
        inputs = (seeded(shape), seeded(shape, seed=1), seeded(shape, seed=2))
        yield one("attention", text(shape), attend, *inputs, patch=None)
        yield one("attention", f"{text(shape)}-masked", attend_masked, *inputs, patch=None)
