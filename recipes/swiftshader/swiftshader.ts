/**
 * SwiftShader: Google's Vulkan in software, as browsers ship it.
 *
 * @module
 */
import { DEFAULT_RESOURCES, type Step } from "../../engine/mod.ts";
import type { Materials } from "../materials.ts";

/** `lib/libvk_swiftshader.so` and `lib/vk_swiftshader_icd.json`. */
export function swiftshader(materials: Materials): Step {
  return {
    name: "swiftshader",
    image: materials.vulkanSdk,
    inputs: {
      chromium: materials.source("swiftshader", "chromium.tgz"),
      recipe: { kind: "files", folder: "recipes/swiftshader", only: ["swiftshader.sh"] },
    },
    environment: {},
    script: "bash /in/recipe/swiftshader.sh",
    outputs: ["lib/libvk_swiftshader.so", "lib/vk_swiftshader_icd.json"],
    resources: DEFAULT_RESOURCES,
  };
}
