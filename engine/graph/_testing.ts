/**
 * Images and steps for tests that run nothing.
 *
 * @module
 */
import { digestOf } from "../digest.ts";
import type { Image } from "../image/mod.ts";
import type { LockedPackage } from "../lock/mod.ts";
import { DEFAULT_RESOURCES, type Step } from "./step.ts";

/** An image of the named packages and versions. */
export function testImage(versions: Readonly<Record<string, string>> = {}): Image {
  return {
    name: "image",
    packages: Object.entries(versions).map(([name, version]) => testPackage(name, version)),
    links: {},
    files: {},
    exclude: [],
    ldconfig: false,
    environment: {},
  };
}

/** A step with defaults for what a test does not name. */
export function testStep(name: string, step: Partial<Step> = {}): Step {
  return {
    name,
    image: testImage(),
    inputs: {},
    environment: {},
    script: "true",
    outputs: ["out"],
    resources: DEFAULT_RESOURCES,
    ...step,
  };
}

function testPackage(name: string, version: string): LockedPackage {
  return {
    name,
    version,
    archive: "debian",
    path: `pool/${name}_${version}.deb`,
    sha256: digestOf(`${name} ${version}`),
    sizeBytes: 1,
  } as unknown as LockedPackage;
}
