"""A TorchScript module made straight: specialised to the shapes of its inputs.

The module's graph is walked with example inputs, whose values do not matter. What depends on shapes alone
is computed on the way: sizes, conditions, loops. What depends on the values of tensors becomes a node. What
cannot be either is refused: control flow that depends on values, and writes into a part of a tensor
that is read again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor
from torch.jit import ScriptModule

from graph import scalars
from graph.canonical import canonical
from graph.errors import InputError, ModelFileError
from graph.ir import Graph, Node, Value, values_in, without_unused
from graph.operators import arguments_of, schema_of
from graph.shapes import stand_in
from graph.sources import source_of

# A loop that runs this long is no network.
MAX_ITERATIONS = 100_000

FROM_ORIGINAL = "Give the plain file, before optimize_for_mobile"

_ONE_PATH = "Vulkan models have one path: trace the model, and leave the decision to the code that calls it"


@dataclass(eq=False)
class _Cell:
    """A tensor as the file sees it; what is done to it in place gives it another value."""

    value: Value
    tensor: Tensor
    stale: str = ""
    """Which operator wrote into memory that this one shares; empty where it may be read."""


@dataclass(frozen=True)
class _Unknown:
    """A Python number that depends on the values of a tensor."""

    source: str


def specialised(module: ScriptModule, inputs: Sequence[Tensor]) -> Graph:
    """Give the graph of a module for inputs of these shapes.

    Raises InputError where the inputs do not fit, ModelFileError where the module cannot be made straight.
    """
    frozen = torch._C._freeze_module(module.eval()._c, [], True, False)
    graph = frozen._get_method("forward").graph
    torch._C._jit_pass_inline(graph)
    parameters = list(graph.inputs())[1:]
    _assert_inputs(parameters, inputs)
    with torch.inference_mode():
        return _Walk(inputs).run(frozen, graph)


def _assert_inputs(parameters: Sequence[Any], inputs: Sequence[Tensor]) -> None:
    for parameter in parameters:
        kind = parameter.type().kind()
        if kind != "TensorType":
            raise ModelFileError(
                f'Cannot use the model: its input "{parameter.debugName()}" is a {parameter.type()}',
                "Wrap the model so that every input is a tensor",
            )
    if len(parameters) != len(inputs):
        raise InputError(
            f"The model takes {_counted(len(parameters))}, not {len(inputs)}",
            "Give `--input SHAPE` once for each input",
        )


def _counted(count: int) -> str:
    return "1 input" if count == 1 else f"{count} inputs"


@dataclass
class _Walk:
    """The state of one walk."""

    inputs: Sequence[Tensor]
    nodes: list[Node] = field(default_factory=list)
    constants: dict[str, Tensor] = field(default_factory=dict)
    cells: list[_Cell] = field(default_factory=list)
    known: dict[str, Any] = field(default_factory=dict)
    """What each name of the file stands for: a cell, a Python value, a list of these, or unknown."""
    names: set[str] = field(default_factory=set)
    examples: dict[str, Tensor] = field(default_factory=dict)
    """Tensors of the right shape and type by the names of their values."""
    labels: dict[int, str] = field(default_factory=dict)
    """What the file calls its weights, by identity."""

    def run(self, frozen: Any, graph: Any) -> Graph:  # noqa: ANN401
        """Walk the whole graph."""
        parameters = list(graph.inputs())
        self.known[parameters[0].debugName()] = frozen
        inputs = []
        for parameter, tensor in zip(parameters[1:], self.inputs, strict=True):
            cell = self.cell(self.fresh(parameter.debugName()), tensor)
            inputs.append(cell.value)
            self.known[parameter.debugName()] = cell
        results = self.block(graph)
        if len(results) != 1:
            raise ModelFileError("The model gives nothing", "Its forward() must return a tensor")
        outputs = self.outputs(results[0])
        return without_unused(Graph(tuple(inputs), tuple(self.nodes), outputs, self.constants))

    def block(self, block: Any) -> list[Any]:  # noqa: ANN401
        """Walk the nodes of a block; give what it returns."""
        for node in block.nodes():
            self.step(node)
        return [self.known[value.debugName()] for value in block.outputs()]

    def step(self, node: Any) -> None:  # noqa: ANN401
        """Walk one node."""
        kind = node.kind()
        if kind == "prim::If":
            taken = list(node.blocks())[0 if self.decided(node, 0) else 1]
            self.bind(node, self.block(taken))
        elif kind == "prim::Loop":
            self.loop(node)
        elif kind == "prim::RaiseException":
            message = self.operand(node, 0)
            raise InputError(
                f"The model refuses these inputs: {str(message).strip().rstrip('.')}", "Check the shapes"
            )
        elif kind.startswith("prim::") or scalars.is_on_lists(node) or not self.touches_tensors(node):
            operands = [self.operand(node, i) for i in range(count(node.inputs()))]
            self.bind(node, scalars.evaluate(node, operands, self))
            self.label(node)
        else:
            self.tensor_op(node)

    def label(self, node: Any) -> None:  # noqa: ANN401
        """Keep the names of weights: "self.features.0.weight"."""
        for value in node.outputs():
            tensor, name = self.known[value.debugName()], value.debugName()
            if isinstance(tensor, Tensor) and name.startswith("self."):
                self.labels.setdefault(id(tensor), name.removeprefix("self."))

    def loop(self, node: Any) -> None:  # noqa: ANN401
        """Unroll a loop whose count depends on shapes alone."""
        (body,) = node.blocks()
        trips, go_on = self.decided(node, 0), self.decided(node, 1)
        carried = [self.operand(node, i) for i in range(2, count(node.inputs()))]
        parameters = [value.debugName() for value in body.inputs()]
        iteration = 0
        while go_on and iteration < trips:
            if iteration >= MAX_ITERATIONS:
                raise ModelFileError(f"A loop at {source_of(node)} does not end", _ONE_PATH)
            self.known.update(zip(parameters, [iteration, *carried], strict=True))
            condition, *carried = self.block(body)
            if isinstance(condition, _Unknown):
                raise _value_flow(source_of(node))
            go_on = condition
            iteration += 1
        self.bind(node, carried)

    def decided(self, node: Any, position: int) -> Any:  # noqa: ANN401
        """Give an operand that says where to go."""
        value = self.operand(node, position)
        if isinstance(value, _Unknown | _Cell):
            raise _value_flow(source_of(node))
        return value

    def operand(self, node: Any, position: int) -> Any:  # noqa: ANN401
        """Give what an input of a node stands for."""
        return self.known[list(node.inputs())[position].debugName()]

    def bind(self, node: Any, results: Sequence[Any]) -> None:  # noqa: ANN401
        """Say what a node's outputs stand for."""
        for value, result in zip(node.outputs(), results, strict=True):
            self.known[value.debugName()] = result

    def touches_tensors(self, node: Any) -> bool:  # noqa: ANN401
        """Whether a node reads a tensor that is not a constant, and gives tensors."""
        operands = (self.known[value.debugName()] for value in node.inputs())
        return any(_has_cell(operand) for operand in operands) and scalars.gives_tensors(node)

    def tensor_op(self, node: Any) -> None:  # noqa: ANN401
        """Make a node of the graph from an operator on tensors."""
        assert_plain(node)
        op, overload = node.kind(), _overload(node)
        operands = [self.operand(node, i) for i in range(count(node.inputs()))]
        source = source_of(node)
        if any(isinstance(operand, _Unknown) for operand in operands):
            raise ModelFileError(
                f"{op} at {source} takes a number that depends on the values of a tensor",
                "Keep the number in a tensor, or leave that part to the code that calls the model",
            )
        in_place = _functional(op, overload)
        target = operands[0]
        op, overload = in_place or (op, overload)
        arguments = {
            name: self.argument(operand, source)
            for name, operand in arguments_of(op, overload, operands).items()
        }
        op, overload, arguments = canonical(op, overload, arguments)
        cells = self.add(op, overload, arguments, node)
        if in_place is not None and isinstance(target, _Cell):
            self.overwrite(target, cells[0], f"{node.kind()} at {source}")
            self.bind(node, [target])
        else:
            is_list = [value.type().kind() == "ListType" for value in node.outputs()]
            self.bind(node, [cells] if is_list == [True] else cells)

    def add(self, op: str, overload: str, arguments: dict[str, Any], node: Any) -> list[_Cell]:  # noqa: ANN401
        """Look what shapes an operator gives and append it to the graph."""
        source = source_of(node)
        try:
            results = stand_in(
                op, overload, {name: self.tensors(argument) for name, argument in arguments.items()}
            )
        except (RuntimeError, IndexError, ValueError, NotImplementedError) as error:
            text = str(error)
            sentence = text.strip().split("\n")[0].rstrip(".")
            raise InputError(
                f"The model cannot take inputs of {self.shapes()}: {op} at {source}: {sentence}",
                "Check `--input`; the shape must be the one that the model was made for",
                text,
            ) from error
        name = next(iter(node.outputs())).debugName()
        cells = [self.cell(self.fresh(name), tensor) for tensor in results]
        values = tuple(cell.value for cell in cells)
        self.nodes.append(
            Node(op, overload, arguments, values, source, _scope(node) or self.owner(arguments))
        )
        return cells

    def owner(self, arguments: dict[str, Any]) -> str:
        """Give the path of the module that the first weight among the arguments belongs to."""
        names = (value.name for argument in arguments.values() for value in values_in(argument))
        weight = next((name for name in names if name in self.constants and "." in name), "")
        return weight.rpartition(".")[0] if not weight.startswith("constant") else ""

    def shapes(self) -> str:
        """Write the shapes of the inputs."""
        return " and ".join("x".join(map(str, tensor.shape)) or "no dimension" for tensor in self.inputs)

    def overwrite(self, target: _Cell, result: _Cell, writer: str) -> None:
        """Let a tensor stand for what was written into it; those that share its memory go stale."""
        memory = target.tensor.storage().data_ptr()
        for cell in self.cells:
            if cell is not target and cell.tensor.storage().data_ptr() == memory and cell.tensor.numel() > 0:
                cell.stale = writer
        target.value, target.tensor = result.value, result.tensor

    def argument(self, operand: Any, source: str) -> Any:  # noqa: ANN401
        """Give an operand as an argument of a node."""
        if isinstance(operand, _Cell):
            if operand.stale:
                raise ModelFileError(
                    f"{operand.stale} writes into a part of a tensor that is read again at {source}",
                    "Build the tensor with torch.cat or arithmetic instead of assigning to slices",
                )
            return operand.value
        if isinstance(operand, Tensor):
            return self.constant(operand)
        if isinstance(operand, list | tuple):
            return [self.argument(part, source) for part in operand]
        return operand

    def constant(self, tensor: Tensor) -> Value:
        """Give the value of a tensor of the file."""
        for name, known in self.constants.items():
            if known is tensor:
                return Value(name, tuple(tensor.shape), tensor.dtype)
        name = self.fresh(self.labels.get(id(tensor), "constant"))
        self.constants[name] = tensor
        return Value(name, tuple(tensor.shape), tensor.dtype)

    def tensors(self, argument: Any) -> Any:  # noqa: ANN401
        """Give an argument with the example's tensors in it."""
        if isinstance(argument, Value):
            found = self.constants.get(argument.name)
            return self.examples[argument.name] if found is None else found
        if isinstance(argument, list | tuple):
            return [self.tensors(part) for part in argument]
        return argument

    def cell(self, name: str, tensor: Tensor) -> _Cell:
        """Make a cell for a new tensor."""
        cell = _Cell(Value(name, tuple(tensor.shape), tensor.dtype), tensor)
        self.examples[name] = tensor
        self.cells.append(cell)
        return cell

    def fresh(self, name: str) -> str:
        """Give a name that no value has."""
        found, index = name, 1
        while found in self.names:
            index += 1
            found = f"{name}.{index}"
        self.names.add(found)
        return found

    def unknown(self, node: Any) -> _Unknown:  # noqa: ANN401
        """Stand for a number that depends on the values of a tensor."""
        return _Unknown(source_of(node))

    def outputs(self, result: Any) -> Any:  # noqa: ANN401
        """Give what the module returns as values."""
        if isinstance(result, dict):
            raise ModelFileError(
                "The model returns a dictionary, which Vulkan models cannot",
                "Wrap it so that forward() returns a tensor or a tuple of tensors",
            )
        if isinstance(result, _Cell | Tensor):
            return self.argument(result, "the end")
        if isinstance(result, list | tuple) and result:
            parts = [self.outputs(part) for part in result]
            return tuple(parts) if isinstance(result, tuple) else parts
        raise ModelFileError(
            f"The model returns {_described(result)}",
            "Its forward() must return a tensor or a tuple of tensors",
        )


