"""How often predictions for whole modules are what was measured: `python3 -m graph.agreement`.

The modules are the network family's, traced and called as they are. A prediction is good where it says
"right" and the device was right, or says what is not and the device was not. Faults that depend on what
memory held before, or on which invocation is first, may not show in a run: such modules are counted apart,
as unsafe.
"""

import argparse
import json
import sys
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from graph.constraints import Runtime
from graph.errors import ModelFileError
from graph.load import graph_of
from ops.collect import Row, rows
from ops.evaluate import _made as made
from rewrites.mend import Finding, judge

# Parts of reasons that tell of luck.
_UNSAFE = ("memory held before", "texels that others write", "depending on")


@dataclass(frozen=True)
class Outcome:
    """What was predicted of a module and what was measured."""

    key: str
    predicted: bool
    measured: bool
    unsafe: bool
    reasons: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether the prediction holds; an unsafe module may be right by luck."""
        return self.predicted == self.measured or (self.unsafe and not self.predicted)


def outcomes(
    measured: dict[str, str], runtime: Runtime, only: Sequence[str] = ("network",)
) -> Iterator[Outcome]:
    """Compare for each row whose verdict is given by its key."""
    for key, row in rows(only).items():
        if row.form == "eager" and key in measured:
            found = _findings(row, runtime)
            if found is not None:
                yield _outcome(key, found, measured[key])


def _outcome(key: str, found: Sequence[Finding], kind: str) -> Outcome:
    faults = [finding.verdict for finding in found if finding.verdict.kind != "right"]
    reasons = tuple(dict.fromkeys(fault.reason for fault in faults))
    unsafe = bool(faults) and all(
        fault.kind == "wrong" and any(part in fault.reason for part in _UNSAFE) for fault in faults
    )
    return Outcome(key, not faults, kind == "right", unsafe, reasons)


def _findings(row: Row, runtime: Runtime) -> list[Finding] | None:
    """Judge a row's module; None for those that have no graph, as control flow by values."""
    with torch.no_grad():
        module, inputs = made(row.case)
        plain = torch.jit.trace(module, tuple(x.clone() for x in inputs), check_trace=False)
    try:
        return judge(graph_of(plain, inputs), runtime)
    except ModelFileError:
        return None


def read_table(file: Path, column: str) -> dict[str, str]:
    """Give the verdicts of a run's file, or of a column of the truth table, by row."""
    table: dict[str, Any] = json.loads(file.read_text())
    found = {}
    for row in table["rows"]:
        verdict = row.get("verdicts", {}).get(column) if "verdicts" in row else row
        if verdict is not None:
            found["/".join(row[part] for part in ("family", "op", "name", "form"))] = (
                verdict["kind"] if isinstance(verdict, dict) else verdict
            )
    return found


def main() -> int:
    """Print the rate and each that disagrees; exit code 1 if any does."""
    parser = argparse.ArgumentParser(prog="graph.agreement", description=__doc__)
    parser.add_argument(
        "--table", type=Path, required=True, help="what ops.run wrote, or ops/truth_table.json"
    )
    parser.add_argument("--column", default="", help="of the truth table: swiftshader/stock")
    parser.add_argument("--runtime", choices=("stock", "vkforge"), required=True)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    found = list(outcomes(read_table(options.table, options.column), options.runtime))
    for outcome in found:
        if not outcome.agrees:
            said = "right" if outcome.predicted else "; ".join(outcome.reasons)
            print(f"{outcome.key}: predicted {said}, measured {'right' if outcome.measured else 'not right'}")
    good = sum(outcome.agrees for outcome in found)
    lucky = sum(outcome.agrees and outcome.predicted != outcome.measured for outcome in found)
    print(f"{options.runtime}: {good} of {len(found)} agree, {lucky} of them unsafe but right in the run")
    return 0 if good == len(found) else 1


if __name__ == "__main__":
    sys.exit(main())
