"""What torch composes of operators in a way that upstream's tensors cannot go."""

from graph.constraints.verdict import Form, Verdict

_NEEDS_STORAGE = {"aten::alias", "aten::_unsafe_view"}
_PADDING_BY_WORD = {"aten::conv2d.padding"}


def refused_composite(name: str, form: Form) -> Verdict | None:
    """Refuse an operator that has no kernel of its own and would be composed of others."""
    if name in _NEEDS_STORAGE:
        return Verdict(
            "refused",
            f"{name} gives the same memory another shape, and an image has no memory to share",
            "as-view",
        )
    if name in _PADDING_BY_WORD and form != "plain":
        return Verdict(
            "refused",
            "padding given by a word: optimize_for_mobile has no prepacked form of it",
            "explicit-padding",
        )
    return None
