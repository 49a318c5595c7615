"""The scale of every layer's output: evidence that a comparison compares something."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from torch import Tensor, nn

_LAYERS = (nn.Conv2d, nn.ConvTranspose2d, nn.Linear, nn.BatchNorm2d, nn.GroupNorm, nn.LayerNorm)


@dataclass(frozen=True)
class Scale:
    """Mean, standard deviation and largest magnitude of a tensor, to four digits."""

    name: str
    mean: float
    std: float
    max_abs: float

    @classmethod
    def of(cls, name: str, values: Tensor) -> "Scale":
        """Measure `values`."""
        figures = (values.mean(), values.std(unbiased=False), values.abs().max())
        return cls(name, *(float(f"{float(figure):.4g}") for figure in figures))

    def as_json(self) -> dict[str, object]:
        """Give the fields under their names in `model.json`."""
        fields = asdict(self)
        fields["maxAbs"] = fields.pop("max_abs")
        return fields


@contextmanager
def recorded_scales(model: nn.Module) -> Iterator[list[Scale]]:
    """Collect the scale of each layer's output while the model runs inside the block."""
    scales: list[Scale] = []
    hooks = [
        module.register_forward_hook(
            lambda _module, _inputs, output, path=path: scales.append(Scale.of(path, output))
        )
        for path, module in model.named_modules()
        if isinstance(module, _LAYERS)
    ]
    try:
        yield scales
    finally:
        for hook in hooks:
            hook.remove()
