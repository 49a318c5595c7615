/**
 * The Vulkan drivers that checks run on.
 *
 * Those in software are pinned, so what runs on them can be a step. A GPU's driver belongs to the machine: what runs
 * on it is run anew each time, outside the sandbox, with the image's programs.
 *
 * @module
 */
import { join } from "node:path";
import { debianImage, type ImageSpec, LAVAPIPE_MANIFEST, VULKAN_LAVAPIPE } from "../../docker/mod.ts";
import type { Host, Image, Input, Step } from "../../engine/mod.ts";
import { assertFresh, readPackagesLock } from "../../engine/lock/mod.ts";
import type { Materials } from "../materials.ts";
import { swiftshader } from "../swiftshader/swiftshader.ts";
import { findMachineDriver, type MachineDriver } from "./machine.ts";

/** Names of drivers. */
export const DRIVERS = ["swiftshader", "lavapipe", "gpu"] as const;

/** One of {@linkcode DRIVERS}. */
export type DriverName = typeof DRIVERS[number];

/** A driver that a step, or a process in a sandbox, can use. */
export interface SoftwareDriver {
  readonly kind: "software";
  readonly name: Exclude<DriverName, "gpu">;
  /** Image in which it runs; it has all that "vulkan-sdk" has. */
  readonly image: Image;
  /** What a step that uses it needs besides the image. */
  readonly inputs: Readonly<Record<string, Input>>;
  /** Variables that show the loader this driver and no other. */
  readonly environment: Readonly<Record<string, string>>;
  /** Part of the name that its device gives itself, as the runner's `--expect-device` takes it. */
  readonly device: string;
}

/** A driver by kind: "software" runs in a sandbox, "machine" on the machine itself. */
export type Driver = SoftwareDriver | MachineDriver;

/** An output folder that a driver's processes see at `/in/<name>`. */
export interface DriverMount {
  readonly name: string;
  readonly step: Step;
  /** Folder below the step's output. */
  readonly path: string;
}

/** What {@linkcode openDriver} needs of the project. */
export interface DriverPlace {
  readonly repository: string;
  readonly materials: Materials;
}

/**
 * The driver of a name.
 *
 * @throws {EngineError} "source-unavailable" for "gpu" where the machine has no driver of a GPU; lock errors for
 * "lavapipe"
 */
export async function openDriver(host: Host, name: DriverName, place: DriverPlace): Promise<Driver> {
  switch (name) {
    case "swiftshader":
      return swiftshaderDriver(place.materials);
    case "lavapipe":
      return await lavapipeDriver(host, place.repository);
    case "gpu":
      return findMachineDriver(host);
  }
}

/** SwiftShader, as a step uses it. */
export function swiftshaderDriver(materials: Materials): SoftwareDriver {
  return {
    kind: "software",
    name: "swiftshader",
    image: materials.vulkanSdk,
    inputs: { driver: { kind: "step", step: swiftshader(materials), path: "lib" } },
    environment: manifestVariables("/in/driver/vk_swiftshader_icd.json"),
    device: "SwiftShader",
  };
}

/** Mesa's lavapipe, as a step uses it. */
export async function lavapipeDriver(host: Host, repository: string): Promise<SoftwareDriver> {
  const spec: ImageSpec = VULKAN_LAVAPIPE;
  const path = join(repository, spec.folder, "packages.lock.json");
  const lock = await readPackagesLock(host, path);
  assertFresh(lock, spec.requested, path);
  return {
    kind: "software",
    name: "lavapipe",
    image: debianImage(spec, lock),
    inputs: {},
    environment: manifestVariables(`/${LAVAPIPE_MANIFEST}`),
    device: "llvmpipe",
  };
}

/** The folders that a process has to see besides the image, where it is not a step. */
export function driverMounts({ inputs }: SoftwareDriver): DriverMount[] {
  return Object.entries(inputs).flatMap(([name, input]) =>
    input.kind === "step" ? [{ name, step: input.step, path: input.path ?? "" }] : []
  );
}

function manifestVariables(manifest: string): Readonly<Record<string, string>> {
  // Older loaders know only VK_ICD_FILENAMES.
  return { VK_DRIVER_FILES: manifest, VK_ICD_FILENAMES: manifest };
}
