"""The forms of a model: plain TorchScript, optimised for the CPU, for the lite interpreter, for Vulkan.

Models are traced, not scripted: a trace holds exactly the operations that run, whatever Python the network is
written in, and the Vulkan backend needs fixed shapes anyway. Control flow that depends on values is not
supported; no network for which vkforge exists has any.

The files are deterministic: torch writes no times into the archive, the name inside is the file's own, and
the source positions it keeps are paths that the sandbox fixes.
"""

import copy
import re
import warnings
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.jit import ScriptModule
from torch.utils.mobile_optimizer import optimize_for_mobile

from convert.errors import ConvertError


def traced(model: nn.Module, example: Sequence[Tensor]) -> ScriptModule:
    """Give the plain form: float32, nothing folded, so that each backend's optimiser starts from it."""
    with torch.no_grad():
        # torch's own check runs the trace twice more; the step compares with the golden output instead.
        return torch.jit.trace(_with_biases(model), tuple(example), check_trace=False)


def _with_biases(model: nn.Module) -> nn.Module:
    """Give every convolution a bias, zero where it had none.

    Folding a norm into a traced convolution without one loses the norm's shift, silently, in the CPU
    optimiser of torch 1.11 and later (github.com/pytorch/pytorch issues 76807 and 116515): measured on
    MobileNetV2, an error 2.5 times the output's scale. The Vulkan backend cannot run an unfolded
    convolution without a bias at all.
    """
    model = copy.deepcopy(model)
    for module in model.modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d) and module.bias is None:
            module.bias = nn.Parameter(torch.zeros(module.out_channels, dtype=module.weight.dtype))
    return model


def for_cpu(plain: ScriptModule) -> ScriptModule:
    """Give the CPU form: norms folded, convolutions prepacked for XNNPACK."""
    return optimize_for_mobile(plain, backend="CPU")


def for_vulkan(plain: ScriptModule) -> ScriptModule:
    """Give the Vulkan form: norms and clamps folded, weights prepacked.

    Needs a loaded Vulkan backend and a Vulkan device, since prepacking uploads the weights. The file does not
    depend on the device: it holds the weights as they were before.
    """
    return optimize_for_mobile(plain, backend="vulkan")


def load_vulkan_backend(plugin: Path) -> None:
    """Load the plug-in that registers the Vulkan backend, and make sure that it finds a device."""
    try:
        torch.ops.load_library(plugin)
    except OSError as error:
        raise ConvertError(f'Cannot load "{plugin}": {error}', "Build the host runtime first") from error
    with warnings.catch_warnings(record=True) as caught:
        # Torch warns with a C++ backtrace where it finds no device.
        warnings.simplefilter("always")
        if torch.is_vulkan_available():
            return
    result = re.search(r"VkResult of -?\d+", " ".join(str(warning.message) for warning in caught))
    raise ConvertError(
        f"No Vulkan device found ({result.group() if result else 'no driver answered'})",
        "Set VK_DRIVER_FILES and VK_ICD_FILENAMES to the ICD file of a driver, for example SwiftShader's",
    )


def save(module: ScriptModule, file: Path) -> None:
    """Write `.pt` for the full interpreter or `.ptl` for the lite one."""
    if file.suffix == ".ptl":
        module._save_for_lite_interpreter(str(file))
    else:
        module.save(str(file))


def operators(module: ScriptModule) -> list[str]:
    """Give the names of the operators that a module reaches, sorted."""
    return sorted(torch.jit.export_opnames(module))
