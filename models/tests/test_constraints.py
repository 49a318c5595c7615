"""The rules: what is predicted of operators, without a device."""

import re
import unittest
from pathlib import Path
from typing import Any

import torch
from torch import nn

import rewrites.all  # noqa: F401 - it fills the list
from graph import constraints
from graph.constraints import (
    KINDS,
    CpuRefusesError,
    Limits,
    TensorFacts,
    Verdict,
    decisive,
    node_verdict,
    verdict,
)
from graph.load import graph_of
from rewrites.rewrite import REWRITES

IMAGE = TensorFacts((1, 8, 9, 11))


def conv(source: TensorFacts, weight: tuple[int, ...], **changed: Any) -> dict[str, Any]:  # noqa: ANN401
    """Give the arguments of a convolution with a bias, changed as told."""
    arguments: dict[str, Any] = {
        "input": source,
        "weight": TensorFacts(weight, where="cpu"),
        "bias": TensorFacts((weight[0],), where="cpu"),
        "stride": [1, 1],
        "padding": [0, 0],
        "dilation": [1, 1],
        "groups": 1,
    }
    return {**arguments, **changed}


def pool(source: TensorFacts, **changed: Any) -> dict[str, Any]:  # noqa: ANN401
    """Give the arguments of a pool of 3x3 with padding, changed as told."""
    return {"self": source, "kernel_size": [3, 3], "stride": [2, 2], "padding": [1, 1], **changed}


class Stock(unittest.TestCase):
    """What upstream's backend makes of operators."""

    def assert_verdict(self, found: Verdict, kind: str, part: str = "", rewrite: str | None = None) -> None:
        self.assertEqual(found.kind, kind, found)
        self.assertIn(part, found.reason)
        self.assertEqual(found.rewrite, rewrite)

    def test_a_plain_convolution_is_right(self) -> None:
        self.assert_verdict(verdict("aten::conv2d", conv(IMAGE, (4, 8, 3, 3)), "stock"), "right")

    def test_a_batch_is_wrong(self) -> None:
        found = verdict("aten::conv2d", conv(TensorFacts((2, 8, 9, 9)), (4, 8, 3, 3)), "stock")
        self.assert_verdict(found, "wrong", "first image", "conv-batch")

    def test_groups_are_wrong_but_for_depthwise_ones(self) -> None:
        grouped = verdict("aten::conv2d", conv(IMAGE, (8, 4, 3, 3), groups=2), "stock")
        self.assert_verdict(grouped, "wrong", "groups", "grouped-conv")
        self.assert_verdict(verdict("aten::conv2d", conv(IMAGE, (8, 1, 3, 3), groups=8), "stock"), "right")

    def test_dilation_is_wrong_where_padding_misses_its_taps(self) -> None:
        wrong = conv(IMAGE, (4, 8, 3, 3), dilation=[2, 2], padding=[2, 2])
        self.assert_verdict(verdict("aten::conv2d", wrong, "stock"), "wrong", "tap", "dilated-conv-padding")
        unpadded = conv(IMAGE, (4, 8, 3, 3), dilation=[2, 2])
        self.assert_verdict(verdict("aten::conv2d", unpadded, "stock"), "right")
        fitting = conv(IMAGE, (4, 8, 3, 3), dilation=[2, 2], padding=[2, 2], stride=[2, 2])
        self.assert_verdict(verdict("aten::conv2d", fitting, "stock"), "right")

    def test_an_uploaded_image_of_three_channels_is_wrong_by_chance(self) -> None:
        found = verdict("aten::conv2d", conv(TensorFacts((1, 3, 9, 9), uploaded=True), (4, 3, 3, 3)), "stock")
        self.assert_verdict(found, "wrong", "lanes", "input-lanes")
        self.assertTrue(found.by_chance)

    def test_a_missing_bias_is_refused_unless_packed(self) -> None:
        arguments = conv(IMAGE, (4, 8, 3, 3), bias=None)
        self.assert_verdict(verdict("aten::conv2d", arguments, "stock"), "refused", "bias", "conv-bias")
        self.assert_verdict(verdict("aten::conv2d", arguments, "stock", form="packed"), "right")

    def test_max_pool_is_wrong_at_the_border_unless_nothing_is_negative(self) -> None:
        self.assert_verdict(
            verdict("aten::max_pool2d", pool(IMAGE), "stock"), "wrong", "count as 0", "max-pool-border"
        )
        positive = TensorFacts(IMAGE.shape, non_negative=True)
        self.assert_verdict(verdict("aten::max_pool2d", pool(positive), "stock"), "right")
        self.assert_verdict(verdict("aten::max_pool2d", pool(IMAGE, padding=[0, 0]), "stock"), "right")

    def test_an_operator_without_a_kernel_is_missing(self) -> None:
        self.assert_verdict(verdict("aten::silu", {"self": IMAGE}, "stock"), "missing", "aten::silu")

    def test_a_composite_says_what_it_asks_for(self) -> None:
        found = verdict("aten::group_norm", {"input": IMAGE, "num_groups": 2}, "stock")
        self.assertEqual((found.kind, found.op), ("missing", "aten::native_batch_norm"))

    def test_softmax_is_wrong_for_values_that_are_not_known_to_be_small(self) -> None:
        found = verdict("aten::softmax.int", {"self": IMAGE, "dim": 1}, "stock")
        self.assert_verdict(found, "wrong", "88", "softmax-shift")
        last = verdict("aten::softmax.int", {"self": IMAGE, "dim": -1}, "stock")
        self.assert_verdict(last, "refused", "dimension 1", "softmax-by-layout")


