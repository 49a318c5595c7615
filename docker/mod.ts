/**
 * All images of the project.
 *
 * @module
 */
import { BUBBLEWRAP } from "./bubblewrap/image.ts";
import type { ImageSpec } from "./debian.ts";
import { VULKAN_LAVAPIPE } from "./vulkan-lavapipe/image.ts";
import { VULKAN_SDK } from "./vulkan-sdk/image.ts";

export { BUBBLEWRAP } from "./bubblewrap/image.ts";
export { debianImage, type ImageSpec } from "./debian.ts";
export { dockerfileOf } from "./dockerfile.ts";
export { LAVAPIPE_MANIFEST, VULKAN_LAVAPIPE } from "./vulkan-lavapipe/image.ts";
export { VULKAN_SDK } from "./vulkan-sdk/image.ts";

/** Every image that `deno task lock` resolves. */
export const IMAGES: readonly ImageSpec[] = [VULKAN_SDK, VULKAN_LAVAPIPE, BUBBLEWRAP];
