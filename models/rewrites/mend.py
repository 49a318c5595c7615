"""Writing a graph anew for a runtime, until every operator is one that the runtime computes rightly."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from graph.constraints import Limits, Runtime, Verdict, node_verdict
from graph.execute import run_graph
from graph.ir import Graph, Node, Value, map_values, without_unused
from graph.operators import flat
from rewrites.all import rewrites_of
from rewrites.editor import Editor, edited
from rewrites.fold_norms import NAME as FOLD
from rewrites.fold_norms import fold_norms
from rewrites.ranges import range_of, stand_in_of

# Rewrites within rewrites; more than these are a circle.
MAX_DEPTH = 8

_NO_BIAS = Verdict(
    "refused",
    "a convolution without a bias runs only with prepacked weights, and optimize_for_mobile loses the shift "
    "of a norm that follows it in a trace",
    "conv-bias",
)

_CONSTANT_IN_CAT = Verdict(
    "refused",
    "along the height cat takes no constant of the model: those are on the CPU, and it uploads nothing",
    "cat-constant",
)

# Operators that compute lane by lane: what an upload leaves beyond the last channel goes through them.
_LANEWISE = {
    "add", "sub", "mul", "div", "clamp", "clamp_min", "clamp_max", "hardtanh", "hardsigmoid", "hardswish",
    "hardshrink", "leaky_relu", "relu", "sigmoid", "tanh", "threshold", "upsample_nearest2d",
    "reflection_pad2d", "replication_pad2d", "pad", "max_pool2d", "avg_pool2d", "adaptive_avg_pool2d",
}  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """What is said of one node of the file."""

    node: Node
    verdict: Verdict
    rewrites: tuple[str, ...] = ()
    """The rewrites that mend it, in the order in which they were applied."""
    left: tuple[Verdict, ...] = ()
    """What is still not right afterwards; the verdict itself where nothing mends it."""


@dataclass(frozen=True)
class Mended:
    """A graph written anew."""

    graph: Graph
    findings: tuple[Finding, ...]
    applied: dict[str, int] = field(default_factory=dict)
    """How often each rewrite was applied."""

    @property
    def ok(self) -> bool:
        """Whether nothing is left that is not right."""
        return not any(finding.left for finding in self.findings)


def mend(graph: Graph, runtime: Runtime, *, limits: Limits | None = None, fold: bool = True) -> Mended:
    """Write a graph anew for a runtime; what it computes rightly stays as it is."""
    folded = 0
    judged = _Mender(runtime, limits or Limits())
    if fold and any(finding.verdict.kind != "right" for finding in judge(graph, runtime, limits=limits)):
        graph, folded = fold_norms(graph)
    result = without_unused(edited(graph, judged.place))
    findings = tuple(judged.finding(node) for node in graph.nodes)
    applied = dict(Counter({FOLD: folded} if folded else {}) + judged.applied)
    return Mended(result, findings, applied)


def judge(graph: Graph, runtime: Runtime, *, limits: Limits | None = None) -> list[Finding]:
    """Say of each node of a graph what comes of it, and what would mend it."""
    judged = _Mender(runtime, limits or Limits())
    edited(graph, judged.place)
    return [judged.finding(node) for node in graph.nodes]


class _Mender:
    """Judges each new node, and puts rewrites in its place."""

    def __init__(self, runtime: Runtime, limits: Limits) -> None:
        self.runtime = runtime
        self.limits = limits
        self.applied: Counter[str] = Counter()
        self._verdicts: dict[str, Verdict] = {}
        self._rewrites: dict[str, list[str]] = {}
        self._left: dict[str, list[Verdict]] = {}
        self._dirty: set[str] = set()
        # Networks repeat themselves; values of constants do not matter to the rules.
        self._judged: dict[str, Verdict] = {}

    def place(self, editor: Editor, node: Node) -> Sequence[Value] | None:
        """Give what takes a node's place; None where it stays."""
        origin = editor.origin
        assert origin is not None
        verdict = self._verdict(editor, node)
        is_outermost = not editor.rewrites
        if is_outermost:
            self._verdicts[origin.name] = verdict
        if verdict.kind != "right" and len(editor.rewrites) < MAX_DEPTH:
            for rewrite in rewrites_of(node.op):
                if rewrite.name in editor.rewrites:
                    continue
                editor.rewrites.append(rewrite.name)
                result = rewrite.apply(editor, node)
                editor.rewrites.pop()
                if result is not None:
                    self.applied[rewrite.name] += 1
                    self._rewrites.setdefault(origin.name, []).insert(0, rewrite.name)
                    return [result] if isinstance(result, Value) else list(result)
        if verdict.kind != "right":
            self._left.setdefault(origin.name, []).append(verdict)
        self._learn(editor, node)
        return None

    def finding(self, node: Node) -> Finding:
        """Give what was found of a node of the old graph."""
        names = tuple(dict.fromkeys(self._rewrites.get(node.name, ())))
        return Finding(node, self._verdicts[node.name], names, tuple(self._left.get(node.name, ())))

    def _verdict(self, editor: Editor, node: Node) -> Verdict:
        lacks_bias = node.op == "aten::conv2d" and not node.overload and node.get("bias") is None
        if lacks_bias and self.runtime == "stock":
            return _NO_BIAS
        if self.runtime == "stock" and _uploads_nothing(node) and any(map(editor.is_constant, node.inputs())):
            return _CONSTANT_IN_CAT
        if not self._dirty and self.runtime == "stock":
            self._dirty = {value.name for value in editor.inputs}
        dirty = tuple(value for value in node.inputs() if value.name in self._dirty)
        around = Graph(dirty, (), (), editor.constants)
        known: dict[str, Tensor] = {
            value.name: stand_in_of(value, editor.ranges[value.name])
            for value in node.inputs()
            if value.name in editor.ranges
        }
        key = _key(node, around, editor.ranges)
        if key not in self._judged:
            with torch.inference_mode():
                self._judged[key] = node_verdict(around, node, self.runtime, values=known, limits=self.limits)
        return self._judged[key]

    def _learn(self, editor: Editor, node: Node) -> None:
        found = range_of(node, editor.ranges)
        if found is not None:
            editor.ranges.update({value.name: found for value in node.outputs})
        lanewise = node.op.removeprefix("aten::") in _LANEWISE
        if lanewise and any(value.name in self._dirty for value in node.inputs()):
            self._dirty.update(value.name for value in node.outputs)


