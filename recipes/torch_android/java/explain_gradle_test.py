"""Tests of explain_gradle.py, on what Gradle and the Android plug-in print.

python3 -m unittest recipes/torch_android/java/explain_gradle_test.py
"""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from explain_gradle import explain

# Gradle 4.4.1, offline, with a repository in a folder that lacks a module.
MISSING = """
* What went wrong:
Execution failed for task ':show'.
> Could not resolve all files for configuration ':agp'.
   > Could not find com.google.code.gson:gson:2.8.5.
     Searched in the following locations:
         file:/in/dependencies/repository/com/google/code/gson/gson/2.8.5/gson-2.8.5.pom
"""
OFFLINE = "> No cached version of com.android.tools.build:gradle:4.1.2 available for offline mode."
UNPINNED = """
> Dependency verification failed for configuration ':classpath'
  2 artifacts failed verification:
    - gson-2.8.5.jar (com.google.code.gson:gson:2.8.5) from repository maven
"""
OTHER_BYTES = """
Dependency verification failed for configuration ':classpath'
On artifact gson-2.8.5.jar
"""
NDK = "No version of NDK matched the requested version 21.4.7075529. Versions available locally: 25.1.8937393"
JDK = "Could not compile build file.\n> Unsupported class file major version 61"
PLATFORM = "Failed to find target with hash string 'android-28' in: /in/sdk"


class ExplainTest(unittest.TestCase):
    """Behaviour of explain()."""

    def test_names_a_missing_module_and_how_to_lock_it(self) -> None:
        text = explain(MISSING)
        self.assertIn('"com.google.code.gson:gson:2.8.5"', text)
        self.assertIn("gradle.lock.json does not have", text)
        self.assertIn("deno task lock gradle-dependencies", text)
        self.assertIn('"com.android.tools.build:gradle:4.1.2"', explain(OFFLINE))

    def test_names_a_file_of_other_bytes(self) -> None:
        self.assertIn('"gson-2.8.5.jar"', explain(OTHER_BYTES))
        self.assertIn('"gson-2.8.5.jar"', explain(UNPINNED))

    def test_names_what_the_android_plugin_lacks(self) -> None:
        self.assertIn("NDK 21.4.7075529", explain(NDK))
        self.assertIn('"android-28"', explain(PLATFORM))

    def test_names_a_jdk_that_is_too_new(self) -> None:
        self.assertIn("cannot run on this JDK (61)", explain(JDK))

    def test_does_not_guess(self) -> None:
        self.assertEqual(explain("error: expected ';'"), "Gradle failed; what it said stands above")


if __name__ == "__main__":
    unittest.main()
