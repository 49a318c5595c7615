/**
 * The client of the Android debug bridge with the libraries it needs, for machines without one. Runs with its own
 * loader, so the host needs nothing.
 *
 * @module
 */
import type { ImageSpec } from "../debian.ts";

/** The spec of the image "adb". */
export const ADB: ImageSpec = {
  name: "adb",
  folder: "docker/adb",
  requested: { trixie: ["adb"] },
  links: {},
  environment: {},
  // Its libraries are found by a path given to the loader.
  ldconfig: false,
  dockerfile: false,
};
