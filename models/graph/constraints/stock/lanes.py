"""The lanes of an image's last texel that hold no plane: upstream's upload leaves what memory held."""

from graph.constraints.call import Call
from graph.constraints.device_tensor import planes_of

_TEXELWISE = {
    "add", "sub", "mul", "div", "clamp", "hardtanh", "hardsigmoid", "hardswish", "hardshrink", "leaky_relu",
    "relu", "sigmoid", "tanh", "threshold", "lerp", "clone", "copy", "upsample_nearest2d", "reflection_pad2d",
    "replication_pad2d", "max_pool2d", "avg_pool2d", "_adaptive_avg_pool2d", "mean", "cumsum", "_softmax",
    "_log_softmax", "detach", "glu", "layer_norm",
}  # fmt: skip


def leaves_lanes(call: Call) -> bool:
    """Whether the result's unused lanes may hold anything: computed from such, lane by lane, or uploaded."""
    if call.short_name == "copy" and not call.on_device():
        return False
    if call.short_name in ("view", "_reshape_alias") and call.outputs:
        # The texels are filled from a buffer that has no elements for the last lanes.
        return planes_of(call.out) % 4 != 0
    if call.short_name not in _TEXELWISE or not call.outputs or planes_of(call.out) % 4 == 0:
        return False
    sources = list(call.tensors())
    uploads = any(tensor.device.type == "cpu" and tensor.dim() > 0 for tensor in sources)
    return uploads or any(tensor.dirty_lanes for tensor in call.on_device())
