"""Rewrites on upstream's backend: each example fails without its rewrite and is right with it.

Needs VKFORGE_STOCK_PLUGIN (the unpatched plug-in's path) and a Vulkan driver, or is skipped. The examples
that are bound to fail run in a process of their own, and in another once a failure left the backend unusable.
"""

import json
import os
import subprocess
import sys
import unittest
from collections.abc import Sequence

import torch
from rewrite_examples import EXAMPLES
from test_rewrites import graph_for
from torch import Tensor

from graph.emit import module_of
from graph.operators import flat
from rewrites.mend import mend

TOLERANCE = 1e-5


@unittest.skipUnless("VKFORGE_STOCK_PLUGIN" in os.environ, "VKFORGE_STOCK_PLUGIN is not set")
class OnStock(unittest.TestCase):
    """What the unpatched backend makes of the examples."""

    def test_each_is_right_with_its_rewrite(self) -> None:
        for index, error in run("mended", range(len(EXAMPLES))).items():
            with self.subTest(f"{EXAMPLES[index].rewrite} ({index})"):
                self.assertTrue(isinstance(error, float) and error <= TOLERANCE, error)

    def test_each_fails_without_it(self) -> None:
        certain = [index for index, example in enumerate(EXAMPLES) if not example.by_luck]
        for index, error in run("plain", certain).items():
            with self.subTest(f"{EXAMPLES[index].rewrite} ({index})"):
                self.assertFalse(isinstance(error, float) and error <= TOLERANCE, error)


def run(form: str, indices: Sequence[int]) -> dict[int, float | str]:
    """Run examples in another process; give each one's error, or what it said when it failed."""
    found: dict[int, float | str] = {}
    rest = list(indices)
    while rest:
        command = [sys.executable, __file__, form, *map(str, rest)]
        done = subprocess.run(command, capture_output=True, text=True)
        lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]
        if not lines:
            # It died in the first one.
            lines = [[rest[0], f"exit code {done.returncode}: {done.stderr[-200:]}"]]
        found.update(dict(lines))
        rest = [index for index in rest if index not in found]
    return found


def main(form: str, indices: Sequence[int]) -> None:
    """Run examples; stop after one that left the backend unusable."""
    torch.ops.load_library(os.environ["VKFORGE_STOCK_PLUGIN"])
    for index in indices:
        graph, inputs = graph_for(EXAMPLES[index])
        module = module_of(mend(graph, "stock").graph if form == "mended" else graph)
        exact = flat(module_of(graph)(*inputs))
        try:
            error = difference(module, inputs, exact)
            # NaN is no JSON.
            said: float | str = error if error == error else "NaN"
        except RuntimeError as failure:
            said = str(failure).strip().split("\n")[-1][:300]
        print(json.dumps([index, said]), flush=True)
        if not usable():
            break
    # Drivers' destructors at exit are not what is looked at.
    os._exit(0)


def usable() -> bool:
    """Whether the backend still computes what it always can."""
    try:
        with torch.inference_mode():
            return bool((torch.full((1, 4, 2, 2), -1.0).to("vulkan").relu().cpu() == 0).all())
    except RuntimeError:
        return False


def difference(module: torch.jit.ScriptModule, inputs: Sequence[Tensor], exact: Sequence[Tensor]) -> float:
    """Give the largest error on Vulkan, relative to the scale."""
    with torch.inference_mode():
        outputs = [output.cpu() for output in flat(module(*(x.to("vulkan") for x in inputs)))]
    errors = [float((a - b).abs().max() / b.abs().max()) for a, b in zip(outputs, exact, strict=True)]
    return max(errors, key=lambda error: float("inf") if error != error else error)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(sys.argv[1], [int(text) for text in sys.argv[2:]])
    else:
        unittest.main()
