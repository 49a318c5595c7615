/**
 * All images of the project.
 *
 * @module
 */
import { ADB } from "./adb/image.ts";
import { ADB_DEVICE } from "./adb-device/image.ts";
import { BUBBLEWRAP } from "./bubblewrap/image.ts";
import type { ImageSpec } from "./debian.ts";
import { NDK_R21E } from "./ndk-r21e/image.ts";
import { VULKAN_LAVAPIPE } from "./vulkan-lavapipe/image.ts";
import { VULKAN_SDK } from "./vulkan-sdk/image.ts";

export { ADB } from "./adb/image.ts";
export { ADB_DEVICE } from "./adb-device/image.ts";
export { BUBBLEWRAP } from "./bubblewrap/image.ts";
export { debianImage, type ImageSpec } from "./debian.ts";
export { dockerfileOf } from "./dockerfile.ts";
export { NDK_R21E } from "./ndk-r21e/image.ts";
export { LAVAPIPE_MANIFEST, VULKAN_LAVAPIPE } from "./vulkan-lavapipe/image.ts";
export { VULKAN_SDK } from "./vulkan-sdk/image.ts";

/** Every image that `deno task lock` resolves. */
export const IMAGES: readonly ImageSpec[] = [
  VULKAN_SDK,
  VULKAN_LAVAPIPE,
  BUBBLEWRAP,
  ADB,
  ADB_DEVICE,
  NDK_R21E,
];
