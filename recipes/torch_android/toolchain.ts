/**
 * The archives that Google and Gradle publish, unpacked: steps, since images hold packages only.
 *
 * @module
 */
import { DEFAULT_RESOURCES, type Step } from "../../engine/mod.ts";
import type { AndroidMaterials } from "./materials.ts";

/** What torch is built with besides the image. */
export interface AndroidToolchain {
  /** `ndk`: the folder that source.properties lies in. */
  readonly ndk: Step;
  /** `sdk`: platforms/android-28 and build-tools/28.0.3. */
  readonly sdk: Step;
  /** `gradle`: bin/gradle and lib. */
  readonly gradle: Step;
}

/** NDK r21e, the last but one with vulkan_wrapper.h, Android SDK 28 and Gradle 6.8.3. */
export function androidToolchain(materials: AndroidMaterials): AndroidToolchain {
  const step = (name: string, inputs: Step["inputs"]): Step => ({
    name: `torch-android/${name}`,
    image: materials.ndkR21e,
    inputs: {
      ...inputs,
      recipe: {
        kind: "files",
        folder: "recipes/torch_android",
        only: [`${name}.sh`, ...(name === "ndk" ? ["check_ndk.sh"] : [])],
      },
    },
    environment: {},
    script: `bash /in/recipe/${name}.sh`,
    outputs: [name],
    resources: { ...DEFAULT_RESOURCES, timeoutMs: 30 * 60_000 },
  });
  return {
    ndk: step("ndk", { archive: materials.source("android-ndk-r21e", "ndk.zip") }),
    sdk: step("sdk", {
      platform: materials.source("android-sdk-platform-28", "platform.zip"),
      tools: materials.source("android-sdk-build-tools-28.0.3", "build-tools.zip"),
    }),
    gradle: step("gradle", { archive: materials.source("gradle-6.8.3", "gradle.zip") }),
  };
}
