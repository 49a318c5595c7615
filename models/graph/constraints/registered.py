"""The operators that a runtime has Vulkan kernels for."""

import functools
from pathlib import Path

from graph.constraints.verdict import Runtime


@functools.cache
def registered(runtime: Runtime) -> frozenset[str]:
    """Give their names with overloads: "aten::add.Tensor".

    The lists are what `torch._C._dispatch_get_registrations_for_dispatch_key("Vulkan")` gives with the
    plug-in loaded; `models/tests/test_constraints_table.py` compares them.
    """
    text = (Path(__file__).parent / f"registered_{runtime}.txt").read_text()
    return frozenset(line for line in text.split("\n") if line)
