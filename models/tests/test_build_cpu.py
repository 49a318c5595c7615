"""The step as a whole."""

import contextlib
import hashlib
import io
import json
import tempfile
import unittest
from pathlib import Path

import numpy as np
from small_build import INPUT, build, small_build

from convert import build_cpu
from convert.tensor_file import read_tensor


def digests(folder: Path) -> dict[str, str]:
    """Give the SHA-256 of every file in a folder."""
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


class Outputs(unittest.TestCase):
    """What a build leaves behind."""

    @classmethod
    def setUpClass(cls) -> None:
        """Use the small build."""
        cls.out = small_build()
        cls.model = json.loads((cls.out / "model.json").read_text())

    def test_model_json_names_every_other_file(self) -> None:
        golden = [name for sample in self.model["golden"] for names in sample.values() for name in names]
        data = [name.replace(".json", ".bin") for name in golden]
        named = {*self.model["files"].values(), *golden, *data, "model.json"}
        self.assertEqual(named, set(digests(self.out)))

    def test_model_json_describes_the_interface(self) -> None:
        self.assertEqual(
            self.model["inputs"], [{"name": "input", "dtype": "float32", "shape": [1, 3, 64, 64]}]
        )
        self.assertEqual(self.model["outputs"], [{"name": "output", "dtype": "float32", "shape": [1, 1000]}])
        self.assertEqual(self.model["parameters"], 3_504_872)
        self.assertEqual(self.model["weights"]["kind"], "seeded")

    def test_the_samples_differ_and_share_their_names(self) -> None:
        first, second = (read_tensor(self.out / f"golden/output{suffix}.json") for suffix in ("", "1"))
        self.assertFalse(np.array_equal(first, second))
        self.assertEqual(json.loads((self.out / "golden/output1.json").read_text())["name"], "output")


class Determinism(unittest.TestCase):
    """Same bytes whatever the machine."""

    def test_a_second_process_writes_the_same_bytes(self) -> None:
        self.assertEqual(
            self.digests_elsewhere(PYTHONHASHSEED="1", OMP_NUM_THREADS="2"), digests(small_build())
        )

    def test_kernels_for_newer_cpus_write_the_same_bytes(self) -> None:
        flags = Path("/proc/cpuinfo").read_text().split()
        if "avx2" not in flags or "fma" not in flags:
            self.skipTest("this CPU has no AVX2")
        self.assertEqual(self.digests_elsewhere(ATEN_CPU_CAPABILITY="avx2"), digests(small_build()))

    def digests_elsewhere(self, **changes: str) -> dict[str, str]:
        """Build with another environment and give the digests of the files."""
        with tempfile.TemporaryDirectory() as out:
            build(Path(out), **changes)
            return digests(Path(out))


class Errors(unittest.TestCase):
    """What a user sees where something is wrong."""

    def refused(self, *arguments: str) -> str:
        """Run the step in vain and give what it says."""
        said = io.StringIO()
        with tempfile.TemporaryDirectory() as out, contextlib.redirect_stderr(said):
            self.assertEqual(build_cpu.main([*arguments, "--out", out]), 1)
        return said.getvalue()

    def test_an_unknown_model_is_named_with_a_hint(self) -> None:
        said = self.refused("resnet_9000", "--input", INPUT, "--output", "output")
        self.assertEqual(
            said,
            'error: Unknown model "resnet_9000": there is no models/resnet_9000/model.py\n'
            "hint: Check the name or add the model\n",
        )

    def test_a_wrong_input_is_quoted(self) -> None:
        for text in ("input", "input:1x3x64:imagenet", "input:1x3x64xB:imagenet", "input:1x3x64x64:none"):
            said = self.refused("mobilenet_v2", "--input", text, "--output", "output")
            self.assertIn(f'error: Cannot use input "{text}": ', said)

    def test_a_wrong_number_of_outputs_is_counted(self) -> None:
        said = self.refused("mobilenet_v2", "--input", INPUT, "--output", "a", "--output", "b")
        self.assertIn("error: Cannot name the outputs a, b: the model gives 1\n", said)

    def test_missing_weights_are_named(self) -> None:
        said = self.refused(
            "mobilenet_v2", "--input", INPUT, "--output", "output", "--weights", "/nowhere/w.pth"
        )
        self.assertIn('error: Cannot read weights "/nowhere/w.pth": No such file or directory\n', said)


if __name__ == "__main__":
    unittest.main()
