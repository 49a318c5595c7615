/**
 * What a result was made from: outputs of steps, their digests, and packages that are not the locked ones.
 *
 * @module
 */
import { EngineError, type Manifest } from "../engine/mod.ts";
import type { Result } from "../measure/mod.ts";
import type { Session } from "./_session.ts";

/** The output of a built step. */
export function manifestOf(manifests: ReadonlyMap<string, Manifest>, name: string): Manifest {
  const manifest = manifests.get(name);
  if (manifest === undefined) throw new EngineError("io", `The output of "${name}" is not there`);
  return manifest;
}

/** Digests of all that took part. */
export function digestsOf(manifests: ReadonlyMap<string, Manifest>): Result["digests"] {
  return [...manifests.values()].map(({ name, treeDigest }) => ({
    role: "step",
    name,
    sha256: treeDigest as string,
  }));
}

/** Packages that took the place of locked ones. */
export function driftOf({ drift }: Session): Result["drift"] {
  return drift.map(({ source, lockedVersion, usedVersion, reason }) => ({
    subject: `debian:${source}`,
    locked: lockedVersion,
    used: usedVersion,
    reason,
  }));
}