class Vkforge(unittest.TestCase):
    """What the patched backend makes of them."""

    def test_what_stock_does_wrong_is_right(self) -> None:
        for arguments in (
            conv(TensorFacts((2, 3, 9, 9), uploaded=True), (4, 3, 3, 3), dilation=[2, 2], padding=[2, 2]),
            conv(IMAGE, (8, 4, 3, 3), groups=2, bias=None),
        ):
            self.assertEqual(verdict("aten::conv2d", arguments, "vkforge").kind, "right")
        self.assertEqual(verdict("aten::max_pool2d", pool(IMAGE), "vkforge").kind, "right")

    def test_whole_numbers_are_refused(self) -> None:
        found = verdict("aten::gt.Scalar", {"self": IMAGE, "other": 0}, "vkforge")
        self.assertEqual(found.kind, "refused")
        self.assertIn("bool", found.reason)

    def test_an_operator_without_a_kernel_is_missing(self) -> None:
        self.assertEqual(verdict("aten::erfinv", {"self": IMAGE}, "vkforge").kind, "missing")


class BothRuntimes(unittest.TestCase):
    """What no runtime can do."""

    def test_five_dimensions_are_too_many(self) -> None:
        for runtime in ("stock", "vkforge"):
            found = verdict("aten::view", {"self": IMAGE, "size": [1, 2, 4, 9, 11]}, runtime)
            self.assertEqual(found.kind, "too-many-dimensions", runtime)

    def test_images_have_limits(self) -> None:
        for runtime in ("stock", "vkforge"):
            found = verdict("aten::view", {"self": IMAGE, "size": [1, 8, 1, 99]}, runtime, limits=Limits(64))
            self.assertEqual(found.kind, "over-image-limits", runtime)
            self.assertIn("99 x 1 x 2", found.reason)

    def test_what_the_cpu_refuses_is_no_verdict(self) -> None:
        with self.assertRaises(CpuRefusesError):
            verdict("aten::add.Tensor", {"self": IMAGE, "other": TensorFacts((1, 8, 9, 7))}, "vkforge")

    def test_an_unknown_operator_is_told(self) -> None:
        with self.assertRaisesRegex(LookupError, "aten::no_such"):
            verdict("aten::no_such", {}, "stock")

    def test_the_first_error_decides_before_a_wrong_result(self) -> None:
        wrong, refused = Verdict("wrong", "a"), Verdict("refused", "b")
        self.assertEqual(decisive([wrong, refused]), refused)
        self.assertEqual(decisive([wrong]), wrong)
        self.assertEqual(decisive([]).kind, "right")


class Rewrites(unittest.TestCase):
    """The rewrites that verdicts name."""

    def test_each_is_one_that_there_is(self) -> None:
        texts = [file.read_text() for file in Path(constraints.__path__[0]).rglob("*.py")]
        named = {name for text in texts for name in re.findall(r'"([a-z0-9]+(?:-[a-z0-9]+)+)"', text)}
        known = {rewrite.name for rewrite in REWRITES}
        self.assertGreater(len(named & known), 10)
        self.assertEqual(named - known - set(KINDS), set())


class Nodes(unittest.TestCase):
    """Nodes of a graph."""

    def test_inputs_count_as_uploaded_and_weights_as_packed(self) -> None:
        module = nn.Sequential(nn.Conv2d(3, 8, 3, bias=False), nn.SiLU()).eval()
        x = torch.rand(1, 3, 9, 9)
        with torch.no_grad():
            graph = graph_of(torch.jit.trace(module, x), [x])
        stock = [node_verdict(graph, node, "stock") for node in graph.nodes]
        self.assertEqual([found.kind for found in stock], ["wrong", "missing"])
        self.assertEqual(
            [node_verdict(graph, node, "vkforge").kind for node in graph.nodes], ["right", "right"]
        )

    def test_values_decide_where_they_matter(self) -> None:
        x = torch.rand(1, 4, 8, 8)
        with torch.no_grad():
            graph = graph_of(torch.jit.trace(nn.MaxPool2d(3, 2, 1), x), [x])
        (node,) = graph.nodes
        name = graph.inputs[0].name
        self.assertEqual(node_verdict(graph, node, "stock", values={name: x}).kind, "right")
        self.assertEqual(node_verdict(graph, node, "stock", values={name: -x}).kind, "wrong")


if __name__ == "__main__":
    unittest.main()
