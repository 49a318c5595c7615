"""Saying what was found, to people and to programs."""

from typing import Any

from graph.bisect.search import Difference, Finding
from graph.ir import Node, Value

SHOWN = 5


def lines_of(finding: Finding) -> list[str]:
    """Write the finding for people."""
    first = finding.first
    if first is None:
        return [f"all {finding.nodes} operators agree with the CPU"]
    lines = [f"first to differ: {first.target} {first.name}"]
    lines += [f"  inputs   {', '.join(_shape(value) for value in first.inputs()) or 'none'}"]
    lines += [f"  outputs  {', '.join(_shape(value) for value in first.outputs)}"]
    if first.source or first.scope:
        lines += [f"  source   {' in '.join(text for text in (first.source, first.scope) if text)}"]
    lines += [f"  with the CPU's inputs  {_told(_difference_of(first, finding.fed))}"]
    lines += [f"  in the whole model     {_told(_difference_of(first, finding.free))}"]
    if not finding.fed:
        lines += ["no operator differs by itself: errors add up, or depend on what ran before"]
    others = [(node, found) for node, found in finding.fed if node is not first]
    if others:
        lines += [f"{len(others)} more differ by themselves:"]
        lines += [f"  {node.target} {node.name}: {_told(found)}" for node, found in others[:SHOWN]]
        if len(others) > SHOWN:
            lines += [f"  and {len(others) - SHOWN} others"]
    return lines


def report_of(finding: Finding, tolerance: float) -> dict[str, Any]:
    """Write the finding for programs."""
    first = finding.first
    return {
        "schema": 1,
        "ok": first is None,
        "tolerance": tolerance,
        "nodes": finding.nodes,
        "first": None if first is None else _entry(first, finding),
        "fed": [_entry(node, finding) for node, _ in finding.fed],
        "free": [_entry(node, finding) for node, _ in finding.free],
        "text": lines_of(finding),
    }


def _entry(node: Node, finding: Finding) -> dict[str, Any]:
    return {
        "op": node.target,
        "name": node.name,
        "inputs": [list(value.shape) for value in node.inputs()],
        "outputs": [list(value.shape) for value in node.outputs],
        "source": node.source,
        "scope": node.scope,
        "fed": _json(_difference_of(node, finding.fed)),
        "free": _json(_difference_of(node, finding.free)),
    }


def _difference_of(node: Node, found: tuple[tuple[Node, Difference], ...]) -> Difference | None:
    return next((difference for other, difference in found if other is node), None)


def _json(found: Difference | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"reason": found.reason} if found.reason is not None else {"error": found.error}


def _told(found: Difference | None) -> str:
    if found is None:
        return "agrees"
    return found.reason if found.reason is not None else f"off by {found.error:.1e} of its scale"


def _shape(value: Value) -> str:
    return "x".join(str(size) for size in value.shape) or "scalar"
