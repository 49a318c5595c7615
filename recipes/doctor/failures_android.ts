import type { Failure } from "./failure.ts";

/** Failures of the Android build: NDK, Gradle, Java. */
export const ANDROID_FAILURES: readonly Failure[] = [
  {
    id: "vulkan-wrapper",
    area: "android",
    symptom:
      /Cannot find source file:\s+\S*vulkan_wrapper\.(?:h|cpp)|vulkan_wrapper\.h['’]? (?:file )?(?:: )?not found|vulkan_wrapper\.h: No such file/,
    example: "CMake Error at cmake/VulkanDependencies.cmake:18 (add_library):\n" +
      "  Cannot find source file:\n\n" +
      "    /opt/android/ndk/25.1.8937393/sources/third_party/vulkan/src/common/vulkan_wrapper.h",
    title: "The NDK has no vulkan_wrapper",
    cause: "NDK r23 removed the Vulkan wrapper that PyTorch compiles.",
    fix: "Use NDK r21e (21.4.7075529) or r22b, as `deno task build-aar` does",
    since: "NDK r23 and later, every PyTorch",
    reference: "https://github.com/pytorch/pytorch/issues/92086",
  },
  {
    id: "ndk-host-tag",
    area: "android",
    symptom: /shader-tools\/\/glslc/,
    example: "/bin/sh: 1: /opt/android-ndk/shader-tools//glslc: not found",
    title: "CMake does not know the NDK's host system",
    cause: "ANDROID_NDK_HOST_SYSTEM_NAME is set only by the NDK's old toolchain file.",
    fix: "Pass -DANDROID_NDK_HOST_SYSTEM_NAME=linux-x86_64 to CMake",
    since: "any toolchain file but the NDK's old one; reported with r20b and later",
    reference: "https://github.com/pytorch/pytorch/issues/55296",
  },
  {
    id: "ndk-version",
    area: "android",
    symptom: /No version of NDK matched the requested version|disagrees with android\.ndkVersion/,
    example:
      "No version of NDK matched the requested version 21.0.6113669. Versions available locally: 21.4.7075529, 23.2.8568313",
    title: "Gradle asks for another NDK",
    cause: "Without ndkVersion the Android plug-in wants its own default NDK.",
    fix: 'Set ndkVersion "21.4.7075529" in build.gradle, and the same NDK as ndk.dir in local.properties',
    since: "Android Gradle plug-in 3.6 and later",
    reference: "https://github.com/gradle/gradle/issues/12440",
  },
  {
    id: "jdk-too-new",
    area: "android",
    symptom: /Unsupported class file major version \d+/,
    example: "General error during semantic analysis: Unsupported class file major version 61",
    title: "Java is too new for Gradle",
    cause: "Gradle 6.8.3, which this source needs, runs on Java 8 to 15.",
    fix: "Use JDK 8 or 11: set JAVA_HOME, or build with `deno task build-aar`",
    since: "JDK 16 and later (major version 60) with Gradle 6",
    reference: "https://docs.gradle.org/current/userguide/compatibility.html",
  },
  {
    id: "gradle-too-new",
    area: "android",
    symptom: /Plugin with id 'maven' not found/,
    example: "> Plugin with id 'maven' not found.",
    title: "Gradle is too new for this source",
    cause: "pytorch_android applies the plug-in maven, which Gradle 7 removed.",
    fix: "Use android/gradlew, which fetches Gradle 6.8.3, and not a Gradle of your own",
    since: "Gradle 7.0 and later",
    reference: "https://docs.gradle.org/7.0/userguide/upgrading_version_6.html",
  },
  {
    id: "jcenter",
    area: "android",
    symptom: /(?:Could not|Unable to)[^\n]{0,200}jcenter\.bintray\.com/,
    example:
      "> Could not HEAD 'https://jcenter.bintray.com/com/facebook/soloader/nativeloader/0.10.4/nativeloader-0.10.4.pom'. Received status code 502 from server: Bad Gateway",
    title: "JCenter is gone",
    cause:
      "The source names jcenter() and not mavenCentral(); JCenter closed in 2021 and only redirects since 2024.",
    fix: "Replace jcenter() with mavenCentral() in android/build.gradle, in buildscript and in allprojects",
    since: "2021, every PyTorch",
    reference: "https://github.com/react/react-native/issues/32897",
  },
];
