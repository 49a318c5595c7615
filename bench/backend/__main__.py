"""Time the patched backend against stock on one driver.

PYTHONPATH=bench:models python3 -m backend --stock stock.so --vkforge vkforge.so [--only NAME] [--output result.json]

Two processes hold a plug-in each and take turns, so that whatever else the machine does weighs on both alike. On a
driver in software the times are processor time, of all threads, which a busy machine changes little; on a GPU they
are wall time until the device is idle. The ratio of a case is the median over the rounds of vkforge / stock: below 1
the patched backend is faster. Exits with 1 if a case is slower by more than the limit, or does not run on it.
"""

import argparse
import json
import os
import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import Path
from statistics import median
from typing import Any

from backend.cases import cases

TARGET_MS = 60
"""One turn measures so long, at least one run."""

MOST_RUNS = 100
"""Of one turn: what they used is freed only at its end."""


class Arm:
    """A process with a plug-in."""

    def __init__(self, plugin: Path) -> None:
        """Start it."""
        command = [*os.environ.get("VKFORGE_LAUNCH", "").split(), sys.executable, "-m", "backend.worker", str(plugin)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.device: dict[str, Any] = self._answer()["device"]

    def ask(self, command: str, argument: object) -> dict[str, Any]:
        """Send a command."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps([command, argument]) + "\n")
        return self._answer()

    def close(self) -> None:
        """Let it end."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"A benchmark process ended with {self._process.wait()}")
        return json.loads(line)


def main() -> int:
    """Measure, print, and judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stock", type=Path, required=True)
    parser.add_argument("--vkforge", type=Path, required=True)
    parser.add_argument("--only", action="append", default=[], metavar="GLOB")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--limit", type=float, default=1.05, help="largest ratio that passes")
    parser.add_argument("--report-only", action="store_true", help="exit 0 however slow a case is")
    parser.add_argument("--output", type=Path, help="gets the figures as JSON")
    parser.add_argument("--text", type=Path, help="gets what is printed, too")
    options = parser.parse_args()
    names = [case.name for case in cases()]
    if options.only:
        names = [name for name in names if any(fnmatchcase(name, glob) for glob in options.only)]
    if not names:
        parser.error("no case matches")
    arms = {"stock": Arm(options.stock), "vkforge": Arm(options.vkforge)}
    device = arms["vkforge"].device
    if "error" in device:
        raise SystemExit(str(device["error"]))
    clock = "processor" if device["deviceType"] == "cpu" else "wall"
    lines: list[str] = []

    def say(line: str) -> None:
        lines.append(line)
        print(line, flush=True)

    say(f"{device['deviceName']}, {clock} time, median of {options.rounds} rounds\n")
    say(f"{'case':26}{'stock ms':>10}{'vkforge ms':>12}{'ratio':>8}")
    results = []
    for name in names:
        result = measure(name, arms, rounds=options.rounds, clock=clock)
        results.append(result)
        say(row(result, options.limit))
    for arm in arms.values():
        arm.close()
    slower = [one["name"] for one in results if one.get("ratio", 0) > options.limit]
    failed = [one["name"] for one in results if "vkforge" in one.get("errors", {})]
    say(f"\nslower than stock by more than {options.limit - 1:.0%}: {', '.join(slower) or 'none'}")
    if failed:
        say(f"not run by the patched backend: {', '.join(failed)}")
    if options.output:
        document = {"schema": 1, "device": device, "clock": clock, "limit": options.limit}
        options.output.write_text(json.dumps(document | {"slower": slower, "failed": failed, "cases": results}, indent=1) + "\n")
    if options.text:
        options.text.write_text("\n".join(lines) + "\n")
    return 1 if (slower or failed) and not options.report_only else 0


def measure(name: str, arms: dict[str, Arm], *, rounds: int, clock: str) -> dict[str, Any]:
    """Let both take turns; which of them begins changes with each round."""
    errors = {arm: answer["error"] for arm in arms if "error" in (answer := arms[arm].ask("prepare", name))}
    if errors:
        return {"name": name, "errors": errors}
    count = 1
    # A turn ends with a wait for the device: of few short runs, that is what would be timed.
    for _ in range(3):
        longest = max(arm.ask("measure", count)["wall"] for arm in arms.values())
        count = max(1, min(MOST_RUNS, round(TARGET_MS / max(longest, 0.01))))
    times: dict[str, list[float]] = {arm: [] for arm in arms}
    for turn in range(rounds):
        for arm in sorted(arms, reverse=turn % 2 == 1):
            times[arm].append(arms[arm].ask("measure", count)[clock])
    ratios = [after / before for before, after in zip(times["stock"], times["vkforge"], strict=True)]
    return {
        "name": name,
        "count": count,
        "stockMs": round(median(times["stock"]), 4),
        "vkforgeMs": round(median(times["vkforge"]), 4),
        "ratio": round(median(ratios), 4),
        "ratios": [round(ratio, 4) for ratio in sorted(ratios)],
    }


def row(result: dict[str, Any], limit: float) -> str:
    """Give a line of the table."""
    if "errors" in result:
        told = "; ".join(f"{arm}: {message}" for arm, message in result["errors"].items())
        return f"{result['name']:26}{told}"
    mark = "  slower" if result["ratio"] > limit else ""
    return f"{result['name']:26}{result['stockMs']:>10.3f}{result['vkforgeMs']:>12.3f}{result['ratio']:>8.3f}{mark}"


if __name__ == "__main__":
    sys.exit(main())
