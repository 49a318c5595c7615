"""What an image can hold, on any runtime."""

from torch import Tensor

from graph.constraints.call import dims4, shape_text
from graph.constraints.verdict import Limits, Verdict


def extents(tensor: Tensor) -> tuple[int, int, int]:
    """Give width, height and depth in texels of a tensor's image; a texel holds four planes."""
    n, c, h, w = dims4(tensor)
    return w, h, -(-n * c // 4)


def too_many_dimensions(tensor: Tensor) -> Verdict | None:
    """Refuse what has more than four dimensions."""
    if tensor.dim() <= 4:
        return None
    return Verdict(
        "too-many-dimensions",
        f"a tensor of shape {shape_text(tensor)} has {tensor.dim()} dimensions, and Vulkan tensors at most 4",
    )


def over_limits(tensor: Tensor, limits: Limits) -> Verdict | None:
    """Refuse what no image of the device is large enough for."""
    size = extents(tensor)
    if max(size) <= limits.image_dimension_3d:
        return None
    text = " x ".join(str(part) for part in size)
    return Verdict(
        "over-image-limits",
        f"the image of a tensor of shape {shape_text(tensor)} would be {text} texels "
        "(width, height, batch * channels / 4), "
        f"and the device's limit is {limits.image_dimension_3d}",
    )
