"""Tests of normalise.py.

python3 -m unittest recipes/aar/normalise_test.py
"""

import io
import os
import random
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from normalise import normalise

SCRIPT = Path(__file__).with_name("normalise.py")
RUNS = 20
# Of the system: one below a home folder cannot be run by other users.
PYTHON = "/usr/bin/python3"
CONTENTS = {
    "AndroidManifest.xml": b"<manifest/>",
    "jni/arm64-v8a/liba.so": bytes(range(256)) * 64,
    "jni/x86_64/liba.so": b"x" * 5000,
    "res/values/values.xml": b"<resources/>",
}


def archive(contents: dict[str, bytes], *, seed: int = 0) -> bytes:
    """Make an archive whose order, times, modes, methods and folders depend on a seed."""
    chance = random.Random(seed)
    out = io.BytesIO()
    names = list(contents)
    chance.shuffle(names)
    with zipfile.ZipFile(out, "w") as target:
        for name in names:
            folder = f"{Path(name).parent}/"
            if folder != "./" and chance.random() < 0.5 and folder not in target.namelist():
                target.writestr(zipfile.ZipInfo(folder), b"")
            time = (1980 + chance.randrange(60), 1 + chance.randrange(12), 1, chance.randrange(24), 0, 0)
            info = zipfile.ZipInfo(name, time)
            info.external_attr = chance.choice((0o100600, 0o100644, 0o100777)) << 16
            method = chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
            level = chance.choice((1, 9))
            target.writestr(info, contents[name], method, level)
    return out.getvalue()


def sample(seed: int) -> bytes:
    """Make an AAR with a jar inside; both vary with the seed."""
    classes = {"META-INF/MANIFEST.MF": b"Manifest-Version: 1.0\n", "B.class": b"b", "A.class": b"a"}
    return archive({**CONTENTS, "classes.jar": archive(classes, seed=seed + 1)}, seed=seed)


class NormaliseTest(unittest.TestCase):
    """Behaviour of normalise()."""

    def test_gives_the_same_bytes_whatever_order_times_and_modes(self) -> None:
        first = normalise(sample(0))
        for seed in range(1, RUNS):
            self.assertEqual(normalise(sample(seed)), first)

    def test_gives_the_same_bytes_whatever_user_umask_zone_and_language(self) -> None:
        outputs = set()
        with tempfile.TemporaryDirectory() as folder:
            Path(folder).chmod(0o777)
            script = Path(folder, SCRIPT.name)
            shutil.copyfile(SCRIPT, script)
            script.chmod(0o644)
            for seed in range(RUNS):
                source = Path(folder, f"{seed}.aar")
                source.write_bytes(sample(seed))
                source.chmod(0o644)
                os.utime(source, (seed * 10**7, seed * 10**7))
                target = Path(folder, f"{seed}.out")
                # Only root can become others.
                user = 1000 + seed if os.getuid() == 0 else None
                zones = ("UTC", "Asia/Tokyo", "America/New_York")
                subprocess.run(
                    [PYTHON, "-I", script, source, target],
                    check=True,
                    env={
                        "TZ": zones[seed % 3],
                        "LC_ALL": ("C", "C.UTF-8")[seed % 2],
                        "PYTHONHASHSEED": str(seed),
                    },
                    umask=(0o000, 0o022, 0o077)[seed % 3],
                    user=user,
                )
                outputs.add(target.read_bytes())
        self.assertEqual(len(outputs), 1)

    def test_is_its_own_normal_form(self) -> None:
        once = normalise(sample(0))
        self.assertEqual(normalise(once), once)

    def test_keeps_contents_and_drops_folders(self) -> None:
        with zipfile.ZipFile(io.BytesIO(normalise(sample(3)))) as result:
            names = result.namelist()
            self.assertEqual(names, sorted([*CONTENTS, "classes.jar"]))
            for name, content in CONTENTS.items():
                self.assertEqual(result.read(name), content)

    def test_treats_archives_inside_alike(self) -> None:
        inner = [archive({"b": b"2", "a": b"1"}, seed=seed) for seed in range(2)]
        outer = {normalise(archive({"x.jar": one, "search.zip": one})) for one in inner}
        self.assertEqual(len(outer), 1)

    def test_puts_the_manifest_of_a_jar_first(self) -> None:
        jar = archive({"A.class": b"a", "META-INF/MANIFEST.MF": b"m", "META-INF/B": b"b"})
        with zipfile.ZipFile(io.BytesIO(normalise(jar))) as result:
            self.assertEqual(result.namelist()[0], "META-INF/MANIFEST.MF")

    def test_refuses_names_that_leave_the_folder(self) -> None:
        for name in ("../x", "/etc/x", "a/../../x", "a\\..\\x"):
            with self.assertRaises(ValueError):
                normalise(archive({name: b""}))

    def test_refuses_a_name_that_is_there_twice(self) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as target:
            target.writestr("a", b"1")
            with self.assertWarns(UserWarning):
                target.writestr("a", b"2")
        with self.assertRaises(ValueError):
            normalise(out.getvalue())

    def test_refuses_a_damaged_archive(self) -> None:
        with self.assertRaises(zipfile.BadZipFile):
            normalise(sample(0)[:-30])


if __name__ == "__main__":
    unittest.main()
