"""The rules of each runtime: from a call to what comes of it."""

from collections.abc import Callable

from graph.constraints.call import Call
from graph.constraints.stock import judge as stock
from graph.constraints.verdict import Runtime, Verdict
from graph.constraints.vkforge import judge as vkforge

Rule = Callable[[Call], Verdict]


def rule_of(runtime: Runtime) -> Rule:
    """Give the function that judges calls of a runtime's kernels."""
    return stock if runtime == "stock" else vkforge
