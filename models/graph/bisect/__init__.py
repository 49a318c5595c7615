"""Which operator is it: the first whose result on Vulkan is not the CPU's."""

from graph.bisect.device import Device, GraphDevice, VulkanDevice
from graph.bisect.report import lines_of, report_of
from graph.bisect.search import DEFAULT_TOLERANCE, Difference, Finding, bisect

__all__ = [
    "DEFAULT_TOLERANCE",
    "Device",
    "Difference",
    "Finding",
    "GraphDevice",
    "VulkanDevice",
    "bisect",
    "lines_of",
    "report_of",
]
