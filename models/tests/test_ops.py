"""The truth table's own parts: reading errors, comparing, finding cases, workers that die."""

import os
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import torch

from ops import pool
from ops.case import Case, Function, seeded
from ops.collect import Row, families, rows
from ops.compare import difference, flat
from ops.verdict import Verdict, is_good, of_error, sentence_of

NAN, INF = float("nan"), float("inf")


def compared(actual: list[float], exact: list[float]) -> object:
    like = torch.tensor(exact)
    return difference([torch.tensor(actual)], [torch.tensor(exact, dtype=torch.float64)], [like])


class Difference(unittest.TestCase):
    """Comparing outputs."""

    def test_error_is_relative_to_the_scale(self) -> None:
        self.assertAlmostEqual(compared([10.0, 0.1], [10.0, 0.0]).error, 0.01, places=6)

    def test_nan_counts_where_it_should_not_be(self) -> None:
        self.assertIn("NaN at 1 of 2", compared([NAN, 1.0], [1.0, 1.0]).reason)

    def test_nan_where_it_should_be_is_right(self) -> None:
        self.assertEqual(compared([NAN, 1.0], [NAN, 1.0]).error, 0)

    def test_infinities_must_have_the_same_sign(self) -> None:
        self.assertIn("Inf", compared([-INF, 1.0], [INF, 1.0]).reason)

    def test_what_float32_cannot_hold_is_inf(self) -> None:
        found = difference([torch.tensor([INF])], [torch.tensor([1e300], dtype=torch.float64)], [torch.tensor([INF])])
        self.assertIsNone(found.reason)

    def test_shape_and_dtype_count(self) -> None:
        like = torch.zeros(2, 1)
        self.assertIn("shape", difference([torch.zeros(1, 2)], [like.double()], [like]).reason)
        self.assertIn("int64", difference([torch.zeros(2, 1).long()], [like.double()], [like]).reason)

    def test_a_missing_output_is_told(self) -> None:
        self.assertEqual(difference([], [torch.zeros(1)], [torch.zeros(1)]).reason, "0 outputs instead of 1")

    def test_flat_goes_through_nestings(self) -> None:
        a, b = torch.zeros(1), torch.ones(1)
        self.assertEqual(len(flat((a, [b, {"x": a}], 3))), 3)


class Errors(unittest.TestCase):
    """Reading error messages."""

    def test_kinds(self) -> None:
        for message, kind in {
            "Could not run 'aten::silu.out' with arguments from the 'Vulkan' backend. This could": "missing",
            "Cannot access data pointer of Tensor that doesn't have storage": "missing",
            'false INTERNAL ASSERT FAILED at "Tensor.cpp":40, please report a bug': "unclear",
            "expected scalar type Float but found UNKNOWN_SCALAR": "unclear",
            "Vulkan softmax expects dim == 1 (channel)": "refused",
            "vkQueueSubmit returned VK_ERROR_DEVICE_LOST": "crashed",
        }.items():
            with self.subTest(message):
                self.assertEqual(of_error(message).kind, kind)

    def test_sentence_leaves_tracebacks_out(self) -> None:
        text = "The following operation failed.\nTraceback of TorchScript\na.py(1): f\nRuntimeError: It is too large\n\n"
        self.assertEqual(sentence_of(text), "It is too large")

    def test_a_refusal_is_good_only_where_the_case_expects_it(self) -> None:
        refused = Verdict("refused", message="Vulkan cannot run aten::cat: 5 dimensions")
        self.assertTrue(is_good(refused, "5 dimensions"))
        self.assertFalse(is_good(refused, None))
        self.assertFalse(is_good(Verdict("unclear", message="5 dimensions"), "5 dimensions"))
        self.assertFalse(is_good(Verdict("wrong"), None))


class Cases(unittest.TestCase):
    """The cases as a whole."""

    def test_every_family_has_rows(self) -> None:
        for family in families():
            with self.subTest(family):
                self.assertGreater(len(rows([family])), 0)

    def test_seeded_values_depend_on_the_seed_only(self) -> None:
        self.assertTrue(torch.equal(seeded((2, 3), seed=1), seeded((2, 3), seed=1)))
        self.assertFalse(torch.equal(seeded((2, 3), seed=1), seeded((2, 3), seed=2)))

    def test_an_unknown_form_is_refused(self) -> None:
        with self.assertRaisesRegex(ValueError, "eager"):
            Case(op="x", name="y", module=torch.nn.Identity, inputs=list, forms=("fast",))


WORKER = """
import json, os, sys, time
print(json.dumps({"device": {"deviceName": "fake"}}), flush=True)
for line in sys.stdin:
    name = line.strip().split("/")[2]
    if name == "dies": os.abort()
    if name == "hangs":
        while True: pass
    print(json.dumps({"kind": "right"}), flush=True)
"""


class Workers(unittest.TestCase):
    """Processes that die or hang become verdicts, and the run goes on."""

    def test_run_rows_survives_them(self) -> None:
        def case(name: str) -> Row:
            made = Case(op="op", name=name, module=lambda: Function(abs), inputs=list, timeout_s=0.3)
            return Row("family", made, "eager")

        answers: dict[str, dict[str, str]] = {}
        with tempfile.TemporaryDirectory() as folder:
            fake = Path(folder) / "python"
            script = Path(folder) / "worker.py"
            script.write_text(WORKER)
            fake.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{script}"\n')
            fake.chmod(0o755)
            with mock.patch.object(pool.sys, "executable", str(fake)):
                chosen = [case(name) for name in ("a", "dies", "b", "hangs", "c")]
                device = pool.run_rows(
                    Path("x.so"),
                    chosen,
                    workers=1,
                    only=[],
                    on_answer=lambda row, answer: answers.update({row.case.name: answer}),
                )
        self.assertEqual(device["deviceName"], "fake")
        self.assertEqual([answers[name]["kind"] for name in "abc"], ["right"] * 3)
        self.assertIn("SIGABRT", answers["dies"]["message"])
        self.assertIn("no answer", answers["hangs"]["message"])
        self.assertEqual(answers["hangs"]["kind"], "crashed")


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    unittest.main()
