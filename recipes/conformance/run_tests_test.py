#!/usr/bin/env python3
"""run_tests.py against programs that print what gtest prints."""

import stat
import tempfile
import unittest
from pathlib import Path

from run_tests import NoTestRanError, Suite, run_suite, with_library_folder

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


ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/local/bin"}


def program_in(folder: Path, text: str) -> Path:
    """Write a program."""
    program = folder / "program"
    program.write_text(text)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program


class RunSuite(unittest.TestCase):
    """Failed, flaky and dying tests."""

    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        program = program_in(Path(folder.name), PROGRAM)
        cls.records = run_suite(Suite(program, ENVIRONMENT, disabled=False), 4, 0)

    def test_failed_seeds_and_reruns(self) -> None:
        failed = {name: record.failed_seeds for name, record in self.records.items()}
        every = [0, 1, 2, 3]
        self.assertEqual(failed, {"T.good": [], "T.odd": [1, 3], "T.bad": every, "T.dies": every, "T.last": []})
        # With the seed that failed first, and with seeds that were not run.
        again = [(one["seed"], one["passed"]) for one in self.records["T.odd"].reruns]
        self.assertEqual(again, [(1, False)] * 3 + [(4, True), (5, False), (6, True)])

    def test_what_stands_behind_a_dying_test_runs_in_every_run(self) -> None:
        self.assertEqual(self.records["T.last"].runs, 4)

    def test_says_what_failed(self) -> None:
        self.assertEqual(self.records["T.bad"].to_json()["message"], "why")
        self.assertRegex(self.records["T.dies"].to_json()["message"], "The process ended with -6")
        self.assertNotIn("message", self.records["T.good"].to_json())


class NothingRan(unittest.TestCase):
    """Programs whose silence must not look like success."""

    def run_program(self, text: str) -> str:
        with tempfile.TemporaryDirectory() as folder:
            suite = Suite(program_in(Path(folder), text), ENVIRONMENT, disabled=False)
            with self.assertRaises(NoTestRanError) as raised:
                run_suite(suite, 1, 0)
        return str(raised.exception)

    def test_a_program_that_does_not_start_gives_its_words(self) -> None:
        said = self.run_program("#!/bin/sh\necho libX11.so.6: cannot open >&2; exit 127\n")
        self.assertRegex(said, r"program runs no test\nThe process ended with 127: libX11.so.6: cannot open")

    def test_skipping_everything_is_not_success(self) -> None:
        said = self.run_program(
            "#!/bin/sh\necho '[ RUN      ] T.a'; echo 'no Vulkan'; echo '[  SKIPPED ] T.a (0 ms)'\n"
        )
        self.assertRegex(said, r"(?s)program skips all its 1 tests.*no Vulkan")


class LibraryFolder(unittest.TestCase):
    """Where programs look for the plug-in."""

    def test_comes_before_what_was_searched(self) -> None:
        self.assertEqual(with_library_folder({"LD_LIBRARY_PATH": "/a"}, Path("/p"))["LD_LIBRARY_PATH"], "/p:/a")

    def test_is_given_to_the_loader_that_starts_programs(self) -> None:
        given = with_library_folder({"VKFORGE_LAUNCH": "/ld.so\n--library-path\n/a:/b"}, Path("/p"))
        self.assertEqual(given["VKFORGE_LAUNCH"], "/ld.so\n--library-path\n/p:/a:/b")


if __name__ == "__main__":
    unittest.main()
