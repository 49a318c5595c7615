"""Run the cases with one plug-in on one driver, and write what came of each.

python3 -m ops.run --plugin libvkforge_vulkan.so [--only convolution] [--only '*/softmax/*'] --output table.json
The driver is the one that VK_DRIVER_FILES and VK_ICD_FILENAMES name.
"""

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import torch

from ops.collect import Row, rows
from ops.pool import run_rows
from ops.verdict import KINDS, Verdict, is_good

SCHEMA = 1


def main() -> int:
    """Run, print what is not as it should be, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plugin", type=Path, required=True)
    parser.add_argument("--only", action="append", default=[], metavar="FAMILY|GLOB")
    parser.add_argument("--patch", help="only the cases that this patch mends; a glob")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--output", type=Path)
    parser.add_argument("--report-only", action="store_true", help="exit 0 whatever the verdicts are")
    parser.add_argument("--times", action="store_true", help="write how long each took, too")
    parser.add_argument("--quiet", action="store_true", help="print counts only")
    options = parser.parse_args()

    chosen = list(rows(options.only).values())
    if options.patch is not None:
        chosen = [row for row in chosen if row.case.patch and Path(row.case.patch).match(options.patch)]
    if not chosen:
        parser.error("no case matches")
    entries: dict[str, dict[str, Any]] = {}
    bad = 0
    started = time.monotonic()

    def on_answer(row: Row, answer: dict[str, Any]) -> None:
        nonlocal bad
        elapsed = answer.pop("ms", None)
        entries[row.key] = entry_of(row, answer) | ({"ms": elapsed} if options.times and elapsed else {})
        if not entries[row.key]["good"]:
            bad += 1
            if not options.quiet:
                print(f"{answer['kind']:8} {row.key}: {answer.get('message', '')}", flush=True)

    device = run_rows(options.plugin, chosen, workers=options.workers, only=options.only, on_answer=on_answer)
    counts = Counter(entry["kind"] for entry in entries.values())
    text = ", ".join(f"{counts[kind]} {kind}" for kind in (*KINDS, "faulty") if counts[kind])
    operators = len({entry["op"] for entry in entries.values()})
    seconds = time.monotonic() - started
    print(f"{len(entries)} rows of {operators} operators on {device.get('deviceName', '?')}: {text}; {bad} not good; {seconds:.0f} s")
    if options.output:
        document = {
            "schema": SCHEMA,
            "torch": torch.__version__,
            "device": device,
            "rows": [entries[row.key] for row in chosen],
        }
        options.output.write_text(json.dumps(document, indent=1, allow_nan=False, default=str) + "\n")
    if counts["faulty"]:
        return 1
    return 1 if bad and not options.report_only else 0


def entry_of(row: Row, answer: dict[str, Any]) -> dict[str, Any]:
    """Make the table's row."""
    case = row.case
    if "error" in answer:
        answer = answer | {"error": float(f"{answer['error']:.2g}")}
    entry: dict[str, Any] = {"family": row.family, "op": case.op, "name": row.name, "form": row.form}
    entry["shapes"] = [list(x.shape) for x in case.inputs() if hasattr(x, "shape")]
    if case.arguments:
        entry["arguments"] = dict(case.arguments)
    if case.patch:
        entry["patch"] = case.patch
    if case.refusal:
        entry["refusal"] = case.refusal
    entry |= answer
    if answer["kind"] == "faulty":
        return entry | {"good": False}
    verdict = Verdict(answer["kind"], message=answer.get("message"))
    return entry | {"good": is_good(verdict, case.refusal)}


if __name__ == "__main__":
    sys.exit(main())
