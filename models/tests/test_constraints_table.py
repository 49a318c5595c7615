"""The rules against the truth table: they say what was measured.

Each twentieth row, or with VKFORGE_ALL_ROWS=1 all of them; `python3 -m graph.constraints.agreement` prints
the rate.
"""

import os
import subprocess
import sys
import unittest
from pathlib import Path

from graph.constraints import RUNTIMES, registered
from graph.constraints.agreement import REQUIRED, compare, disagreements, measured_rows, rate_of

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
