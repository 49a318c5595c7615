"""Loading published weights."""

import hashlib
import os
import tempfile
import unittest
from pathlib import Path

import torch
from torch import Tensor, nn

from convert.errors import ConvertError
from convert.weights import load_weights, weights_digest


class Trap:
    """Would run a command when unpickled."""

    def __init__(self, file: Path) -> None:
        """Choose the file to create."""
        self.file = file

    def __reduce__(self) -> tuple[object, tuple[str]]:
        """Ask the unpickler to call `os.mkdir`."""
        return os.mkdir, (str(self.file),)


class LoadWeights(unittest.TestCase):
    """`load_weights()`."""

    def setUp(self) -> None:
        """Make a folder and a file with weights that fit."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.model = network()
        self.source = network()
        self.good = self.saved("good.pth", self.source.state_dict())

    def saved(self, name: str, value: object, *, zipped: bool = True) -> Path:
        """Save `value` as torch does and give the file."""
        torch.save(value, self.folder / name, _use_new_zipfile_serialization=zipped)
        return self.folder / name

    def refused(self, file: Path, message: str, prefix: str = "") -> None:
        """Expect an error and an untouched model."""
        before = weights_digest(self.model)
        with self.assertRaisesRegex(ConvertError, message):
            load_weights(self.model, file, prefix)
        self.assertEqual(weights_digest(self.model), before)

    def test_weights_arrive_and_the_full_digest_comes_back(self) -> None:
        digest = hashlib.sha256(self.good.read_bytes()).hexdigest()
        self.assertEqual(load_weights(self.model, self.good, digest[:8]), digest)
        self.assertEqual(weights_digest(self.model), weights_digest(self.source))

    def test_files_of_torch_before_1_6_load(self) -> None:
        load_weights(self.model, self.saved("old.pth", self.source.state_dict(), zipped=False), "")
        self.assertEqual(weights_digest(self.model), weights_digest(self.source))

    def test_files_without_batch_counts_load(self) -> None:
        state = {k: v for k, v in self.source.state_dict().items() if not k.endswith("num_batches_tracked")}
        load_weights(self.model, self.saved("old.pth", state), "")
        self.assertEqual(weights_digest(self.model), weights_digest(self.source))

    def test_another_hash_is_refused_with_both(self) -> None:
        digest = hashlib.sha256(self.good.read_bytes()).hexdigest()
        self.refused(self.good, f'"good.pth": sha256 is {digest}, it must begin with nothex', "nothex")

    def test_a_truncated_file_is_one_sentence(self) -> None:
        for name, zipped in (("zip.pth", True), ("old.pth", False)):
            file = self.saved(name, self.source.state_dict(), zipped=zipped)
            file.write_bytes(file.read_bytes()[:700])
            self.refused(file, f'^Cannot read weights "{name}": the file is corrupt, or holds [\\w ]+$')

    def test_a_file_of_something_else_is_one_sentence(self) -> None:
        for content in (b"", b"hello\n", b"<html>Not found</html>"):
            file = self.folder / "page.pth"
            file.write_bytes(content)
            self.refused(file, '^Cannot read weights "page.pth": the file is corrupt, or holds [\\w ]+$')

    def test_a_missing_file_is_named(self) -> None:
        self.refused(self.folder / "none.pth", r'Cannot read weights ".*none.pth": No such file')

    def test_code_in_a_file_does_not_run(self) -> None:
        target = self.folder / "made by the trap"
        self.refused(self.saved("trap.pth", {"a": Trap(target)}), "corrupt, or holds something else")
        self.assertFalse(target.exists())

    def test_what_does_not_fit_is_named(self) -> None:
        state = dict(self.source.state_dict())
        bias = state.pop("0.bias")
        self.refused(self.saved("a.pth", state), 'it lacks "0.bias"$')
        self.refused(self.saved("b.pth", {**state, "0.bias": bias, "x": bias}), 'the model has no "x"$')
        wrong = {**state, "0.bias": torch.zeros(7)}
        self.refused(self.saved("c.pth", wrong), r'"0.bias" has shape \[7\], in the model \[2\]$')
        self.refused(self.saved("d.pth", [bias]), "it holds something else than named tensors")


class WeightsDigest(unittest.TestCase):
    """`weights_digest()`."""

    def test_one_bit_changes_it(self) -> None:
        model = network()
        before = weights_digest(model)
        parameter: Tensor = model.get_parameter("0.bias")
        with torch.no_grad():
            parameter[0] = torch.nextafter(parameter[0], torch.tensor(9.0))
        self.assertNotEqual(weights_digest(model), before)


def network() -> nn.Module:
    """Give a small network with fresh random weights."""
    return nn.Sequential(nn.Conv2d(3, 2, 3), nn.BatchNorm2d(2))


if __name__ == "__main__":
    unittest.main()
