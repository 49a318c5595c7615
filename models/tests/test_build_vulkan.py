"""The Vulkan step; needs VKFORGE_PLUGIN (the plug-in's path) and a Vulkan driver, or is skipped.

Each case is a process of its own: once loaded, the backend cannot be unloaded.
"""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from small_build import environment, small_build

RUN = """
import sys
from pathlib import Path
import numpy as np, torch
from convert.export import load_vulkan_backend
from convert.forms import load_form
from convert.tensor_file import read_tensor
plugin, golden, file = map(Path, sys.argv[1:])
load_vulkan_backend(plugin)
with torch.inference_mode():
    output = load_form(file)(torch.from_numpy(read_tensor(golden / "input.json")).to("vulkan")).cpu().numpy()
reference = read_tensor(golden / "output.json")
print(np.abs(output - reference).max() / np.abs(reference).max())
"""


@unittest.skipUnless("VKFORGE_PLUGIN" in os.environ, "VKFORGE_PLUGIN is not set")
class VulkanForms(unittest.TestCase):
    """The files that the step writes."""

    @classmethod
    def setUpClass(cls) -> None:
        """Convert the small build twice."""
        cls.plugin = os.environ["VKFORGE_PLUGIN"]
        cls.cpu = small_build()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.first, cls.second = Path(folder.name) / "a", Path(folder.name) / "b"
        for out in (cls.first, cls.second):
            step(cls.cpu, cls.plugin, out, check=True)

    def test_each_form_is_close_to_the_golden_output(self) -> None:
        for name in ("mobilenet_v2_vulkan.pt", "mobilenet_v2_vulkan.ptl"):
            with self.subTest(name):
                command = [sys.executable, "-c", RUN, self.plugin, self.cpu / "golden", self.first / name]
                error = float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
                self.assertLess(error, 1e-5)

    def test_a_second_conversion_writes_the_same_bytes(self) -> None:
        for file in self.first.iterdir():
            self.assertEqual(file.read_bytes(), (self.second / file.name).read_bytes(), file.name)

    def test_no_device_is_one_sentence(self) -> None:
        with tempfile.TemporaryDirectory() as out:
            done = step(
                self.cpu, self.plugin, Path(out), VK_DRIVER_FILES="/none.json", VK_ICD_FILENAMES="/none.json"
            )
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"^error: No Vulkan device found \(VkResult of -9\)\nhint: [^\n]+\n$")


def step(
    cpu: Path, plugin: str, out: Path, *, check: bool = False, **changes: str
) -> subprocess.CompletedProcess[str]:
    """Run the step."""
    command = [sys.executable, "-m", "convert.build_vulkan", "mobilenet_v2"]
    command += ["--cpu", str(cpu), "--plugin", plugin, "--out", str(out)]
    return subprocess.run(command, env=environment(**changes), check=check, capture_output=True, text=True)


if __name__ == "__main__":
    unittest.main()
