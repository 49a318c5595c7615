"""How often the bisection names the right operator: faults seeded into networks, one at a time.

python3 -m graph.bisect.seeded [--plugin libvkforge_vulkan.so] [--model NAME] [--faults 80]

Without a plug-in the CPU stands in for the device. Exit code 0: 98 % or more are named right.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from convert.interface import InputSpec
from convert.network import new_model, seed_and_calibrate
from graph.bisect.device import Device, GraphDevice, VulkanDevice
from graph.bisect.search import DEFAULT_TOLERANCE, bisect
from graph.execute import run_graph
from graph.faults import FAULTS, Fault, FaultyDevice
from graph.ir import Graph, Node
from graph.load import graph_of
from ops.collect import rows

MODELS: Mapping[str, Sequence[str]] = {
    "mobilenet_v2": ["input:1x3x64x64:imagenet"],
    "yolov5s": ["input:1x3x64x64:unit"],
    "detnet": ["input:1x3x64x64:unit"],
    "deeplabv3_resnet50": ["input:1x3x64x64:imagenet"],
    "animeganv2": ["input:1x3x32x32:symmetric"],
    "mask_refiner": ["image:1x3x32x32:imagenet", "mask:1x1x8x8:mask"],
}
"""The project's models, at sizes that keep this short."""

REQUIRED_RATE = 0.98
# A fault that changes less than this many tolerances is none: the results agree.
_VISIBLE = 3


@dataclass(frozen=True)
class Outcome:
    """One seeded fault, and which operator was named."""

    network: str
    fault: str
    node: Node
    named: Node | None

    @property
    def right(self) -> bool:
        """Whether the operator with the fault was named."""
        return self.named is self.node

    def __str__(self) -> str:
        """Say it in a line."""
        named = "none" if self.named is None else f"{self.named.target} {self.named.name}"
        return f"{self.network}: {self.fault} in {self.node.target} {self.node.name}, named {named}"


def networks(
    models: Sequence[str] = tuple(MODELS), blocks: int = 20
) -> Iterator[tuple[str, Graph, list[Tensor]]]:
    """Give graphs with inputs: the models, and blocks of the truth table's networks."""
    for name in models:
        specs = [InputSpec.parse(text) for text in MODELS[name]]
        model = new_model(name)
        seed_and_calibrate(model, specs, name)
        inputs = [torch.from_numpy(spec.sample("golden", 0)) for spec in specs]
        yield name, _graph(model, inputs), inputs
    found = [row for row in rows(["network"]).values() if row.form == "eager"]
    for row in found[:: max(len(found) // blocks, 1)][:blocks]:
        torch.manual_seed(0)
        module = row.case.module().eval()
        inputs = list(row.case.inputs())
        yield row.name, _graph(module, inputs), inputs


def _graph(module: nn.Module, inputs: Sequence[Tensor]) -> Graph:
    with torch.no_grad():
        traced = torch.jit.trace(module, tuple(inputs), check_trace=False)
    return graph_of(traced, inputs)


def outcomes(
    named: Iterator[tuple[str, Graph, list[Tensor]]], device: Device, *, faults: int, per_network: int
) -> Iterator[Outcome]:
    """Seed faults, in turn over nodes and kinds of faults, and bisect each."""
    generator = torch.Generator().manual_seed(0)
    kinds = list(FAULTS)
    count = 0
    for network, graph, inputs in named:
        places = _places(graph, inputs)
        for _ in range(min(per_network, len(places))):
            if count >= faults:
                return
            node, value = places.pop(int(torch.randint(len(places), (1,), generator=generator)))
            kind = next((name for name in _turned(kinds, count) if _is_visible(FAULTS[name], value)), None)
            if kind is None:
                continue
            finding = bisect(graph, inputs, FaultyDevice(device, node, FAULTS[kind]))
            yield Outcome(network, kind, node, finding.first)
            count += 1


def _places(graph: Graph, inputs: Sequence[Tensor]) -> list[tuple[Node, Tensor]]:
    """Give the nodes whose result a fault can change, with the result."""
    found: list[tuple[Node, Tensor]] = []

    def see(node: Node, results: tuple[Tensor, ...]) -> None:
        if results[0].is_floating_point() and results[0].numel() > 1 and float(results[0].abs().max()) > 0:
            found.append((node, results[0].clone()))

    run_graph(graph, inputs, observer=see)
    return found


def _turned(kinds: Sequence[str], by: int) -> list[str]:
    start = by % len(kinds)
    return [*kinds[start:], *kinds[:start]]


def _is_visible(fault: Fault, value: Tensor) -> bool:
    with torch.inference_mode():
        changed = fault(value.contiguous())
        error = float((changed - value).abs().max()) / float(value.abs().max())
    # Written so that NaN is visible.
    return not error <= _VISIBLE * DEFAULT_TOLERANCE


def main() -> int:
    """Seed, bisect, print the rate."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--plugin", type=Path, help="the Vulkan backend; the CPU stands in without")
    parser.add_argument("--faults", type=int, default=80)
    parser.add_argument("--per-network", type=int, default=8)
    parser.add_argument("--model", action="append", choices=list(MODELS), help="only these, and blocks")
    options = parser.parse_args()
    torch.set_num_threads(1)
    device: Device = GraphDevice("cpu")
    if options.plugin is not None:
        torch.ops.load_library(str(options.plugin.resolve()))
        device = VulkanDevice()
    found: list[Outcome] = []
    chosen = networks(options.model or tuple(MODELS))
    for outcome in outcomes(chosen, device, faults=options.faults, per_network=options.per_network):
        found.append(outcome)
        print(("right  " if outcome.right else "WRONG  ") + str(outcome), flush=True)
    rate = rate_of(found)
    kinds = len({outcome.fault for outcome in found})
    right = sum(outcome.right for outcome in found)
    print(f"{right} of {len(found)} faults of {kinds} kinds named right: {rate:.1%}")
    return 0 if rate >= REQUIRED_RATE else 1


def rate_of(found: Sequence[Outcome]) -> float:
    """Give the share that was named right."""
    return sum(outcome.right for outcome in found) / max(len(found), 1)


if __name__ == "__main__":
    sys.exit(main())
