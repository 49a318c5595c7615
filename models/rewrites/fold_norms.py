"""Batch norms folded into the convolutions before them.

optimize_for_mobile does the same for modules; a graph that was written anew has none left for it to see.
"""

import torch
from torch import Tensor

from graph.ir import Graph, Node, Value, without_unused
from rewrites.editor import Editor, edited

NAME = "fold-batch-norm"

_CONVOLUTIONS = ("aten::conv2d", "aten::conv_transpose2d")


def fold_norms(graph: Graph) -> tuple[Graph, int]:
    """Fold each batch norm whose input is a convolution that nothing else reads; say how many."""
    producers, users = graph.producers(), graph.users()
    returned = {value.name for value in graph.output_values()}
    folded: dict[str, Node] = {}
    for node in graph.nodes:
        if node.op != "aten::batch_norm" or node.get("training"):
            continue
        before = producers.get(node.get("input").name)
        if before is None or before.op not in _CONVOLUTIONS or before.overload == "padding":
            continue
        alone = len(users[before.output.name]) == 1 and before.output.name not in returned
        parts = [before.get("weight"), node.get("running_mean"), node.get("running_var")]
        if alone and all(graph.constant(part) is not None for part in parts):
            folded[node.name] = before
    skipped = {before.name for before in folded.values()}

    def place(editor: Editor, node: Node) -> list[Value] | None:
        origin = editor.origin
        if origin is None or node.rewrite:
            return None
        if origin.name in skipped:
            # Stays, and goes at the end, as nothing reads it.
            return None
        before = folded.get(origin.name)
        return None if before is None else [_fold(editor, before, origin, node)]

    # The convolution's own input may have been replaced, so it is looked up among the nodes made so far.
    result = edited(graph, place)
    return without_unused(result), len(folded)


def _fold(editor: Editor, before: Node, norm: Node, node: Node) -> Value:
    made = next(done for done in reversed(editor.nodes) if node.get("input") in done.outputs)
    scale, shift = affine(editor, norm)
    weight, bias = editor.tensor(before.get("weight")), editor.tensor(before.get("bias"))
    assert weight is not None
    transposed = before.op == "aten::conv_transpose2d"
    bias = torch.zeros(len(scale)) if bias is None else bias
    if transposed:
        groups = before.get("groups")
        per_channel = scale.reshape(groups, 1, -1).expand(-1, weight.shape[0] // groups, -1)
        weight = weight * per_channel.reshape(weight.shape[0], -1, 1, 1)
    else:
        weight = weight * scale.reshape(-1, 1, 1, 1)
    arguments = {
        **made.arguments,
        "weight": editor.constant(weight.float()),
        "bias": editor.constant((bias * scale + shift).float()),
    }
    editor.rewrites.append(NAME)
    (value,) = editor.emit(made.op, made.overload, arguments)
    editor.rewrites.pop()
    return value


def affine(editor: Editor, norm: Node) -> tuple[Tensor, Tensor]:
    """Give scale and shift of a batch norm in evaluation, in float64: a channel becomes x * scale + shift."""
    mean, variance = editor.tensor(norm.get("running_mean")), editor.tensor(norm.get("running_var"))
    assert mean is not None and variance is not None
    weight, bias = editor.tensor(norm.get("weight")), editor.tensor(norm.get("bias"))
    scale = (variance.double() + norm.get("eps")).rsqrt()
    scale = scale if weight is None else scale * weight.double()
    shift = -mean.double() * scale
    return scale, shift if bias is None else shift + bias.double()
