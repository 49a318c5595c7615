"""Reads from the truth table whether each patch and own operator mends what it says.

The rows that name it are right, or refused as they should be, on the patched backend, and stock gets at least one of
them wrong, refuses it, or dies.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# Shown by tests of their own: what they mend depends on where memory lies, which no row can arrange.
SPECIAL = ("0001-vulkan-request-robustbufferaccess", "0002-vulkan-zero-the-padding-lanes-on-upload")

# The only patches that no verdict on SwiftShader can tell from stock, and why; patch_test.json repeats it.
NOT_SHOWN = {
    "0003-vulkan-let-shaders-include-a-header": "mends no fault; without it the own operators do not compile",
    "0019-vulkan-convolution-in-tiles": "mends no wrong result but slowness, which `deno task bench-backend` measures",
    "0053-vulkan-one-barrier-for-an-image-used-twice": "SwiftShader ignores image layouts and runs commands in order;"
    " only a driver that does neither, or the validation layer, tells",
    "0056-vulkan-downloads-are-visible-to-the-host": "SwiftShader's memory is the host's, so a missing barrier changes"
    " nothing; the race for a fence is too rare to be provoked",
    "0090-vulkan-tests-of-what-is-refused-no-more": "changes upstream's tests only, which `deno task conformance` runs",
    "0091-vulkan-tests-compare-with-what-torch-gives": "changes upstream's tests only, too",
}


@dataclass
class Evidence:
    """The rows that name one patch."""

    rows: int = 0
    stock_faulty: int = 0
    patched_faulty: list[str] = field(default_factory=list)

    @property
    def problem(self) -> str | None:
        """Say why this shows nothing, or that the patch does not mend its fault."""
        if self.rows == 0:
            return "no row of the truth table names it"
        if self.stock_faulty == 0:
            return f"stock gets all {self.rows} rows right"
        if self.patched_faulty:
            return f"the patched backend fails {len(self.patched_faulty)} rows: {self.patched_faulty[0]}"
        return None

    def to_json(self) -> dict[str, Any]:
        """Give the counts."""
        return {"rows": self.rows, "stock": self.stock_faulty, "patched": len(self.patched_faulty)}


def names_to_show(patches: Path, operators: Path) -> list[str]:
    """Name what rows must show: the patches but for those above, and the files that register operators."""
    elsewhere = {*SPECIAL, *NOT_SHOWN}
    mending = [path.stem for path in sorted(patches.glob("*.patch")) if path.stem not in elsewhere]
    registering = [path.stem for path in sorted(operators.glob("*.cpp")) if "TORCH_LIBRARY_IMPL" in path.read_text()]
    return mending + registering


def collect(names: list[str], stock: list[Path], patched: list[Path]) -> dict[str, Evidence]:
    """Count the rows of each name in the tables of both backends."""
    evidence = {name: Evidence() for name in names}
    before = {_key(row): row for table in stock for row in json.loads(table.read_text())["rows"]}
    for table in patched:
        for row in json.loads(table.read_text())["rows"]:
            named = evidence.get(row.get("patch", ""))
            if named is None:
                continue
            named.rows += 1
            named.stock_faulty += before[_key(row)]["kind"] != "right"
            if not row["good"]:
                named.patched_faulty.append(_key(row))
    return evidence


def _key(row: dict[str, Any]) -> str:
    return "/".join((row["family"], row["op"], row["name"], row["form"]))
