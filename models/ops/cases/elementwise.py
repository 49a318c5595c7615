"""Operators that work element by element: activations, arithmetic with broadcasting, and masks from the CPU."""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from ops.case import Case, Function, seeded

Shape = tuple[int, ...]
Inputs = tuple[Tensor, ...]

SHAPES: tuple[Shape, ...] = ((7,), (5, 3), (3, 1, 9), (1, 3, 5, 7), (2, 5, 4, 3), (1, 8, 6, 1), (130, 70))
"""Each rank; planes (batch * channels) that fill texels and that do not; one of some size."""

SPECIAL = torch.tensor([0.0, -0.0, 1, -1, float("inf"), -float("inf"), float("nan"), 30, -30, 2.5, 3.5, -2.5, 0.5, -0.5])
"""What an activation must not stumble over."""

ARITHMETIC = "0040-vulkan-elementwise-products-broadcast"
ACTIVATIONS = "0041-vulkan-activations-keep-nan"
LERP = "0042-vulkan-lerp-broadcasts"
QUANTIZED = "0057-vulkan-quantize-as-the-cpu-does"
UNARY = "vkf_unary"
BINARY = "vkf_binary"
TERNARY = "vkf_ternary"
COMPARISON = "vkf_comparison"


def cases() -> Iterator[Case]:
    """Give the family's cases."""
    yield from unary()
    yield from activations()
    yield from in_place()
    yield from powers()
    yield from numbers()
    yield from broadcasts()
    yield from broadcasts_in_place()
    yield from divisions()
    yield from three_operands()
    yield from masks()
    yield from prelus()
    yield from padding_lanes()
    yield from other_types()
    yield from quantized()
    yield from refusals()


def text(value: object) -> str:
    """Give a part of a case's name: 2x3x4."""
    if isinstance(value, tuple | list):
        return "x".join(text(v) for v in value) or "scalar"
    return str(value)


def one(op: str, name: str, function: Callable[..., Any], *inputs: Tensor, **more: Any) -> Case:  # noqa: ANN401
    """Make a case of a function."""
    more.setdefault("patch", BINARY)
    return Case(op=op, name=name, module=lambda: Function(function), inputs=lambda: [x.clone() for x in inputs], **more)


Unary = Callable[[Tensor], Tensor]

# The function and the range of its inputs.
UNARY_FUNCTIONS: dict[str, tuple[Unary, float, float]] = {
    "abs": (torch.abs, -3, 3),
    "neg": (torch.neg, -3, 3),
    "sign": (torch.sign, -3, 3),
    "floor": (torch.floor, -5, 5),
    "ceil": (torch.ceil, -5, 5),
    "round": (torch.round, -5, 5),
    "trunc": (torch.trunc, -5, 5),
    "frac": (torch.frac, -5, 5),
    "sqrt": (torch.sqrt, 0, 9),
    "rsqrt": (torch.rsqrt, 0.1, 9),
    "reciprocal": (torch.reciprocal, 0.1, 3),
    "square": (torch.square, -3, 3),
    "exp": (torch.exp, -8, 8),
    "exp2": (torch.exp2, -8, 8),
    "expm1": (torch.expm1, -1, 1),
    "log": (torch.log, 0.01, 9),
    "log2": (torch.log2, 0.01, 9),
    "log10": (torch.log10, 0.01, 9),
    "log1p": (torch.log1p, -0.5, 0.5),
    "sin": (torch.sin, -20, 20),
    "cos": (torch.cos, -20, 20),
    "tan": (torch.tan, -1.4, 1.4),
    "asin": (torch.asin, -0.99, 0.99),
    "acos": (torch.acos, -0.99, 0.99),
    "atan": (torch.atan, -8, 8),
    "sinh": (torch.sinh, -3, 3),
    "cosh": (torch.cosh, -3, 3),
    "asinh": (torch.asinh, -8, 8),
    "acosh": (torch.acosh, 1, 9),
    "atanh": (torch.atanh, -0.9, 0.9),
    "erf": (torch.erf, -3, 3),
    "erfc": (torch.erfc, -3, 3),
}

# Operators that stock has, too.
STOCK_ACTIVATIONS = ("relu", "relu6", "hardtanh", "hardswish", "hardsigmoid", "hardshrink", "leaky_relu", "sigmoid",
                     "tanh", "threshold", "clamp")  # fmt: skip

