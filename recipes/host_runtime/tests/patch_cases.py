#!/usr/bin/env python3
"""The parts of patch_test.py that use torch; each call is a process of its own and prints one JSON line."""

import hashlib
import json
import sys
from pathlib import Path

import torch
from torch import nn
from torch.utils.mobile_optimizer import optimize_for_mobile

TOLERANCE = 1e-4  # of the output's scale; correct runs are below 1e-6


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Written so that NaN is a difference."""
    return bool((actual - expected).abs().max() <= TOLERANCE * expected.abs().max())


class InvertedResidual(nn.Module):
    """The block of mobilenet_v2, batch norms folded away."""

    def __init__(self, inputs: int, outputs: int, stride: int, expansion: int) -> None:
        super().__init__()
        hidden = expansion * inputs
        layers: list[nn.Module] = [nn.Conv2d(inputs, hidden, 1), nn.ReLU6()] if expansion > 1 else []
        layers += [nn.Conv2d(hidden, hidden, 3, stride, padding=1, groups=hidden), nn.ReLU6()]
        layers += [nn.Conv2d(hidden, outputs, 1)]
        self.layers = nn.Sequential(*layers)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.layers(x) if self.residual else self.layers(x)


class MobileNetV2(nn.Module):
    """The layers of mobilenet_v2; the weights do not matter here."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.Conv2d(3, 32, 3, 2, padding=1), nn.ReLU6()]
        channels = 32
        for expansion, outputs, count, stride in (
            (1, 16, 1, 1),
            (6, 24, 2, 2),
            (6, 32, 3, 2),
            (6, 64, 4, 2),
            (6, 96, 3, 1),
            (6, 160, 3, 2),
            (6, 320, 1, 1),
        ):
            for i in range(count):
                layers.append(InvertedResidual(channels, outputs, stride if i == 0 else 1, expansion))
                channels = outputs
        layers += [nn.Conv2d(channels, 1280, 1), nn.ReLU6()]
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Linear(1280, 1000)
        for parameter in self.parameters():
            if parameter.dim() > 1:
                nn.init.kaiming_normal_(parameter)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = nn.functional.adaptive_avg_pool2d(self.features(x), (1, 1))
        return self.classifier(torch.flatten(x, 1))


def make_model(plugin: str, folder: str) -> dict:
    """Writes a network of which some shader reads past the end of a block of device memory.

    Must run without a Vulkan device: the weights are then packed anew in every run, which fills the
    allocator's 32 MB blocks to the end. A read past an image or buffer inside a block goes unseen.
    """
    torch.ops.load_library(plugin)
    torch.manual_seed(0)
    model = MobileNetV2().eval()
    x = torch.rand(1, 3, 224, 224)
    out = Path(folder)
    torch.jit.save(optimize_for_mobile(torch.jit.script(model), backend="vulkan"), str(out / "model.pt"))
    data = x.numpy().tobytes()
    (out / "input.bin").write_bytes(data)
    header = {"schema": 1, "name": "input", "dtype": "float32", "shape": list(x.shape), "data": "input.bin"}
    header["sha256"] = hashlib.sha256(data).hexdigest()
    (out / "input.json").write_text(json.dumps(header))
    with torch.no_grad():
        (out / "expected.bin").write_bytes(model(x).numpy().tobytes())
    return {}


def padding(plugin: str) -> dict:
    """A convolution over 3 channels, uploaded into memory that held NaN before.

    64 small tensors of NaN are uploaded and freed, so that the allocator hands their memory to the next
    upload of that size. In the unpatched backend the fourth lane of the input keeps the NaN, and its zero
    weight does not help: 0 * NaN is NaN.
    """
    torch.ops.load_library(plugin)
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU()).eval()
    vulkan = optimize_for_mobile(torch.jit.script(model), backend="vulkan")
    x = torch.rand(1, 3, 16, 16)
    runs, faulty = 20, 0
    with torch.no_grad():
        expected = model(x)
        for _ in range(runs):
            stale = [torch.full((1, 4, 16, 16), float("nan")).to("vulkan") for _ in range(64)]
            # Only a download frees what is no longer used; twice, as it keeps its own buffer until the next.
            stale[-1].cpu()
            stale.clear()
            for _ in range(2):
                torch.zeros(1, 4, 1, 1).to("vulkan").cpu()
            faulty += not same(vulkan(x.to("vulkan")).cpu(), expected)
    return {"runs": runs, "faulty": faulty, "outcomes": {"ok": runs - faulty, "wrong": faulty}}


if __name__ == "__main__":
    torch.set_num_threads(1)
    case = {"make-model": make_model, "padding": padding}[sys.argv[1]]
    print(json.dumps(case(*sys.argv[2:])))
