"""One name for one thing: operators that traces write in a form of their own get their public one."""

from typing import Any

# What `aten::_convolution` becomes, by the weight's rank and whether it is transposed; overloads beside.
_CONVOLUTIONS = {
    (3, False): ("aten::conv1d", ""),
    (4, False): ("aten::conv2d", ""),
    (5, False): ("aten::conv3d", ""),
    (3, True): ("aten::conv_transpose1d", ""),
    (4, True): ("aten::conv_transpose2d", "input"),
    (5, True): ("aten::conv_transpose3d", "input"),
}


def canonical(op: str, overload: str, arguments: dict[str, Any]) -> tuple[str, str, dict[str, Any]]:
    """Give operator, overload and arguments in public form."""
    if op == "aten::_convolution":
        return _convolution(arguments) or (op, overload, arguments)
    if op == "aten::_convolution_mode":
        return "aten::conv2d", "padding", arguments
    return op, overload, arguments


def _convolution(given: dict[str, Any]) -> tuple[str, str, dict[str, Any]] | None:
    public = _CONVOLUTIONS.get((given["weight"].rank, given["transposed"]))
    if public is None:
        return None
    names = ["input", "weight", "bias", "stride", "padding"]
    if given["transposed"]:
        names += ["output_padding", "groups", "dilation"]
    else:
        names += ["dilation", "groups"]
    return *public, {name: given[name] for name in names}
