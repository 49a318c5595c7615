#!/usr/bin/env python3
"""Says why Gradle failed, where the cause is what it was given, and what to do.

  explain_gradle.py LOG
"""

import re
import sys
from pathlib import Path

RELOCK = (
    "name it in recipes/torch_android/java/gradle/requests.ts and run `deno task lock gradle-dependencies` where "
    "Maven Central and Google's Maven repository can be reached"
)

# Each: what Gradle or CMake says, with the subject in the first group; the cause; the fix.
CAUSES = [
    (
        r"(?:Could not find|Could not resolve|No cached version of) ([\w.-]+:[\w.-]+:[\w.+-]*\w)[.,]?(?:\s|$)",
        'Gradle needs "{0}", which gradle.lock.json does not have, and it may not fetch anything',
        RELOCK,
    ),
    (
        r"Dependency verification failed[\s\S]*?(?:On artifact|^\s*-) (\S+)",
        'The bytes of "{0}" are not those that gradle.lock.json pins',
        f"run `deno task cache verify`; after a change of the lock, {RELOCK}",
    ),
    (
        r"No version of NDK matched the requested version (\S+?)\.?\s",
        "The Android plug-in wants NDK {0}",
        "give the NDK that docker/ndk-r21e names, r21e (21.4.7075529)",
    ),
    (
        r"[Ff]ailed to find (?:target with hash string|Build Tools revision) '?([\w.-]+)'?",
        'The Android SDK lacks "{0}"',
        "look at the step torch-android/sdk: platform 28 and build-tools 28.0.3 have to be in it",
    ),
    (
        r"(?:Unsupported class file major version|Could not determine java version from) '?([\d.]+)'?",
        "Gradle 6.8.3 cannot run on this JDK ({0})",
        "use an image with JDK 8 or 11",
    ),
    (
        r"[Mm]inimum supported Gradle version is ([\d.]+)",
        "The Android plug-in wants Gradle {0} or newer",
        "use the Gradle that the lock pins, 6.8.3",
    ),
]


def explain(log: str) -> str:
    """Give cause and fix in one line, or where to look."""
    for pattern, cause, fix in CAUSES:
        if match := re.search(pattern, log, re.MULTILINE):
            return f"{cause.format(match[1])}; {fix}"
    return "Gradle failed; what it said stands above"


def main() -> None:
    """Read the log named on the command line."""
    print(explain(Path(sys.argv[1]).read_text(errors="replace")))


if __name__ == "__main__":
    main()
