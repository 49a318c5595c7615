#!/usr/bin/env python3
"""Run upstream's tests, each run with another seed, and note which failed; `report.ts` makes the reports of it.

A test that fails is run again alone: with the seed that it failed with, and with others, so that a flaky test can be
told from one that is wrong. A process that dies fails the test that it was running; the rest runs on in another.

Writes records.json (schema 1). The exit code is 0 whatever the tests do, and 1 if none of a program's tests could run:
the program does not start, or skips all because Vulkan does not.
"""

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TESTS = ("vulkan_api_test", "vulkan_quantized_api_test")
RERUNS = 3
# Of processor time, so that a busy machine fails no test; a process that waits for a device uses none.
TIMEOUT_S = 1800
WAIT_FACTOR = 4
_LINE = re.compile(r"\[\s*(RUN|OK|FAILED|SKIPPED)\s*\] (\w+\.\w+)(?: \((\d+) ms\))?\s*$")


@dataclass
class TestRecord:
    """What came of one test over all runs."""

    name: str
    runs: int = 0
    failed_seeds: list[int] = field(default_factory=list)
    skipped: int = 0
    message: str = ""
    reruns: list[dict[str, Any]] = field(default_factory=list)
    time_ms: int = 0

    def to_json(self) -> dict[str, Any]:
        """Give what the reports need."""
        return {
            "name": self.name,
            "runs": self.runs,
            "skipped": self.skipped,
            "timeMs": self.time_ms,
            "failedSeeds": self.failed_seeds,
            **({"message": self.message, "reruns": self.reruns} if self.failed_seeds else {}),
        }


@dataclass(frozen=True)
class Outcome:
    """One test in one run."""

    name: str
    state: str
    time_ms: int
    output: str


class NoTestRanError(Exception):
    """A program ran none of its tests, so that nothing is known."""


class Suite:
    """One of upstream's programs."""

    def __init__(self, binary: Path, environment: dict[str, str], disabled: bool) -> None:
        """Remember what to start."""
        self.binary, self._environment = binary, environment
        self.last_words = ""
        """The end of what the program's last process printed."""
        self._disabled = ["--gtest_also_run_disabled_tests"] if disabled else []

    def run(self, seed: int, only: str | None = None) -> list[Outcome]:
        """Run all tests, or one; goes on behind a test that the process dies of."""
        outcomes: list[Outcome] = []
        while True:
            done = [outcome.name for outcome in outcomes]
            new, complete = self._process(seed, only, done)
            outcomes += new
            if complete or not new or only is not None:
                return outcomes

    def _process(self, seed: int, only: str | None, done: list[str]) -> tuple[list[Outcome], bool]:
        filters = only or ("-" + ":".join(done) if done else "*")
        launch = self._environment.get("VKFORGE_LAUNCH", "").splitlines()
        command = [*launch, str(self.binary), f"--gtest_filter={filters}"]
        command += ["--gtest_color=no", *self._disabled]
        environment = self._environment | {"VKFORGE_SEED": str(seed)}
        try:
            process = subprocess.run(
                command,
                capture_output=True,
                env=environment,
                timeout=TIMEOUT_S * WAIT_FACTOR,
                errors="replace",
                text=True,
                preexec_fn=_limit_processor_time,
            )
            text, how = process.stdout, f"ended with {process.returncode}: {process.stderr[-300:].strip()}"
            complete = process.returncode in (0, 1)
        except subprocess.TimeoutExpired as expired:
            text = (expired.stdout or b"").decode(errors="replace")
            how, complete = f"did not end in {TIMEOUT_S * WAIT_FACTOR} s", False
        self.last_words = f"The process {how}\n{text[-2000:]}".strip()
        outcomes, current, output = [], None, []
        for line in text.splitlines():
            found = _LINE.match(line)
            if found is None:
                output.append(line)
            elif found[1] == "RUN":
                current, output = found[2], []
            elif found[2] == current:
                outcomes.append(Outcome(current, found[1], int(found[3] or 0), "\n".join(output)[-2000:]))
                current = None
        if current is not None:
            outcomes.append(Outcome(current, "CRASHED", 0, f"The process {how}"))
        return outcomes, complete


def main() -> int:
    """Run, rerun what failed, and write the records."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binaries", type=Path, required=True, help="folder of upstream's programs")
    parser.add_argument("--plugin", type=Path, required=True, help="folder of the plug-in")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0, help="of the first run; the next ones count on")
    parser.add_argument("--disabled", action="store_true", help="tests that upstream disabled, too")
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)

    environment = with_library_folder(os.environ, options.plugin.resolve())
    suites = {}
    try:
        for name in TESTS:
            suite = Suite(options.binaries / name, environment, options.disabled)
            suites[name] = run_suite(suite, options.runs, options.seed)
    except NoTestRanError as error:
        print(error, file=sys.stderr)
        return 1
    document = {
        "schema": 1,
        "suites": {name: [record.to_json() for record in records.values()] for name, records in suites.items()},
    }
    (options.output / "records.json").write_text(json.dumps(document, indent=1) + "\n")
    return 0


def with_library_folder(environment: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Let programs find libraries in a folder, too."""
    path = f"{folder}:{environment.get('LD_LIBRARY_PATH', '')}".strip(":")
    given = {**environment, "LD_LIBRARY_PATH": path}
    # Outside the image, a program may have to be started through the image's loader (run_on_host.sh), whose last
    # argument is the path that it then looks in instead.
    launch = environment.get("VKFORGE_LAUNCH", "")
    if launch:
        *words, searched = launch.splitlines()
        given["VKFORGE_LAUNCH"] = "\n".join([*words, f"{folder}:{searched}"])
    return given


def run_suite(suite: Suite, runs: int, first_seed: int) -> dict[str, TestRecord]:
    """Run a program with one seed after the other."""
    records: dict[str, TestRecord] = {}
    for seed in range(first_seed, first_seed + runs):
        started = time.monotonic()
        outcomes = suite.run(seed)
        if all(outcome.state == "SKIPPED" for outcome in outcomes):
            how = f"skips all its {len(outcomes)} tests" if outcomes else "runs no test"
            raise NoTestRanError(f"{suite.binary.name} {how}\n{suite.last_words}")
        for outcome in outcomes:
            record = records.setdefault(outcome.name, TestRecord(outcome.name))
            record.runs += 1
            record.time_ms = max(record.time_ms, outcome.time_ms)
            record.skipped += outcome.state == "SKIPPED"
            if outcome.state in ("FAILED", "CRASHED"):
                record.failed_seeds.append(seed)
                record.message = record.message or outcome.output
        print(f"{suite.binary.name}: seed {seed} took {time.monotonic() - started:.0f} s", flush=True)
    for record in records.values():
        if record.failed_seeds:
            seed = record.failed_seeds[0]
            for again in [seed] * RERUNS + [first_seed + runs + i for i in range(RERUNS)]:
                states = [outcome.state for outcome in suite.run(again, only=record.name)]
                record.reruns.append({"seed": again, "passed": states == ["OK"]})
    return records


def _limit_processor_time() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (TIMEOUT_S, TIMEOUT_S))


if __name__ == "__main__":
    sys.exit(main())
