"""Finding the cases: every module of ops/cases."""

import importlib
import pkgutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

import ops.cases
from ops.case import Case, with_form


@dataclass(frozen=True)
class Row:
    """A case in one form, under the family that it is in."""

    family: str
    case: Case
    form: str
    copy: int = 1
    """Counts rows whose cases have one name."""

    @property
    def name(self) -> str:
        """The case's name, made unique."""
        return self.case.name if self.copy == 1 else f"{self.case.name}~{self.copy}"

    @property
    def key(self) -> str:
        """Name it: "convolution/conv2d/c3-o8-k3-d2-p2/eager"."""
        return f"{self.family}/{self.case.op}/{self.name}/{self.form}"


def families() -> list[str]:
    """Name the families there are, in order."""
    return sorted(info.name for info in pkgutil.iter_modules(ops.cases.__path__) if not info.name.startswith("_"))


def rows(only: Sequence[str] = ()) -> dict[str, Row]:
    """Give the rows by their key, in the order of their families' files.

    `only` holds names of families or globs over keys; a row that matches one of them is taken.
    """
    found: dict[str, Row] = {}
    names = families()
    wanted = [name for name in names if name in only]
    globs = [text for text in only if text not in names]
    for family in names if globs or not only else wanted:
        for row in _rows_of(family):
            if not only or family in only or any(fnmatchcase(row.key, glob) for glob in globs):
                found[row.key] = row
    return found


def _rows_of(family: str) -> Iterator[Row]:
    module = importlib.import_module(f"ops.cases.{family}")
    copies: Counter[str] = Counter()
    for case, form in with_form(module.cases()):
        row = Row(family, case, form)
        copies[row.key] += 1
        yield replace(row, copy=copies[row.key])
