"""What came of a row, and how an error message is read."""

import re
from dataclasses import asdict, dataclass
from typing import Any, Literal

Kind = Literal["right", "wrong", "refused", "unclear", "missing", "crashed"]
"""
- right: within the tolerance of FP64 on the CPU, twice, the second time in memory that held NaN;
- wrong: not so;
- refused: an error of one sentence in words;
- unclear: an error that only someone with the source at hand understands;
- missing: torch has no kernel for the operator on Vulkan;
- crashed: the process died or hung, or the device was lost.
"""
KINDS: tuple[Kind, ...] = ("right", "wrong", "refused", "unclear", "missing", "crashed")


@dataclass(frozen=True)
class Verdict:
    """A kind, and what there is to say about it."""

    kind: Kind
    error: float | None = None
    """Largest error relative to the output's scale, over all runs, where shapes and special values agree."""
    message: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Give what is set."""
        return {key: value for key, value in asdict(self).items() if value is not None}


_MISSING = re.compile(
    r"Could not run '[\w:.]+' with arguments from the '\w*(Vulkan|VULKAN)\w*' backend"
    r"|Cannot access data pointer of Tensor that doesn't have storage"
    r"|There were no tensor arguments to this function|no kernel .*Vulkan"
)
_UNCLEAR = re.compile(
    r"INTERNAL ASSERT|report a bug|Could this error message be improved|UNKNOWN_SCALAR|not implemented yet"
    r"|^\w+(_\w+)*$|bad optional access|Argument passed to at\(\)|vector::|std::|Unimplemented|^false\b|VK_ERROR|VkResult"
)
_LOST = re.compile(r"DEVICE_LOST|device lost|VkResult of -4", re.IGNORECASE)


def sentence_of(message: str) -> str:
    """Give the first line of the error itself: TorchScript puts a traceback before it, c10 one behind it."""
    tail = re.split(r"^(?:RuntimeError|\w*Error): ", message, flags=re.MULTILINE)[-1]
    lines = [line.strip() for line in tail.split("\n") if line.strip()]
    first = lines[0] if lines else message.strip()
    return first[:500]


def of_error(message: str) -> Verdict:
    """Read an exception's text."""
    sentence = sentence_of(message)
    if _LOST.search(message):
        return Verdict("crashed", message=sentence)
    if _MISSING.search(message):
        return Verdict("missing", message=re.sub(r"\. .*", "", sentence)[:200])
    if _UNCLEAR.search(sentence) or len(sentence.split()) < 4:
        return Verdict("unclear", message=sentence)
    return Verdict("refused", message=sentence)


def is_good(verdict: Verdict, refusal: str | None) -> bool:
    """Whether the patched backend may answer so: right, or refused as the case says.

    Right is good too where the case expects a refusal: what one device's limits forbid another may do.
    """
    if verdict.kind == "refused":
        return refusal is not None and refusal in (verdict.message or "")
    return verdict.kind == "right"
