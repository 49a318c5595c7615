#!/usr/bin/env python3
"""Run upstream's tests several times, each time with another seed, and tell failed tests from flaky ones.

A test that fails is run again alone: with the seed that it failed with, and with others. One that fails each time has
failed; one that passes sometimes is flaky, and is reported with the seeds that it failed with. A process that dies
fails the test that it was running; the rest runs on in another.

Writes summary.json (schema 1) and junit.xml. The exit code is 0 whatever the tests do.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

TESTS = ("vulkan_api_test", "vulkan_quantized_api_test")
RERUNS = 3
TIMEOUT_S = 1800
_LINE = re.compile(r"\[\s*(RUN|OK|FAILED|SKIPPED)\s*\] (\w+\.\w+)(?: \((\d+) ms\))?\s*$")


@dataclass
class TestRecord:
    """What came of one test over all runs."""

    name: str
    runs: int = 0
    failed_seeds: list[int] = field(default_factory=list)
    skipped: int = 0
    messages: list[str] = field(default_factory=list)
    reruns: list[dict[str, Any]] = field(default_factory=list)
    time_ms: int = 0

    @property
    def status(self) -> str:
        """Say "passed", "skipped", "flaky" or "failed"."""
        if self.failed_seeds:
            passed_sometimes = self.runs > len(self.failed_seeds) or any(one["passed"] for one in self.reruns)
            return "flaky" if passed_sometimes else "failed"
        return "skipped" if self.skipped == self.runs else "passed"


@dataclass(frozen=True)
class Outcome:
    """One test in one run."""

    name: str
    state: str
    time_ms: int
    output: str


class Suite:
    """One of upstream's programs."""

    def __init__(self, binary: Path, environment: dict[str, str], disabled: bool) -> None:
        """Remember what to start."""
        self.binary, self._environment = binary, environment
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
        command = [*os.environ.get("VKFORGE_LAUNCH", "").split(), str(self.binary), f"--gtest_filter={filters}"]
        command += ["--gtest_color=no", *self._disabled]
        environment = self._environment | {"VKFORGE_SEED": str(seed)}
        try:
            process = subprocess.run(
                command, capture_output=True, env=environment, timeout=TIMEOUT_S, errors="replace", text=True
            )
            text, how = process.stdout, f"ended with {process.returncode}: {process.stderr[-300:].strip()}"
            complete = process.returncode in (0, 1)
        except subprocess.TimeoutExpired as expired:
            text = (expired.stdout or b"").decode(errors="replace")
            how, complete = f"did not end in {TIMEOUT_S} s", False
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
    """Run, rerun what failed, and write the reports."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binaries", type=Path, required=True, help="folder of upstream's programs")
    parser.add_argument("--plugin", type=Path, required=True, help="folder of the plug-in")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0, help="of the first run; the next ones count on")
    parser.add_argument("--disabled", action="store_true", help="tests that upstream disabled, too")
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)

    path = f"{options.plugin.resolve()}:{os.environ.get('LD_LIBRARY_PATH', '')}".strip(":")
    environment = {**os.environ, "LD_LIBRARY_PATH": path}
    suites = {}
    for name in TESTS:
        suite = Suite(options.binaries / name, environment, options.disabled)
        suites[name] = run_suite(suite, options.runs, options.seed)
    summary = {
        "schema": 1,
        "runs": options.runs,
        "seed": options.seed,
        "disabled": options.disabled,
        "suites": {name: summary_of(records) for name, records in suites.items()},
    }
    (options.output / "summary.json").write_text(json.dumps(summary, indent=1) + "\n")
    junit(suites).write(options.output / "junit.xml", encoding="utf-8", xml_declaration=True)
    for name, counted in summary["suites"].items():
        counts = ", ".join(f"{counted[key]} {key}" for key in ("passed", "failed", "flaky", "skipped") if counted[key])
        print(f"{name}: {counts} of {counted['tests']} in {options.runs} runs")
    return 0


def run_suite(suite: Suite, runs: int, first_seed: int) -> dict[str, TestRecord]:
    """Run a program with one seed after the other."""
    records: dict[str, TestRecord] = {}
    for seed in range(first_seed, first_seed + runs):
        started = time.monotonic()
        for outcome in suite.run(seed):
            record = records.setdefault(outcome.name, TestRecord(outcome.name))
            record.runs += 1
            record.time_ms = max(record.time_ms, outcome.time_ms)
            record.skipped += outcome.state == "SKIPPED"
            if outcome.state in ("FAILED", "CRASHED"):
                record.failed_seeds.append(seed)
                record.messages.append(outcome.output)
        print(f"{suite.binary.name}: seed {seed} took {time.monotonic() - started:.0f} s", flush=True)
    for record in records.values():
        if record.failed_seeds:
            seed = record.failed_seeds[0]
            for again in [seed] * RERUNS + [first_seed + runs + i for i in range(RERUNS)]:
                states = [outcome.state for outcome in suite.run(again, only=record.name)]
                record.reruns.append({"seed": again, "passed": states == ["OK"]})
    return records


def summary_of(records: dict[str, TestRecord]) -> dict[str, Any]:
    """Count, and list what did not pass each time."""
    statuses = [record.status for record in records.values()]
    odd = [record for record in records.values() if record.status in ("failed", "flaky")]
    return {
        "tests": len(records),
        **{status: statuses.count(status) for status in ("passed", "failed", "flaky", "skipped")},
        "notPassed": [
            {
                "name": record.name,
                "status": record.status,
                "failedSeeds": record.failed_seeds,
                "reruns": record.reruns,
                "message": record.messages[0],
            }
            for record in odd
        ],
    }


def junit(suites: dict[str, dict[str, TestRecord]]) -> ElementTree.ElementTree:
    """Make one suite for each program; a flaky test passes, with what Maven's readers know as flakyFailure."""
    root = ElementTree.Element("testsuites", name="vkforge conformance")
    for name, records in suites.items():
        failures = sum(record.status == "failed" for record in records.values())
        skipped = sum(record.status == "skipped" for record in records.values())
        suite = ElementTree.SubElement(
            root, "testsuite", name=name, tests=str(len(records)), failures=str(failures), skipped=str(skipped)
        )
        for record in records.values():
            group, _, short = record.name.partition(".")
            seconds = f"{record.time_ms / 1000:.3f}"
            case = ElementTree.SubElement(suite, "testcase", classname=f"{name}.{group}", name=short, time=seconds)
            if record.status == "skipped":
                ElementTree.SubElement(case, "skipped")
            elif record.failed_seeds:
                tag = "failure" if record.status == "failed" else "flakyFailure"
                message = f"failed with seeds {', '.join(map(str, record.failed_seeds))} of {record.runs} runs"
                ElementTree.SubElement(case, tag, message=message).text = printable(record.messages[0])
    ElementTree.indent(root)
    return ElementTree.ElementTree(root)


def printable(text: str) -> str:
    """Leave out what XML cannot hold."""
    return re.sub(r"[^\t\n\x20-\ud7ff\ue000-\ufffd]", "\ufffd", text)


if __name__ == "__main__":
    sys.exit(main())
