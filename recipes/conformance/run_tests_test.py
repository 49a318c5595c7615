#!/usr/bin/env python3
"""run_tests.py against programs that print what gtest prints."""

import stat
import tempfile
import unittest
from pathlib import Path

from run_tests import Suite, junit, run_suite, summary_of

# Passes, fails for odd seeds, always fails, kills the process.
PROGRAM = """#!/usr/bin/env python3
import os, sys
chosen = next(a for a in sys.argv if a.startswith("--gtest_filter=")).split("=")[1]
seed = int(os.environ["VKFORGE_SEED"])
for name in ("T.good", "T.odd", "T.bad", "T.dies", "T.last"):
    if chosen.startswith("-") and name in chosen[1:].split(":"): continue
    if not chosen.startswith("-") and chosen not in ("*", name): continue
    print(f"[ RUN      ] {name}", flush=True)
    if name == "T.dies": os.abort()
    bad = name == "T.bad" or (name == "T.odd" and seed % 2)
    print("why" if bad else "", flush=True)
    print(f"[  FAILED  ] {name} (3 ms)" if bad else f"[       OK ] {name} (2 ms)", flush=True)
"""


class RunSuite(unittest.TestCase):
    """Failed, flaky and dying tests."""

    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        program = Path(folder.name) / "program"
        program.write_text(PROGRAM)
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        cls.records = run_suite(Suite(program, {"PATH": "/usr/bin:/bin:/usr/local/bin"}, disabled=False), 4, 0)

    def test_statuses(self) -> None:
        statuses = {name: record.status for name, record in self.records.items()}
        expected = {"T.good": "passed", "T.odd": "flaky", "T.bad": "failed", "T.dies": "failed", "T.last": "passed"}
        self.assertEqual(statuses, expected)

    def test_what_stands_behind_a_dying_test_runs_in_every_run(self) -> None:
        self.assertEqual(self.records["T.last"].runs, 4)

    def test_flaky_tests_are_listed_with_their_seeds(self) -> None:
        summary = summary_of(self.records)
        self.assertEqual((summary["passed"], summary["flaky"], summary["failed"]), (2, 1, 2))
        odd = next(one for one in summary["notPassed"] if one["name"] == "T.odd")
        self.assertEqual(odd["failedSeeds"], [1, 3])

    def test_junit_counts_failures_but_not_flakes(self) -> None:
        root = junit({"program": self.records}).getroot()
        self.assertEqual(root[0].get("failures"), "2")
        self.assertEqual(len(root.findall(".//flakyFailure")), 1)


if __name__ == "__main__":
    unittest.main()
