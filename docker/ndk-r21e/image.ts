/**
 * The image in which torch for Android is built: JDK 11, CMake 3.18, Python and the small tools that upstream's scripts
 * call. The NDK, the Android SDK and Gradle are archives of Google's and Gradle's, not packages: steps unpack them
 * (recipes/torch_android) and mount them below /in, where the Dockerfile has them below /opt.
 *
 * @module
 */
import type { ImageSpec } from "../debian.ts";

const JAVA_HOME = "usr/lib/jvm/java-11-openjdk-amd64";

/**
 * The spec of the image "ndk-r21e".
 *
 * Of bullseye, the last Debian that has JDK 11: Gradle 6.8.3 runs on 8 to 15, and AGP 4.1.2 wants that Gradle. Its CMake
 * 3.18 is below 4, which no longer reads the CMake files of 1.13.1's submodules.
 */
export const NDK_R21E: ImageSpec = {
  name: "ndk-r21e",
  folder: "docker/ndk-r21e",
  requested: {
    bullseye: [
      "bash",
      "cmake",
      "coreutils",
      "dash",
      "debianutils",
      "diffutils",
      "findutils",
      "grep",
      "gzip",
      "libc-bin",
      // The NDK's and the SDK's programs are made for older systems.
      "libncurses5",
      "libstdc++6",
      "libtinfo5",
      "mawk",
      "ninja-build",
      "nlohmann-json3-dev",
      "openjdk-11-jdk-headless",
      "patch",
      "python3",
      "python3-typing-extensions",
      "python3-yaml",
      "sed",
      "tar",
      "unzip",
      "xz-utils",
      "zlib1g",
    ],
  },
  links: {
    "usr/bin/awk": "mawk",
    "usr/bin/java": `../../${JAVA_HOME}/bin/java`,
    "usr/bin/javac": `../../${JAVA_HOME}/bin/javac`,
    "usr/bin/sh": "dash",
  },
  environment: { JAVA_HOME: `/${JAVA_HOME}` },
  ldconfig: true,
  dockerfile: true,
  archives: [
    { source: "android-ndk-r21e", top: "android-ndk-r21e", folder: "opt/android-ndk" },
    { source: "android-sdk-platform-28", top: "android-9", folder: "opt/android-sdk/platforms/android-28" },
    {
      source: "android-sdk-build-tools-28.0.3",
      top: "android-9",
      folder: "opt/android-sdk/build-tools/28.0.3",
    },
    { source: "gradle-6.8.3", top: "gradle-6.8.3", folder: "opt/gradle" },
  ],
};