ACTIVATION_FUNCTIONS: dict[str, Unary] = {
    "relu": functional.relu,
    "relu6": functional.relu6,
    "hardtanh": lambda x: functional.hardtanh(x, -0.7, 1.5),
    "hardswish": functional.hardswish,
    "hardsigmoid": functional.hardsigmoid,
    "hardshrink": lambda x: functional.hardshrink(x, 0.7),
    "leaky_relu": lambda x: functional.leaky_relu(x, 0.1),
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "threshold": lambda x: functional.threshold(x, 0.1, 20),
    "clamp": lambda x: x.clamp(-1, 2),
    "silu": functional.silu,
    "mish": functional.mish,
    "gelu": functional.gelu,
    "gelu_tanh": lambda x: functional.gelu(x, approximate="tanh"),
    "elu": lambda x: functional.elu(x, 1.3),
    "celu": lambda x: functional.celu(x, 1.3),
    "selu": functional.selu,
    "softplus": lambda x: functional.softplus(x, 2, 10),
    "softsign": functional.softsign,
    "softshrink": lambda x: functional.softshrink(x, 0.7),
    "tanhshrink": functional.tanhshrink,
    "logsigmoid": functional.logsigmoid,
    "clamp_min": lambda x: x.clamp_min(-0.3),
    "clamp_max": lambda x: x.clamp_max(0.3),
    "nan_to_num": lambda x: torch.nan_to_num(x, 2, 9, -9),
}


def unary() -> Iterator[Case]:
    """Give elementary functions over shapes."""
    for (op, (function, low, high)), shape in product(UNARY_FUNCTIONS.items(), SHAPES):
        yield one(op, text(shape), function, seeded(shape, low, high), patch=UNARY, tolerance=2e-6)
    for op, points in {
        "exp": (-80.0, 20.0, 80.0),
        "erf": (-10.0, 10.0, 1e-6),
        "sin": (1000.0, -3000.0, 9999.0),
        "cos": (1000.0, -3000.0, 9999.0),
        "log": (1e-30, 1e30, 1.0000001),
        "atan": (1e-9, 1e9, -1e9),
    }.items():
        for point in points:
            inputs = torch.full((1, 3, 2, 2), point)
            yield one(op, f"at{point:g}", UNARY_FUNCTIONS[op][0], inputs, patch=UNARY, tolerance=2e-6)
    for op in ("abs", "neg", "sign", "floor", "ceil", "round", "trunc", "sqrt", "rsqrt", "reciprocal", "log", "log2",
               "log1p", "atan", "erf", "asin", "acos", "acosh", "atanh", "asinh"):  # fmt: skip
        yield one(op, "special", UNARY_FUNCTIONS[op][0], SPECIAL, patch=UNARY)


def activations() -> Iterator[Case]:
    """Give activations over shapes, and of NaN, infinities and zeros."""
    for (op, function), shape in product(ACTIVATION_FUNCTIONS.items(), SHAPES):
        stock = op in STOCK_ACTIVATIONS
        yield one(op, text(shape), function, seeded(shape, -6, 6), patch=None if stock else UNARY, tolerance=2e-6)
    for op, function in ACTIVATION_FUNCTIONS.items():
        # Which of the stock ones fail depends on the driver's clamp(); threshold's mask fails everywhere.
        patch = ACTIVATIONS if op == "threshold" else None if op in STOCK_ACTIVATIONS else UNARY
        yield one(op, "special", function, SPECIAL, patch=patch)
    for op in ("tanh", "sigmoid", "silu", "gelu", "softplus", "mish"):
        for scale in (1e-4, 100.0):
            stock = op in STOCK_ACTIVATIONS
            patch = None if stock else UNARY
            yield one(op, f"scale{scale:g}", ACTIVATION_FUNCTIONS[op], seeded((1, 5, 4, 4), -scale, scale), patch=patch)
    for layer in (nn.SiLU, nn.GELU, nn.Mish, nn.Hardswish, nn.ELU, nn.LeakyReLU, nn.ReLU6, nn.Softplus, nn.LogSigmoid):
        yield Case(
            op=layer.__name__.lower(),
            name="layer",
            module=layer,
            inputs=lambda: [seeded((2, 3, 5, 4), -3, 3)],
            patch=None if layer in (nn.Hardswish, nn.LeakyReLU, nn.ReLU6) else UNARY,
            forms=("eager", "scripted", "prepacked", "lite"),
        )
    for training in (nn.Dropout, nn.Dropout2d, nn.AlphaDropout):
        yield Case(
            op="dropout", name=training.__name__, module=lambda training=training: training(0.5),
            inputs=lambda: [seeded((1, 3, 4, 5))], forms=("eager", "prepacked"),
        )  # fmt: skip


