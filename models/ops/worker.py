"""A process that runs rows: reads keys from standard input, answers each with a line of JSON."""

import argparse
import ctypes
import json
import os
import sys
import time
from pathlib import Path

import torch

from ops.collect import Row, rows
from ops.evaluate import FaultyCaseError, evaluate


def main() -> int:
    """Run what is asked for until standard input ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plugin", type=Path, required=True)
    parser.add_argument("--only", action="append", default=[])
    options = parser.parse_args()
    # Answers must not mix with what drivers or torch print.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    torch.set_num_threads(1)
    torch.ops.load_library(str(options.plugin))
    answers.write(json.dumps({"device": describe(options.plugin)}) + "\n")
    known = rows(options.only)
    for line in sys.stdin:
        started = time.monotonic()
        answer = _answer(known[line.strip()])
        answer["ms"] = round((time.monotonic() - started) * 1000, 1)
        answers.write(json.dumps(answer) + "\n")
    answers.flush()
    # Drivers' destructors at exit are not what is looked at.
    os._exit(0)


def describe(plugin: Path) -> dict[str, object]:
    """Ask the plug-in for the device it uses."""
    ask = ctypes.CDLL(str(plugin)).vkforge_vulkan_describe
    ask.restype = ctypes.c_char_p
    return json.loads(ask())


def _answer(row: Row) -> dict[str, object]:
    try:
        return evaluate(row.case, row.form).to_json()
    except FaultyCaseError as error:
        return {"kind": "faulty", "message": str(error)[:500]}


if __name__ == "__main__":
    sys.exit(main())
