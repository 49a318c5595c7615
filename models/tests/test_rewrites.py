"""Rewrites: each mends its example for the stock runtime, and computes the same on the CPU."""

import unittest
import warnings

import torch
from rewrite_examples import EXAMPLES, Example
from torch import Tensor, nn

from graph.emit import module_of
from graph.execute import run_graph
from graph.ir import Graph
from graph.load import graph_of
from rewrites.all import REWRITES
from rewrites.fold_norms import fold_norms
from rewrites.mend import Mended, judge, largest_difference, mend

# What polynomials and weights in float32 leave; all else is exact.
TOLERANCE = 1e-6


def inputs_of(example: Example) -> list[Tensor]:
    """Give seeded inputs of both signs."""
    generator = torch.Generator().manual_seed(1)
    return [torch.randn(shape, generator=generator) for shape in example.shapes]


def graph_for(example: Example) -> tuple[Graph, list[Tensor]]:
    """Give the example as a graph."""
    torch.manual_seed(0)
    inputs = inputs_of(example)
    module = example.module().eval()
    for part in module.modules():
        if isinstance(part, nn.BatchNorm2d):
            part.running_mean.uniform_(-0.5, 0.5)
            part.running_var.uniform_(0.5, 1.5)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return graph_of(torch.jit.trace(module, tuple(inputs), check_trace=False), inputs), inputs


def mended(example: Example) -> tuple[Graph, Mended, list[Tensor]]:
    """Give graph, mended graph, inputs."""
    graph, inputs = graph_for(example)
    return graph, mend(graph, "stock"), inputs


class OnTheCpu(unittest.TestCase):
    """What needs no device."""

    def test_every_rewrite_has_an_example(self) -> None:
        self.assertEqual({rewrite.name for rewrite in REWRITES}, {example.rewrite for example in EXAMPLES})

    def test_each_mends_its_example_and_computes_the_same(self) -> None:
        for index, example in enumerate(EXAMPLES):
            with self.subTest(f"{example.rewrite} ({index})"):
                graph, result, inputs = mended(example)
                self.assertIn(example.rewrite, result.applied)
                self.assertEqual([finding.left for finding in result.findings if finding.left], [])
                self.assertLess(largest_difference(graph, result.graph, inputs), TOLERANCE)

    def test_what_is_mended_needs_no_more(self) -> None:
        for example in EXAMPLES[:12]:
            with self.subTest(example.rewrite):
                again = mend(mended(example)[1].graph, "stock")
                self.assertEqual(again.applied, {})

    def test_a_mended_graph_becomes_a_module(self) -> None:
        graph, result, inputs = mended(EXAMPLES[0])
        self.assertTrue(torch.allclose(module_of(result.graph)(*inputs), run_graph(graph, inputs), atol=1e-5))

    def test_nothing_is_rewritten_that_is_right(self) -> None:
        module = nn.Sequential(nn.Conv2d(4, 8, 3), nn.ReLU(), nn.MaxPool2d(3, 2, 1))
        graph = graph_of(torch.jit.trace(module, torch.zeros(1, 4, 9, 9)), [torch.zeros(1, 4, 9, 9)])
        self.assertEqual(mend(graph, "stock").applied, {})
        self.assertEqual({finding.verdict.kind for finding in judge(graph, "stock")}, {"right"})

    def test_norms_fold_into_convolutions_of_both_kinds(self) -> None:
        torch.manual_seed(0)
        module = nn.Sequential(
            nn.Conv2d(3, 8, 3, bias=False),
            nn.BatchNorm2d(8),
            nn.ReLU(),
            nn.ConvTranspose2d(8, 6, 3, groups=2),
            nn.BatchNorm2d(6),
        ).eval()
        for part in (module[1], module[4]):
            part.running_mean.uniform_(-0.5, 0.5)
            part.running_var.uniform_(0.5, 1.5)
        x = torch.randn(1, 3, 9, 9)
        graph = graph_of(torch.jit.trace(module, x, check_trace=False), [x])
        folded, count = fold_norms(graph)
        self.assertEqual(count, 2)
        self.assertNotIn("aten::batch_norm", [node.op for node in folded.nodes])
        self.assertLess(largest_difference(graph, folded, [x]), TOLERANCE)


if __name__ == "__main__":
    unittest.main()