IN_PLACE: dict[str, Unary] = {
    "relu_": Tensor.relu_,
    "silu_": lambda x: functional.silu(x, inplace=True),
    "hardswish_": lambda x: functional.hardswish(x, inplace=True),
    "hardsigmoid_": lambda x: functional.hardsigmoid(x, inplace=True),
    "leaky_relu_": lambda x: functional.leaky_relu(x, 0.1, inplace=True),
    "elu_": lambda x: functional.elu(x, 1.3, inplace=True),
    "mish_": lambda x: functional.mish(x, inplace=True),
    "threshold_": lambda x: functional.threshold(x, 0.1, 20, inplace=True),
    "hardtanh_": lambda x: functional.hardtanh(x, -0.7, 0.6, inplace=True),
    "clamp_": lambda x: x.clamp_(-0.5, 0.6),
    "clamp_min_": lambda x: x.clamp_min_(-0.5),
    "clamp_max_": lambda x: x.clamp_max_(0.5),
    "sigmoid_": Tensor.sigmoid_,
    "tanh_": Tensor.tanh_,
    "exp_": Tensor.exp_,
    "neg_": Tensor.neg_,
    "abs_": Tensor.abs_,
    "add_number_": lambda x: x.add_(1.5),
    "sub_number_": lambda x: x.sub_(1.5, alpha=2),
    "mul_number_": lambda x: x.mul_(1.5),
    "div_number_": lambda x: x.div_(1.5),
    "pow_number_": lambda x: x.pow_(2),
    "fmod_number_": lambda x: x.fmod_(0.3),
    "add_itself_": lambda x: x.add_(x),
    "mul_itself_": lambda x: x.mul_(x),
    "addcmul_itself_": lambda x: x.addcmul_(x, x, value=0.5),
}
STOCK_IN_PLACE = ("relu_", "hardswish_", "hardsigmoid_", "leaky_relu_", "hardtanh_", "clamp_", "sigmoid_", "tanh_",
                  "add_number_", "sub_number_", "mul_number_", "div_number_", "add_itself_", "mul_itself_")  # fmt: skip


def in_place() -> Iterator[Case]:
    """Give operators that write over their input."""
    for (op, function), shape in product(IN_PLACE.items(), ((6,), (4, 3), (1, 3, 5, 4), (2, 4, 3, 2))):
        patch = None if op in STOCK_IN_PLACE else UNARY if op in ACTIVATION_FUNCTIONS else BINARY
        yield one(op, text(shape), lambda x, f=function: f(x * 1.0), seeded(shape, -3, 3), patch=patch)


EXPONENTS = (0, 0.5, 1, 1.7, 2, 3, 4, 5, 16, 17, -0.5, -1, -2, -3.2)


def powers() -> Iterator[Case]:
    """Give pow with numbers and tensors on either side."""
    for exponent, shape in product(EXPONENTS, ((5,), (1, 3, 4, 5))):
        positive = seeded(shape, 0.3, 2)
        yield one("pow", f"{text(shape)}-to{exponent}", lambda x, e=exponent: x**e, positive, arguments={"exponent": exponent})
        if exponent == int(exponent):
            yield one("pow", f"{text(shape)}-signed-to{exponent}", lambda x, e=exponent: x**e, seeded(shape, -2, 2),
                      arguments={"exponent": exponent})  # fmt: skip
    for base in (2, 0.5, 1, 10, -2.0):
        whole = seeded((1, 3, 4, 5), -3, 4).round()
        yield one("pow", f"of{base}", lambda x, b=base: torch.pow(b, x), whole, arguments={"base": base})
    for a, b in (((2, 3, 4, 5), (3, 1, 1)), ((3, 4), (3, 4)), ((2, 1, 3), (5, 1)), ((1,), (2, 3))):
        yield one("pow", f"{text(a)}-to-{text(b)}", torch.pow, seeded(a, 0.2, 2), seeded(b, -2, 3, 1))
        whole = seeded(b, -4, 5, 1).round()
        yield one("pow", f"{text(a)}-to-whole-{text(b)}", torch.pow, seeded(a, -2, 2), whole)
    grid = torch.tensor([0.0, 1, -1, 2, -2, 0.5, float("inf"), -float("inf"), float("nan")])
    yield one("pow", "special", torch.pow, grid.view(-1, 1), torch.cat([grid, torch.tensor([3.0, -3.0])]))


