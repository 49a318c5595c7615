"""A graph as a module again, to be saved like any other."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.jit import ScriptModule

from graph.ir import Argument, Graph, Value, map_values
from graph.operators import call


class GraphModule(nn.Module):
    """A module that runs a graph; the constants are its buffers."""

    def __init__(self, graph: Graph) -> None:
        """Keep the graph and register its constants."""
        super().__init__()
        self.graph = graph
        self.attribute_of = {name: f"constant_{index}" for index, name in enumerate(graph.constants)}
        for name, attribute in self.attribute_of.items():
            self.register_buffer(attribute, graph.constants[name].clone())

    def forward(self, *inputs: Tensor) -> Any:  # noqa: ANN401
        """Run every node."""
        values = {value.name: tensor for value, tensor in zip(self.graph.inputs, inputs, strict=True)}

        def tensor_of(value: Value) -> Tensor:
            attribute = self.attribute_of.get(value.name)
            return values[value.name] if attribute is None else getattr(self, attribute)

        def tensors_in(argument: Argument) -> Argument:
            return map_values(argument, tensor_of)

        for node in self.graph.nodes:
            arguments = {name: tensors_in(argument) for name, argument in node.arguments.items()}
            results = call(node.op, node.overload, arguments)
            values.update({value.name: tensor for value, tensor in zip(node.outputs, results, strict=True)})
        return tensors_in(self.graph.outputs)


def module_of(graph: Graph) -> ScriptModule:
    """Give TorchScript that computes the graph, for the shapes of its inputs alone."""
    example = tuple(torch.zeros(value.shape, dtype=value.dtype) for value in graph.inputs)
    return traced(GraphModule(graph).eval(), example)


def traced(module: nn.Module, example: Sequence[Tensor]) -> ScriptModule:
    """Trace without torch's own check, which runs everything twice more."""
    with torch.no_grad():
        return torch.jit.trace(module, tuple(example), check_trace=False)
