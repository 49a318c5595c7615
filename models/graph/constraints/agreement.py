"""How often the rules say what the truth table has measured.

python3 -m graph.constraints.agreement --runtime stock --table models/ops/truth_table.json
python3 -m graph.constraints.agreement --runtime vkforge --table table.json    (one run of ops.run)

A row agrees if rule and measurement are of one outcome: right, wrong, or an error. Where the rule says that
the outcome is by chance (what memory held, a race, what a driver lets pass), a row may be of another: it is
counted apart.
Exit code 0: at least 99.5 % agree for stock, all for vkforge.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch

from graph.constraints.rows import predicted_row
from graph.constraints.verdict import RUNTIMES, Limits, Runtime, Verdict
from ops.collect import Row, rows

Outcome = Literal["right", "wrong", "error"]
REQUIRED: Mapping[Runtime, float] = {"stock": 0.995, "vkforge": 1.0}

BEYOND_THE_RULES: Mapping[str, str] = {
    "shape/network/2000-operators-1x4x3x3/python": "upstream's descriptor pool has a fixed size: "
    "it is the number of operators that is too large, not one of them",
}
"""Rows whose outcome no operator's arguments say, with the reason."""


@dataclass(frozen=True)
class Compared:
    """A row's prediction and what was measured."""

    key: str
    predicted: Verdict
    measured: Outcome
    message: str = ""

    @property
    def agrees(self) -> bool:
        """Whether both are of one outcome."""
        return outcome_of(self.predicted.kind) == self.measured

    @property
    def by_chance(self) -> bool:
        """Whether they are not, and the rule said that it may be so."""
        return not self.agrees and self.predicted.by_chance


def outcome_of(kind: str) -> Outcome:
    """Give the outcome of a prediction's or a measurement's kind."""
    return "right" if kind == "right" else "wrong" if kind == "wrong" else "error"


def measured_rows(table: Path, column: str) -> dict[str, tuple[Outcome, str]]:
    """Read a table, or one run of `ops.run`; give outcomes and messages by the rows' keys."""
    document = json.loads(table.read_text())
    found: dict[str, tuple[Outcome, str]] = {}
    for key, answer in (
        _answers_of_run(document) if "rows" in document else _answers_of_table(document, column)
    ):
        if answer["kind"] != "faulty":
            found[key] = outcome_of(answer["kind"]), answer.get("message", "")
    return found


def _answers_of_run(document: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    for row in document["rows"]:
        yield f"{row['family']}/{row['op']}/{row['name']}/{row['form']}", row


def _answers_of_table(document: Any, column: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    names = [source["name"] for source in document["columns"]]
    if column not in names:
        raise SystemExit(f'error: the table has no column "{column}", only {", ".join(names)}')
    place = names.index(column)
    for operator in document["operators"]:
        for case in operator["cases"]:
            for form, answers in case["forms"].items():
                if answers[place] is not None:
                    key = f"{operator['family']}/{operator['op']}/{case['name']}/{form}"
                    yield key, document["answers"][answers[place]]


def compare(
    measured: Mapping[str, tuple[Outcome, str]],
    runtime: Runtime,
    *,
    every: int = 1,
    limits: Limits | None = None,
) -> Iterator[Compared]:
    """Predict each `every`th row that was measured."""
    chosen: Sequence[Row] = [row for key, row in rows().items() if key in measured][::every]
    for row in chosen:
        outcome, message = measured[row.key]
        predicted = predicted_row(row.case, row.form, runtime, limits or Limits())
        yield Compared(row.key, predicted, outcome, message)


def disagreements(compared: Sequence[Compared]) -> list[Compared]:
    """Give the rows that the rules say wrongly, and that are not beyond them."""
    return [
        one for one in compared if not one.agrees and not one.by_chance and one.key not in BEYOND_THE_RULES
    ]


def main() -> int:
    """Compare, print the rate and what disagrees."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--table", type=Path, required=True)
    parser.add_argument("--runtime", choices=RUNTIMES, required=True)
    parser.add_argument("--driver", default="swiftshader")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="look at each Nth row only")
    options = parser.parse_args()
    torch.set_num_threads(1)
    measured = measured_rows(options.table, f"{options.driver}/{options.runtime}")
    compared = list(compare(measured, options.runtime, every=options.every))
    wrong = disagreements(compared)
    for one in wrong:
        print(
            f"{one.key}: predicted {one.predicted.kind} ({one.predicted.reason}), "
            f"measured {one.measured} {one.message}"
        )
    for one in compared:
        if not one.agrees and one.key in BEYOND_THE_RULES:
            print(f"{one.key}: beyond the rules: {BEYOND_THE_RULES[one.key]}")
    chance = sum(one.by_chance for one in compared)
    rate = rate_of(compared)
    print(
        f"{options.driver}/{options.runtime}: {len(compared)} rows, {rate:.2%} agree, {len(wrong)} do not; "
        f"{chance} came out otherwise by chance, as the rule says they may"
    )
    return 0 if compared and rate >= REQUIRED[options.runtime] else 1


def rate_of(compared: Sequence[Compared]) -> float:
    """Give the share of rows that agree or may be otherwise by chance."""
    return 1 - len(disagreements(compared)) / max(len(compared), 1)


if __name__ == "__main__":
    sys.exit(main())