Numbers = Callable[[Tensor], Tensor]

NUMBER_FUNCTIONS: dict[str, tuple[str, Numbers, bool]] = {
    # The last: whether stock has it.
    "add": ("add", lambda x: torch.add(x, 1.5, alpha=2), True),
    "add-first": ("add", lambda x: 1.5 + x, True),
    "sub": ("sub", lambda x: torch.sub(x, 1.5, alpha=2), True),
    "sub-first": ("rsub", lambda x: 1.5 - x, False),
    "rsub": ("rsub", lambda x: torch.rsub(x, 1.5, alpha=2), False),
    "mul": ("mul", lambda x: x * -0.3, True),
    "div": ("div", lambda x: x / 3, True),
    "div-first": ("div", lambda x: 3 / x, False),
    "integer": ("mul", lambda x: x * 7, True),
    "maximum": ("maximum", lambda x: torch.maximum(x, torch.tensor(0.6, dtype=x.dtype)), False),
    "minimum": ("minimum", lambda x: torch.minimum(x, torch.tensor(0.6, dtype=x.dtype)), False),
    "fmod": ("fmod", lambda x: torch.fmod(x, 0.25), False),
    "remainder": ("remainder", lambda x: x % 0.25, False),
    "floor_divide": ("floor_divide", lambda x: x // 0.25, False),
}


def numbers() -> Iterator[Case]:
    """Give a tensor and a number, traced (aten::add with a constant) and as eager Python calls it."""
    for (name, (op, function, stock)), shape in product(NUMBER_FUNCTIONS.items(), ((7,), (3, 4), (5, 2, 3), (1, 3, 5, 4))):
        yield one(op, f"number-{name}-{text(shape)}", function, seeded(shape, 0.2, 2), patch=None if stock else BINARY)
    for name, (op, function, stock) in NUMBER_FUNCTIONS.items():
        yield one(op, f"number-{name}-python", function, seeded((1, 3, 5, 4), 0.2, 2), forms=("python",),
                  patch=None if stock else BINARY)  # fmt: skip


BINARY_FUNCTIONS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "add": lambda a, b: torch.add(a, b, alpha=2),
    "sub": torch.sub,
    "mul": torch.mul,
    "div": torch.div,
    "maximum": torch.maximum,
    "minimum": torch.minimum,
    "atan2": torch.atan2,
    "hypot": torch.hypot,
    "fmod": torch.fmod,
    "remainder": torch.remainder,
    "floor_divide": torch.floor_divide,
}
SHAPE_PAIRS: tuple[tuple[Shape, Shape], ...] = (
    ((2, 3, 4, 5), (2, 3, 4, 5)),
    ((2, 3, 4, 5), (3, 1, 1)),
    ((2, 3, 4, 5), (2, 1, 1, 1)),
    ((2, 3, 4, 5), (1, 3, 4, 5)),
    ((1, 3, 4, 5), (2, 1, 4, 1)),
    ((2, 8, 4, 5), (8, 1, 1)),
    ((3, 8, 1, 5), (8, 4, 1)),
    ((2, 3, 4, 5), (5,)),
    ((5,), (4, 1)),
    ((1, 1, 1, 1), (2, 3, 4, 5)),
    ((3, 1, 5), (2, 1, 4, 1)),
    ((), (3, 4)),
    ((6, 2, 3), ()),
    ((3, 4), (3, 4)),
    ((6, 1, 1), (6, 7, 9)),
)


