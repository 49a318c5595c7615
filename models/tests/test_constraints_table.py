"""The rules against the truth table: they say what was measured.

Each twentieth row, or with VKFORGE_ALL_ROWS=1 all of them; `python3 -m graph.constraints.agreement` prints
the rate.
"""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from graph.constraints import RUNTIMES, Verdict, registered
from graph.constraints.agreement import REQUIRED, Compared, compare, disagreements, measured_rows, rate_of

TABLE = Path(__file__).parent.parent / "ops" / "truth_table.json"
EVERY = 1 if os.environ.get("VKFORGE_ALL_ROWS") else 20


class Agreement(unittest.TestCase):
    """Predictions and measurements."""

    @unittest.skipUnless(TABLE.exists(), "there is no truth table")
    def test_rules_say_what_was_measured(self) -> None:
        for runtime in RUNTIMES:
            with self.subTest(runtime):
                compared = list(compare(measured_rows(TABLE, f"swiftshader/{runtime}"), runtime, every=EVERY))
                told = "\n".join(
                    f"{one.key}: {one.predicted}, measured {one.measured}" for one in disagreements(compared)
                )
                print(f"{runtime}: {len(compared)} rows, {rate_of(compared):.2%} agree")
                self.assertGreaterEqual(rate_of(compared), REQUIRED[runtime], told)


class Measured(unittest.TestCase):
    """measured_rows()."""

    def test_a_table_has_columns_and_numbered_answers(self) -> None:
        table = {
            "columns": [{"name": "lavapipe/stock"}, {"name": "swiftshader/stock"}],
            "answers": [{"kind": "right"}, {"kind": "unclear", "message": "false"}],
            "operators": [
                {
                    "family": "shape",
                    "op": "cat",
                    "cases": [{"name": "a", "forms": {"eager": [0, 1], "lite": [1, None]}}],
                }
            ],
        }
        self.assertEqual(self.read(table, "swiftshader/stock"), {"shape/cat/a/eager": ("error", "false")})
        self.assertEqual(self.read(table, "lavapipe/stock")["shape/cat/a/eager"], ("right", ""))
        with self.assertRaisesRegex(SystemExit, 'no column "gpu/stock"'):
            self.read(table, "gpu/stock")

    def test_a_run_has_rows(self) -> None:
        row = {
            "family": "shape",
            "op": "cat",
            "name": "a",
            "form": "eager",
            "kind": "wrong",
            "message": "off",
        }
        run = {"rows": [row, {**row, "name": "b", "kind": "faulty"}]}
        self.assertEqual(self.read(run, ""), {"shape/cat/a/eager": ("wrong", "off")})

    def read(self, document: object, column: str) -> dict[str, tuple[str, str]]:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "table.json"
            file.write_text(json.dumps(document))
            return measured_rows(file, column)


class Comparison(unittest.TestCase):
    """Compared."""

    def test_by_chance_is_neither_agreement_nor_disagreement(self) -> None:
        chance = Compared("a", Verdict("wrong", by_chance=True), "right")
        self.assertEqual((chance.agrees, chance.by_chance), (False, True))
        self.assertEqual(disagreements([chance, Compared("b", Verdict("missing"), "error")]), [])
        self.assertEqual(len(disagreements([Compared("c", Verdict("right"), "wrong")])), 1)


@unittest.skipUnless("VKFORGE_PLUGIN" in os.environ, "VKFORGE_PLUGIN is not set")
class Registered(unittest.TestCase):
    """The list of kernels."""

    def test_the_list_is_the_plug_ins(self) -> None:
        ask = (
            "import sys, torch; torch.ops.load_library(sys.argv[1]); "
            "print('\\n'.join(torch._C._dispatch_get_registrations_for_dispatch_key('Vulkan')))"
        )
        command = [sys.executable, "-c", ask, os.environ["VKFORGE_PLUGIN"]]
        found = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        self.assertEqual(sorted(found), sorted(registered("vkforge")))


if __name__ == "__main__":
    unittest.main()
