"""What both runtimes refuse of GRU and LSTM layers."""

from graph.constraints.call import Call, shape_text
from graph.constraints.verdict import Verdict


def refused_recurrent(call: Call) -> Verdict | None:
    """Refuse layers other than one-directional, with biases, without dropout and with the batch first."""
    name = call.short_name
    if not call["has_biases"]:
        return Verdict("refused", f"a {name} layer without biases; give it biases of zeros")
    if call["bidirectional"]:
        return Verdict("refused", f"a bidirectional {name} layer: it runs forward only")
    if call["train"] or call["dropout"] >= 2.2e-13:
        return Verdict("refused", f"a {name} layer with dropout, or in training")
    source = call["input"]
    if source.dim() != 3:
        return Verdict(
            "refused", f"an input of shape {shape_text(source)}: it takes three dimensions, with the batch"
        )
    if not call["batch_first"] and tuple(source.shape[:2]) != (1, 1):
        return Verdict(
            "refused", f"a {name} layer that takes the sequence first; make it with batch_first=True"
        )
    return None