def stock_broadcasts(a: Shape, b: Shape) -> bool:
    """Tell whether stock is right for these shapes, too."""
    wide = [(1,) * (4 - len(s)) + s for s in (a, b)]
    whole_planes = [w[0] * w[1] == 1 for w in wide]
    channels = wide[0][1] == wide[1][1]
    return bool(a and b) and ((wide[0][:2] == wide[1][:2]) or any(whole_planes) or (channels and wide[0][1] % 4 == 0))


def broadcasts() -> Iterator[Case]:
    """Give two tensors whose shapes broadcast in every dimension."""
    for (op, function), (a, b) in product(BINARY_FUNCTIONS.items(), SHAPE_PAIRS):
        stock = op in ("add", "sub", "mul", "div")
        patch = (None if stock_broadcasts(a, b) else ARITHMETIC) if stock else BINARY
        yield one(op, f"{text(a)}-{text(b)}", function, seeded(a, -2, 2), seeded(b, 0.3, 2, 1), patch=patch)
    for op in ("add", "mul", "sub", "div"):
        for position in (0, 1):
            shapes = ((1, 3, 4, 5), (3, 1, 1))
            yield one(
                op, f"input{position}-on-cpu", BINARY_FUNCTIONS[op],
                *(seeded(s, 0.3, 2, i) for i, s in enumerate(shapes)), on_cpu=(position,), patch=ARITHMETIC,
            )  # fmt: skip
    for op in ("maximum", "minimum", "fmax", "fmin"):
        special = SPECIAL
        yield one(op, "special", getattr(torch, op), special.view(-1, 1), special, patch=BINARY)
    yield one("atan2", "special", torch.atan2, SPECIAL.view(-1, 1), SPECIAL)
    yield one("hypot", "special", torch.hypot, SPECIAL.view(-1, 1), SPECIAL)
    for op in ("fmax", "fmin", "logaddexp", "xlogy", "copysign"):
        for a, b in SHAPE_PAIRS[:5]:
            yield one(op, f"{text(a)}-{text(b)}", getattr(torch, op), seeded(a, 0.1, 2), seeded(b, 0.3, 2, 1))
    for op, function in {"max": torch.max, "min": torch.min}.items():
        yield one(op, "of-two", function, seeded((2, 3, 4)), seeded((3, 1), seed=1))


def broadcasts_in_place() -> Iterator[Case]:
    """Give in-place arithmetic with a smaller tensor."""
    functions: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
        "add_": lambda a, b: (a * 1).add_(b, alpha=2),
        "sub_": lambda a, b: (a * 1).sub_(b),
        "mul_": lambda a, b: (a * 1).mul_(b),
        "div_": lambda a, b: (a * 1).div_(b),
    }
    smaller: tuple[tuple[Shape, Shape], ...] = tuple(
        (a, b) for a, b in SHAPE_PAIRS if torch.broadcast_shapes(a, b) == torch.Size(a)
    )
    for (op, function), (a, b) in product(functions.items(), smaller):
        patch = None if stock_broadcasts(a, b) else ARITHMETIC
        yield one(op, f"{text(a)}-{text(b)}", function, seeded(a), seeded(b, 0.3, 2, 1), patch=patch)


def divisions() -> Iterator[Case]:
    """Give quotients that are rounded, also where they are whole."""
    whole = torch.arange(-12, 13, dtype=torch.float32).view(1, 5, 5)
    for divisor, mode in product((3.0, -3.0, 0.75, 7.0), ("trunc", "floor")):
        yield one(
            "div", f"{mode}-by{divisor}", lambda x, d=divisor, m=mode: torch.div(x, d, rounding_mode=m), whole,
            arguments={"divisor": divisor, "rounding_mode": mode},
        )  # fmt: skip
    for mode in ("trunc", "floor"):
        for a, b in SHAPE_PAIRS[:6]:
            yield one(
                "div", f"{mode}-{text(a)}-{text(b)}", lambda x, y, m=mode: torch.div(x, y, rounding_mode=m),
                seeded(a, -9, 9), seeded(b, 0.3, 2, 1), arguments={"rounding_mode": mode},
            )  # fmt: skip
    for op, function in {"remainder": torch.remainder, "fmod": torch.fmod}.items():
        for divisor in (3.0, -3.0, 0.7, -0.1):
            yield one(op, f"whole-by{divisor}", lambda x, f=function, d=divisor: f(x, torch.tensor(d)), whole,
                      tolerance=2e-6, arguments={"divisor": divisor}) if divisor in (3.0, -3.0) else one(
                      op, f"whole-by-tensor{divisor}", function, whole, torch.full((1,), divisor),
                      arguments={"divisor": divisor})  # fmt: skip
    yield one("div", "by-zero", torch.div, seeded((1, 3, 2, 2)).round(), torch.zeros(1, 3, 2, 2), patch=None)


