"""A complete build on small pictures, made once for all tests that look at its files."""

import functools
import os
import subprocess
import sys
import tempfile
from pathlib import Path

INPUT = "input:1x3x64x64:imagenet"
ARGUMENTS = ("mobilenet_v2", "--input", INPUT, "--output", "output", "--samples", "2")

_folder = tempfile.TemporaryDirectory()


@functools.cache
def small_build() -> Path:
    """Give the folder with the build's outputs."""
    out = Path(_folder.name) / "out"
    build(out)
    return out


def build(out: Path, **changes: str) -> None:
    """Build in a process of its own, as the step does: names inside a trace count the modules before it."""
    command = [sys.executable, "-m", "convert.build_cpu", *ARGUMENTS, "--out", str(out)]
    subprocess.run(command, env=environment(**changes), check=True)


def environment(**changes: str) -> dict[str, str]:
    """Give this process's environment with changes, for a process of another kind of CPU."""
    return {**os.environ, **changes}
