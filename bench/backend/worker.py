"""Times cases with one plug-in: reads commands as JSON lines, answers each with one."""

import ctypes
import json
import os
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.utils.mobile_optimizer import optimize_for_mobile

from backend.cases import BenchmarkCase, cases


class Timer:
    """The plug-in, and the case that is set up."""

    def __init__(self, plugin: str) -> None:
        """Load the backend."""
        torch.ops.load_library(plugin)
        library = ctypes.CDLL(plugin)
        self._synchronize: Callable[[], int] = library.vkforge_vulkan_synchronize
        describe = library.vkforge_vulkan_describe
        describe.restype = ctypes.c_char_p
        self.device: dict[str, Any] = json.loads(describe())
        self._cases = {case.name: case for case in cases()}
        self._call: Callable[[], None] = lambda: None

    def prepare(self, name: str) -> dict[str, Any]:
        """Set a case up and run it a few times: pipelines are compiled at their first use."""
        call = _callable(self._cases[name])
        for _ in range(3):
            call()
        self._wait()
        self._call = call
        return {}

    def measure(self, count: int) -> dict[str, float]:
        """Run it so often, and give wall and processor milliseconds for one run."""
        wall, processor = time.perf_counter(), time.process_time()
        for _ in range(count):
            self._call()
        self._wait()
        factor = 1000 / count
        return {
            "wall": (time.perf_counter() - wall) * factor,
            "processor": (time.process_time() - processor) * factor,
        }

    def _wait(self) -> None:
        if self._synchronize() != 0:
            raise RuntimeError("The device is lost")
        # What runs used is freed only by a download.
        torch.zeros(1, 4, 1, 1).to("vulkan").cpu()


def _callable(case: BenchmarkCase) -> Callable[[], Any]:
    torch.manual_seed(0)
    module = case.module().eval()
    inputs = [torch.rand(tuple(shape)) for shape in case.shapes]
    with torch.no_grad():
        traced = torch.jit.trace(module, tuple(inputs), check_trace=False)
        runs = optimize_for_mobile(traced, backend="vulkan") if case.prepacked else traced
    uploaded: list[Tensor] = [x.to("vulkan") for x in inputs]
    # A trace of a download would keep the tensor where it was traced.
    if case.name == "download":
        return lambda: uploaded[0].cpu()
    return lambda: runs(*uploaded)


def main() -> None:
    """Answer until standard input ends."""
    warnings.simplefilter("ignore")
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    torch.set_num_threads(1)
    timer = Timer(sys.argv[1])
    answers.write(json.dumps({"device": timer.device}) + "\n")
    with torch.inference_mode():
        for line in sys.stdin:
            command, argument = json.loads(line)
            try:
                answer = timer.prepare(argument) if command == "prepare" else timer.measure(argument)
            except Exception as error:
                answer = {"error": str(error).strip().split("\n")[-1][:200]}
            answers.write(json.dumps(answer) + "\n")
    answers.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