def three_operands() -> Iterator[Case]:
    """Give addcmul, addcdiv, lerp and clamp with tensors."""
    triples: tuple[tuple[Shape, Shape, Shape], ...] = (
        ((2, 3, 4, 5), (2, 3, 4, 5), (2, 3, 4, 5)),
        ((2, 3, 4, 5), (3, 1, 1), (4, 5)),
        ((3, 4), (3, 1), (1, 4)),
        ((1, 4, 3, 2), (4, 1, 1), (4, 3, 2)),
        ((5,), (5,), (1,)),
        ((2, 1, 3), (4, 1), (2, 4, 3)),
    )
    for a, b, c in triples:
        name = f"{text(a)}-{text(b)}-{text(c)}"
        inputs = (seeded(a, -1, 1), seeded(b, -1, 1, 1), seeded(c, 0.3, 1, 2))
        yield one("addcmul", name, lambda x, y, z: torch.addcmul(x, y, z, value=0.7), *inputs, patch=TERNARY)
        yield one("addcdiv", name, lambda x, y, z: torch.addcdiv(x, y, z, value=0.7), *inputs, patch=TERNARY)
        same = a == b == c
        yield one("lerp", f"{name}-tensor", torch.lerp, *inputs, patch=None if same else LERP)
        yield one("clamp", f"{name}-tensors", lambda x, y, z: torch.clamp(x, y - 1, z), *inputs, patch=TERNARY)
        yield one("clamp", f"{name}-min", lambda x, y: torch.clamp(x, min=y), *inputs[:2], patch=TERNARY)
        for weight in (0.0, 0.3, 0.5, 1.0, 1.7):
            yield one("lerp", f"{text(a)}-{text(b)}-{weight}", lambda x, y, w=weight: torch.lerp(x, y, w), *inputs[:2],
                      arguments={"weight": weight}, patch=None if a == b else LERP)  # fmt: skip
        if torch.broadcast_shapes(a, b, c) == torch.Size(a):
            for op, function in {
                "addcmul_": lambda x, y, z: (x * 1).addcmul_(y, z, value=0.7),
                "addcdiv_": lambda x, y, z: (x * 1).addcdiv_(y, z, value=0.7),
                "lerp_": lambda x, y, z: (x * 1).lerp_(y, z),
            }.items():
                patch = (None if same else LERP) if op == "lerp_" else TERNARY
                yield one(op, name, function, *inputs, patch=patch)


def masks() -> Iterator[Case]:
    """Give masks of booleans, which stay on the CPU."""
    for shape, mask_shape in (((2, 3, 4, 5), (4, 5)), ((1, 2, 5, 5), (1, 1, 5, 5)), ((3, 4), (3, 1)), ((7,), (7,))):
        mask = seeded(mask_shape, seed=3) > 0
        name = f"{text(shape)}-{text(mask_shape)}"
        for value in (0.0, -1e9, float("-inf")):
            yield one("masked_fill", f"{name}-{value}", lambda x, m, v=value: x.masked_fill(m, v), seeded(shape), mask,
                      on_cpu=(1,), arguments={"value": str(value)}, patch=TERNARY)  # fmt: skip
        yield one("masked_fill_", name, lambda x, m: (x * 1).masked_fill_(m, 3.0), seeded(shape), mask, on_cpu=(1,),
                  patch=TERNARY)  # fmt: skip
        yield one("where", name, torch.where, mask, seeded(shape), seeded(shape, seed=1), on_cpu=(0,), patch=TERNARY)
        yield one("where", f"{name}-number", lambda m, x: torch.where(m, x, torch.zeros((), dtype=x.dtype)), mask,
                  seeded(shape), on_cpu=(0,), patch=TERNARY)  # fmt: skip


