/**
 * The image "vulkan-sdk" with Mesa's lavapipe, Vulkan on LLVM: a second driver in software, for what SwiftShader hides.
 *
 * An image of its own, since Mesa and LLVM are as large as the rest, and only checks on that driver need them.
 *
 * @module
 */
import type { ImageSpec } from "../debian.ts";
import { VULKAN_SDK } from "../vulkan-sdk/image.ts";

/** The spec of the image "vulkan-lavapipe". */
export const VULKAN_LAVAPIPE: ImageSpec = {
  ...VULKAN_SDK,
  name: "vulkan-lavapipe",
  folder: "docker/vulkan-lavapipe",
  requested: {
    ...VULKAN_SDK.requested,
    bookworm: [...VULKAN_SDK.requested.bookworm ?? [], "mesa-vulkan-drivers"],
  },
  dockerfile: false,
};

/** Where the image has the manifest of its driver. */
export const LAVAPIPE_MANIFEST = "usr/share/vulkan/icd.d/lvp_icd.x86_64.json";
