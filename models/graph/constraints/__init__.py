"""What a Vulkan runtime does with a call of an operator: predicted from its arguments, without a device.

The dispatcher's way from an operator to the backend's kernels is torch's own (`dispatch`); what a
kernel makes of its arguments is said by rules (`stock`, `vkforge`), which the truth table holds true.
"""

from graph.constraints.device_tensor import DeviceTensor
from graph.constraints.dispatch import CpuRefusesError
from graph.constraints.predict import TensorFacts, all_verdicts, judged, node_verdict, uploaded, verdict
from graph.constraints.registered import registered
from graph.constraints.verdict import KINDS, RUNTIMES, Kind, Limits, Runtime, Verdict, decisive

__all__ = [
    "KINDS",
    "RUNTIMES",
    "CpuRefusesError",
    "DeviceTensor",
    "Kind",
    "Limits",
    "Runtime",
    "TensorFacts",
    "Verdict",
    "all_verdicts",
    "decisive",
    "judged",
    "node_verdict",
    "registered",
    "uploaded",
    "verdict",
]
