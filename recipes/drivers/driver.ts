/**
 * The Vulkan drivers that checks run on.
 *
 * Those in software are pinned, so what runs on them can be a step. A GPU's driver belongs to the machine: what runs
 * on it is run anew each time, outside the sandbox, with the image's programs (`recipes/gpu/run_on_host.sh`).
 *
 * @module
 */
import { join } from "node:path";
import { debianImage, type ImageSpec, LAVAPIPE_MANIFEST, VULKAN_LAVAPIPE } from "../../docker/mod.ts";
import type { Host, Image, Input } from "../../engine/mod.ts";
import { assertFresh, readPackagesLock } from "../../engine/lock/mod.ts";
import type { Materials } from "../materials.ts";
import { swiftshader } from "../swiftshader/swiftshader.ts";

/** Names of drivers. */
export const DRIVERS = ["swiftshader", "lavapipe", "gpu"] as const;

/** One of {@linkcode DRIVERS}. */
export type DriverName = typeof DRIVERS[number];

/** A driver that a step can use. */
export interface SoftwareDriver {
  readonly name: Exclude<DriverName, "gpu">;
  /** Image in which it runs; it has all that "vulkan-sdk" has. */
  readonly image: Image;
  readonly inputs: Readonly<Record<string, Input>>;
  /** Variables that show the loader this driver and no other. */
  readonly environment: Readonly<Record<string, string>>;
}

/** SwiftShader, as a step uses it. */
export function swiftshaderDriver(materials: Materials): SoftwareDriver {
  return {
    name: "swiftshader",
    image: materials.vulkanSdk,
    inputs: { driver: { kind: "step", step: swiftshader(materials), path: "lib" } },
    environment: manifestVariables("/in/driver/vk_swiftshader_icd.json"),
  };
}

/** Mesa's lavapipe, as a step uses it. */
export async function lavapipeDriver(host: Host, repository: string): Promise<SoftwareDriver> {
  const spec: ImageSpec = VULKAN_LAVAPIPE;
  const path = join(repository, spec.folder, "packages.lock.json");
  const lock = await readPackagesLock(host, path);
  assertFresh(lock, spec.requested, path);
  return {
    name: "lavapipe",
    image: debianImage(spec, lock),
    inputs: {},
    environment: manifestVariables(`/${LAVAPIPE_MANIFEST}`),
  };
}

function manifestVariables(manifest: string): Readonly<Record<string, string>> {
  // Older loaders know only VK_ICD_FILENAMES.
  return { VK_DRIVER_FILES: manifest, VK_ICD_FILENAMES: manifest };
}