def count(values: Any) -> int:  # noqa: ANN401
    """Count what an iterator gives."""
    return sum(1 for _ in values)


def _described(result: Any) -> str:  # noqa: ANN401
    return "a number that depends on values" if isinstance(result, _Unknown) else f"a {type(result).__name__}"


def _value_flow(source: str) -> ModelFileError:
    return ModelFileError(
        f"The model's control flow at {source} depends on the values of a tensor", _ONE_PATH
    )


def _has_cell(operand: Any) -> bool:  # noqa: ANN401
    if isinstance(operand, list | tuple):
        return any(_has_cell(part) for part in operand)
    return isinstance(operand, _Cell)


def _scope(node: Any) -> str:  # noqa: ANN401
    """Give the innermost module's path; scopes are written "a/__module.a.b"."""
    return str(node.scopeName()).split("/")[-1].removeprefix("__module.")


def assert_plain(node: Any) -> None:  # noqa: ANN401
    """Refuse operators of one backend's own."""
    namespace = node.kind().split("::")[0]
    if namespace in ("prepacked", "vulkan_prepack", "xnnpack", "metal_prepack"):
        raise ModelFileError("The model's weights are prepacked for one backend already", FROM_ORIGINAL)
    if namespace != "aten":
        raise ModelFileError(
            f"{node.kind()} at {source_of(node) or 'an unknown line'} is not one of torch's plain operators",
            "Vulkan has torch's own operators alone: give a model of float32 without extensions",
        )


def _overload(node: Any) -> str:  # noqa: ANN401
    schema = node.schema()
    if schema == "(no schema)":
        raise ModelFileError(
            f"Unknown operator {node.kind()} at {source_of(node)}", "Use torch's own operators"
        )
    return torch._C.parse_schema(schema).overload_name


def _functional(op: str, overload: str) -> tuple[str, str] | None:
    """Give what computes the same as an operator that works in place; None for one that does not."""
    if not op.endswith("_") or op.endswith("__"):
        return None
    plain = op.removesuffix("_")
    try:
        schema_of(plain, overload)
    except LookupError:
        raise ModelFileError(
            f"{op} works in place and has no other form", f"Use what {plain} is made of"
        ) from None
    return plain, overload
