#!/usr/bin/env python3
"""Pack what the truth table and the benchmark need of the image, to run on a machine with a GPU and no network.

Run in the image. Writes part-NN.tar.xz, each of at most the given size, to be unpacked into one folder in any
order; `run.sh` in it starts Python through run_on_host.sh. Only files that a run really opens are taken, which is
a fifth of the image: every library that is mapped after the backend has been used, and the Python packages.
"""

import argparse
import io
import lzma
import subprocess
import sys
import tarfile
from pathlib import Path

PROBE = """
import sys, torch, numpy, unittest, ctypes, hashlib, torch.utils.mobile_optimizer, torch.jit.mobile
torch.ops.load_library(sys.argv[1])
torch.rand(1, 3, 4, 5).to("vulkan").cpu()
torch.jit.trace(torch.nn.Linear(2, 2), torch.rand(2, 2))
print(*sorted({line.split(None, 5)[5].strip() for line in open("/proc/self/maps") if "/" in line}), sep="\\n")
"""
PYTHON = "/usr/bin/python3.11"
PACKAGES = (
    "/usr/lib/python3.11",
    "/usr/lib/python3/dist-packages/torch",
    "/usr/lib/python3/dist-packages/numpy",
    "/usr/lib/python3/dist-packages/typing_extensions.py",
)
LIBRARIES = "/usr/lib/x86_64-linux-gnu"
LEFT_OUT = ("__pycache__", "/test/", "/tests/", "/idlelib/", "/ensurepip/", "/include/", "/lib2to3/", "/tkinter/", "/torch/lib/", "/torch/bin/")
# Importing torch looks for this program, which only processes that share tensors start.
SHARED_MEMORY_MANAGER = "/usr/lib/python3/dist-packages/torch/bin/torch_shm_manager"
RUN = """#!/bin/bash
# Starts this bundle's Python with this machine's Vulkan driver: ./run.sh -m ops.run --plugin lib/stock.so ...
here=$(cd "$(dirname "$0")" && pwd)
export PYTHONPATH=$here/models
exec "$here/run_on_host.sh" "$here" usr/bin/python3.11 "$@"
"""


def main() -> int:
    """Collect the files and write the parts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plugin", type=Path, required=True, help="to see which libraries are used")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--part-mib", type=int, default=54)
    parser.add_argument("--preset", type=int, default=2, help="of xz")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)

    writer = PartWriter(options.output, options.part_mib * 2**20, options.preset)
    for path in sorted(libraries(options.plugin) | packages(), key=str):
        writer.add(str(path), path.read_bytes(), path.stat().st_mode)
    for link in sorted(library_links()):
        writer.link(str(link), str(link.readlink()))
    writer.add(SHARED_MEMORY_MANAGER, b"", 0o755)
    writer.add("/run_on_host.sh", (Path(__file__).parent / "run_on_host.sh").read_bytes(), 0o755)
    writer.add("/run.sh", RUN.encode(), 0o755)
    print(f"{writer.close()} parts in {options.output}")
    return 0


def libraries(plugin: Path) -> set[Path]:
    """Give the program, its loader, and all libraries that a run maps, with the C library's other parts."""
    found = subprocess.run([PYTHON, "-c", PROBE, str(plugin)], check=True, capture_output=True, text=True).stdout
    mapped = {Path(line) for line in found.splitlines() if line.startswith(("/usr", "/lib"))}
    parts = {Path(LIBRARIES) / name for name in ("ld-linux-x86-64.so.2", "libdl.so.2", "librt.so.1", "libpthread.so.0")}
    return {path.resolve() for path in mapped | parts if path.is_file()} | {Path(PYTHON)}


def packages() -> set[Path]:
    """Give the files of the Python packages, without tests."""
    found: set[Path] = set()
    for package in map(Path, PACKAGES):
        files = package.rglob("*") if package.is_dir() else [package]
        found |= {
            path
            for path in files
            # Debian's packages link to libraries that are taken already.
            if path.is_file() and not path.is_symlink() and path.suffix in (".py", ".so", "") and not any(part in str(path) for part in LEFT_OUT)
        }
    return found


def library_links() -> set[Path]:
    """Give the links that the loader follows: libx.so.1 -> libx.so.1.2."""
    folders = [Path("/usr/lib"), Path(LIBRARIES), *(Path(LIBRARIES) / name for name in ("blas", "lapack"))]
    candidates = [link for folder in folders for link in folder.glob("*.so.*")]
    # Torch's Python package opens its libraries through links of its own.
    candidates += Path("/usr/lib/python3/dist-packages/torch/lib").glob("*.so")
    return {
        link
        for link in candidates
        if link.is_symlink() and not link.readlink().is_absolute() and link.is_file()
    }


class PartWriter:
    """Cuts the files into archives of about the same compressed size."""

    def __init__(self, folder: Path, limit: int, preset: int) -> None:
        """Open the first."""
        self._folder, self._limit, self._count, self._preset = folder, limit, 0, preset
        self._open()

    def add(self, path: str, data: bytes, mode: int) -> None:
        """Write a file; begins a new part where this one is full, judged by a quick compression."""
        # xz gives at most what zlib's fastest level gives; a part may stay a little small.
        if self._raw_size() + len(data) // 3 > self._limit and self._used:
            self._close_part()
            self._open()
        info = tarfile.TarInfo(path.lstrip("/"))
        info.size, info.mode = len(data), 0o755 if mode & 0o111 else 0o644
        self._tar.addfile(info, io.BytesIO(data))
        self._used = True

    def link(self, path: str, target: str) -> None:
        """Write a link."""
        info = tarfile.TarInfo(path.lstrip("/"))
        info.type, info.linkname = tarfile.SYMTYPE, target
        self._tar.addfile(info)

    def close(self) -> int:
        """Finish, and give the number of parts."""
        self._close_part()
        return self._count

    def _open(self) -> None:
        path = self._folder / f"part-{self._count:02}.tar.xz"
        self._file = path.open("wb")
        self._xz = lzma.LZMAFile(self._file, "wb", preset=self._preset)
        self._tar = tarfile.open(fileobj=self._xz, mode="w", format=tarfile.PAX_FORMAT)
        self._used = False
        self._count += 1

    def _raw_size(self) -> int:
        return self._file.tell()

    def _close_part(self) -> None:
        self._tar.close()
        self._xz.close()
        self._file.close()


if __name__ == "__main__":
    sys.exit(main())