def _uploads_nothing(node: Node) -> bool:
    """Whether upstream's kernel takes tensors of the device alone: cat does, along the height."""
    return node.op == "aten::cat" and node.output.rank == 4 and node.get("dim") % 4 == 2


def _key(node: Node, around: Graph, ranges: Mapping[str, tuple[float, float]]) -> str:
    """Write down all of a call that a verdict depends on."""
    dirty = {value.name for value in around.inputs}

    def facts(value: Value) -> str:
        is_constant = value.name in around.constants
        return f"{value.shape}{value.dtype}{is_constant}{value.name in dirty}{ranges.get(value.name)}"

    return f"{node.target}{[map_values(argument, facts) for argument in node.arguments.values()]}"


def largest_difference(before: Graph, after: Graph, inputs: Sequence[Tensor]) -> float:
    """Run both on the CPU in float64; give the largest error relative to the first's scale, over all outputs.

    In float32 the rounding of a deep network alone would hide what a rewrite changes.
    """
    exact = [tensor.double() if tensor.is_floating_point() else tensor for tensor in inputs]
    worst = 0.0
    outputs = zip(
        flat(run_graph(widened(before), exact)), flat(run_graph(widened(after), exact)), strict=True
    )
    for a, b in outputs:
        if a.shape != b.shape:
            return float("inf")
        if a.numel() == 0:
            continue
        scale = float(a.double().abs().max())
        error = float((a.double() - b.double()).abs().max()) / (scale if scale > 0 else 1.0)
        # Written so that NaN is a difference.
        worst = worst if error <= worst else error
    return worst


def widened(graph: Graph) -> Graph:
    """Give the graph with constants in float64."""
    constants = {
        name: tensor.double() if tensor.is_floating_point() else tensor
        for name, tensor in graph.constants.items()
    }
    return replace(graph, constants=constants)
