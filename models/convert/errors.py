"""Errors that a user can act on, and how they leave the process."""

import sys
from collections.abc import Callable


class ConvertError(Exception):
    """An expected failure: one sentence on what is wrong and one on what to do next."""

    def __init__(self, message: str, hint: str) -> None:
        """Keep both sentences; `str(error)` is the first."""
        super().__init__(message)
        self.hint = hint


def exit_code(work: Callable[[], None]) -> int:
    """Run `work`; an expected failure becomes two lines on stderr and exit code 1, without a traceback."""
    try:
        work()
    except ConvertError as error:
        print(f"error: {error}\nhint: {error.hint}", file=sys.stderr)
        return 1
    return 0
