"""Where a graph's operators run."""

from collections.abc import Mapping
from typing import Protocol

from torch import Tensor

from graph.execute import Place, run_node, upload
from graph.ir import Graph, Node


class Device(Protocol):
    """Runs one operator at a time; its tensors are its own, and `upload` and `download` carry them."""

    def upload(self, tensor: Tensor) -> Tensor:
        """Bring a tensor of the CPU to the device."""
        ...

    def download(self, tensor: Tensor) -> Tensor:
        """Bring a tensor of the device to the CPU."""
        ...

    def run(self, graph: Graph, node: Node, values: Mapping[str, Tensor]) -> tuple[Tensor, ...]:
        """Run a node on tensors of the device."""
        ...


class GraphDevice:
    """One of the places where `graph.execute` runs a graph."""

    def __init__(self, place: Place) -> None:
        """Take a place."""
        self._place: Place = place

    def upload(self, tensor: Tensor) -> Tensor:
        """Bring a tensor of the CPU there; a copy, so that nobody's tensor is changed."""
        return upload(tensor, self._place)

    def download(self, tensor: Tensor) -> Tensor:
        """Bring a tensor back."""
        return tensor.cpu()

    def run(self, graph: Graph, node: Node, values: Mapping[str, Tensor]) -> tuple[Tensor, ...]:
        """Run a node there."""
        return run_node(graph, node, values, place=self._place)


class VulkanDevice(GraphDevice):
    """The Vulkan device; its plug-in must be loaded."""

    def __init__(self) -> None:
        """Take it."""
        super().__init__("vulkan")
