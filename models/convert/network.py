"""A network from models/NAME/model.py, and its seeded weights."""

import copy
import importlib
from collections.abc import Sequence

import numpy as np
import torch
from torch import nn

from convert.calibration import calibrate
from convert.errors import ConvertError
from convert.interface import InputSpec
from convert.seeding import seed_weights

# Enough pictures that the last layers' statistics hold for others; each costs a float64 pass.
CALIBRATION_SAMPLES = 2


def new_model(name: str) -> nn.Module:
    """Build the network of models/NAME/model.py, in evaluation mode."""
    try:
        module = importlib.import_module(f"{name}.model")
    except ModuleNotFoundError as error:
        if error.name not in (name, f"{name}.model"):
            raise
        raise ConvertError(
            f'Unknown model "{name}": there is no models/{name}/model.py', "Check the name or add the model"
        ) from None
    return module.build().eval()


def seed_and_calibrate(model: nn.Module, inputs: Sequence[InputSpec], seed: str) -> None:
    """Give `model` its seeded weights and running statistics."""
    seed_weights(model, seed)
    if not any(isinstance(module, nn.BatchNorm2d) for module in model.modules()):
        return  # nothing to calibrate, and each pass in float64 takes seconds
    exact = copy.deepcopy(model).double()
    samples = [[spec.sample("calibration", k) for spec in inputs] for k in range(CALIBRATION_SAMPLES)]
    batches = [torch.from_numpy(np.concatenate(values)).double() for values in zip(*samples, strict=True)]
    calibrate(exact, batches)
    model.load_state_dict(exact.state_dict())
