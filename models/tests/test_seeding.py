"""Seeded weights and their calibration."""

import copy
import unittest

import torch
from torch import nn

from convert.calibration import calibrate
from convert.errors import ConvertError
from convert.interface import InputSpec
from convert.network import new_model, seed_and_calibrate
from convert.scale import recorded_scales
from convert.seeding import seed_weights
from convert.weights import weights_digest

INPUTS = [InputSpec.parse("input:1x3x224x224:imagenet")]


class SeedWeights(unittest.TestCase):
    """`seed_weights()`."""

    def test_a_parameter_depends_on_its_name_and_not_on_the_layers_before(self) -> None:
        alone = nn.Sequential()
        alone.add_module("tail", nn.Linear(4, 4))
        after = nn.Sequential()
        after.add_module("head", nn.Linear(4, 4))
        after.add_module("tail", nn.Linear(4, 4))
        seed_weights(alone, "s")
        seed_weights(after, "s")
        self.assertTrue(torch.equal(alone.get_parameter("tail.weight"), after.get_parameter("tail.weight")))

    def test_another_seed_gives_other_weights(self) -> None:
        a, b = nn.Linear(4, 4), nn.Linear(4, 4)
        seed_weights(a, "1")
        seed_weights(b, "2")
        self.assertFalse(torch.equal(a.weight, b.weight))

    def test_filters_keep_the_variance_that_he_initialisation_asks_for(self) -> None:
        conv = nn.Conv2d(64, 128, 3)
        seed_weights(conv, "s")
        self.assertAlmostEqual(float(conv.weight.std()) * (64 * 9 / 2) ** 0.5, 1, delta=0.01)

    def test_a_layer_without_a_rule_is_named(self) -> None:
        with self.assertRaisesRegex(ConvertError, 'Cannot seed "0.weight": no rule for PReLU'):
            seed_weights(nn.Sequential(nn.PReLU()), "s")


class Calibrate(unittest.TestCase):
    """`calibrate()`."""

    def test_statistics_are_those_of_the_batch(self) -> None:
        torch.manual_seed(1)
        net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8)).double().eval()
        batch = torch.randn(4, 3, 32, 32, dtype=torch.float64)
        calibrate(net, [batch])
        with torch.no_grad():
            normed = (net(batch) - net[1].bias.view(1, -1, 1, 1)) / net[1].weight.view(1, -1, 1, 1)
        self.assertLess(float(normed.mean((0, 2, 3)).abs().max()), 0.002)
        self.assertLess(float((normed.std((0, 2, 3)) - 1).abs().max()), 0.002)

    def test_a_dead_channel_gets_the_smallest_variance(self) -> None:
        norm = nn.BatchNorm2d(1).double().eval()
        calibrate(nn.Sequential(norm), [torch.ones(1, 1, 4, 4, dtype=torch.float64)])
        self.assertEqual((norm.running_mean.item(), norm.running_var.item()), (1.0, 2**-10))

    def test_hooks_are_gone_afterwards(self) -> None:
        norm = nn.BatchNorm2d(1).double().eval()
        calibrate(nn.Sequential(norm), [torch.zeros(1, 1, 4, 4, dtype=torch.float64)])
        self.assertFalse(norm._forward_hooks or norm._forward_pre_hooks)


class SeededModel(unittest.TestCase):
    """`seed_and_calibrate()` on MobileNetV2."""

    @classmethod
    def setUpClass(cls) -> None:
        """Make the model once."""
        cls.model = new_model("mobilenet_v2")
        seed_and_calibrate(cls.model, INPUTS, "0")

    def test_weights_are_the_same_on_every_machine(self) -> None:
        # A pinned digest: it fails where a CPU, a thread count or a library changes one bit.
        self.assertEqual(
            weights_digest(self.model), "21a929b6b4e64ce2677bb073edef9d568aedfb01522dc5fd9b9ca348bcf148eb"
        )

    def test_every_layer_has_a_healthy_scale(self) -> None:
        with recorded_scales(self.model) as scales, torch.inference_mode():
            self.model(torch.from_numpy(INPUTS[0].sample("test", 0)))
        self.assertEqual(len(scales), 105)
        for scale in scales:
            self.assertTrue(0.3 < scale.std < 10, scale)

    def test_outputs_follow_the_picture(self) -> None:
        with torch.inference_mode():
            scores = torch.cat([self.model(torch.from_numpy(INPUTS[0].sample("test", k))) for k in range(4)])
        self.assertGreater(float(scores.std(0).mean()), 0.2 * float(scores.std()))

    def test_float32_is_close_to_float64(self) -> None:
        picture = torch.from_numpy(INPUTS[0].sample("test", 0))
        with torch.inference_mode():
            exact = copy.deepcopy(self.model).double()(picture.double())
            error = (self.model(picture) - exact).abs().max() / exact.abs().max()
        self.assertLess(float(error), 5e-6)


if __name__ == "__main__":
    unittest.main()