def prelus() -> Iterator[Case]:
    """Give prelu with one weight and with one for each channel."""
    for channels, shape in product((1, 0), ((2, 3, 4, 5), (1, 8, 3, 3), (2, 5, 3), (4, 6), (1, 1, 4, 4))):
        count = 1 if channels == 1 else shape[1]
        yield Case(
            op="prelu", name=f"{text(shape)}-weights{count}-{channels}", module=lambda count=count: nn.PReLU(count, 0.2),
            inputs=lambda shape=shape: [seeded(shape)], arguments={"weights": count}, patch=BINARY,
            forms=("eager", "scripted"),
        )  # fmt: skip
    for count in (1, 3):
        yield one("prelu", f"weight-on-device{count}", torch.prelu, seeded((2, 3, 4, 5)), seeded((count,), seed=1))


def padding_lanes() -> Iterator[Case]:
    """Give results that a convolution sums up: lanes beyond the last plane must be finite."""
    functions: dict[str, tuple[Unary, str | None]] = {
        "log": (lambda x: torch.log(x), UNARY),
        "reciprocal": (lambda x: 1 / x, BINARY),
        "div": (lambda x: x / x, ARITHMETIC),
        "rsqrt": (lambda x: x.rsqrt(), UNARY),
        "pow": (lambda x: x**-1.5, BINARY),
    }
    for (op, (function, patch)), channels in product(functions.items(), (1, 2, 3, 5)):
        yield Case(
            op=op, name=f"then-conv-c{channels}", patch=patch, forms=("eager", "prepacked"),
            module=lambda f=function, c=channels: nn.Sequential(Function(f), nn.Conv2d(c, 2, 1)),
            inputs=lambda c=channels: [seeded((1, c, 4, 5), 0.5, 2)],
        )  # fmt: skip


def other_types() -> Iterator[Case]:
    """Give operands of integers and booleans on the CPU."""
    x = seeded((1, 3, 4, 5), 0.2, 2)
    for dtype in (torch.int64, torch.int32, torch.uint8, torch.bool):
        other = (seeded((3, 1, 1), 0, 5, 1)).to(dtype)
        for op, function in {"add": torch.add, "mul": torch.mul}.items():
            yield one(op, f"with-{str(dtype)[6:]}", function, x, other, on_cpu=(1,), patch=ARITHMETIC)
        if dtype != torch.bool:
            yield one("pow", f"to-{str(dtype)[6:]}", torch.pow, x, other, on_cpu=(1,))


def quantized() -> Iterator[Case]:
    """Give steps of unsigned bytes: values between them, on them and beyond their range."""
    for shape, high in product(((1, 3, 5, 7), (2, 4, 3, 3), (3, 5, 2, 2), (1, 8, 9, 6)), (5.0, 40.0)):
        for scale, zero_point in ((0.1, 10), (0.25, 128)):
            yield one(
                "quantize_per_tensor",
                f"{text(shape)}-to{high:g}-scale{scale}",
                lambda x, s=scale, z=zero_point: torch.quantize_per_tensor(x.float(), s, z, torch.quint8).dequantize(),
                # Odd multiples of 1/512: never halfway between two steps, where the last bit of a product decides.
                (seeded(shape, -high, high) * 128).round() / 128 + 1 / 512,
                arguments={"scale": scale, "zero_point": zero_point},
                patch=QUANTIZED,
            )


def refusals() -> Iterator[Case]:
    """Give what Vulkan cannot hold."""
    x = seeded((1, 3, 4, 5))
    for op in ("eq", "ne", "lt", "le", "gt", "ge"):
        function = getattr(torch, op)
        yield one(op, "number", lambda a, f=function: f(a, 0.5), x, refusal="of type bool", patch=COMPARISON)
        yield one(op, "tensor", function, x, seeded((3, 1, 1), seed=1), refusal="of type bool", patch=COMPARISON)
    for op in ("logical_not", "isnan"):
        yield one(op, "tensor", getattr(torch, op), x, refusal="of type bool", patch=COMPARISON)
    for op in ("logical_and", "logical_or", "logical_xor"):
        yield one(op, "tensors", getattr(torch, op), x, x, refusal="of type bool", patch=COMPARISON)
    for op in ("add", "mul", "div", "maximum"):
        yield one(op, "double-on-cpu", BINARY_FUNCTIONS[op] if op != "add" else torch.add, x,
                  seeded((3, 1, 1)).double(), on_cpu=(1,), refusal="call .float()", patch=BINARY)  # fmt: skip
