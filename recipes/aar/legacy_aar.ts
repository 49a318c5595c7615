/**
 * The lane that takes official AARs: packed anew, so that equal content has equal bytes, and laid out as a Maven
 * repository with all that they depend on.
 *
 * @module
 */
import { EngineError } from "../../engine/mod.ts";
import type { Materials } from "../materials.ts";
import { type AarLane, assertGroup, fileNames, type LaneAar, normaliseStep, repositoryStep } from "./lane.ts";
import { AAR_FILES, OFFICIAL_AARS, type OfficialAar, sourceName } from "./official.ts";

/** Version of PyTorch that is taken unless another is asked for. */
export const DEFAULT_OFFICIAL_VERSION = "1.13.1";

/** Options of {@linkcode legacyLane}. */
export interface LegacyOptions {
  /** Of PyTorch. */
  readonly version: string;
  /** Group of the modules in the repository: their bytes are not the publisher's, so neither is their name. */
  readonly group: string;
}

/**
 * The official AARs of a version.
 *
 * @throws {EngineError} "source-gone" for a version that is not pinned; "usage" for a group that is none
 */
export function legacyLane(materials: Materials, { version, group }: LegacyOptions): AarLane {
  assertGroup(group);
  const official = OFFICIAL_AARS.filter((one) => one.version === version);
  if (official.length === 0) throw unknownVersion(version);
  const aars = official.map(laneAar);
  const normalised = official.map((aar) => {
    const files = fileNames(aar);
    return normaliseStep(materials, aar, {
      name: `aar/${aar.artifact}-${aar.version}`,
      files: Object.fromEntries(AAR_FILES.map((kind) => [kind, {
        input: materials.source(sourceName(aar, kind), files[kind]),
        fileName: files[kind],
      }])) as Parameters<typeof normaliseStep>[2]["files"],
    });
  });
  const repository = repositoryStep(materials, { name: `aar/maven-${version}`, group, aars, normalised });
  return { group, aars, normalised, repository };
}

function laneAar(aar: OfficialAar): LaneAar {
  const { group, artifact, version, variant, dependencies, knownFaults } = aar;
  const part = artifact.includes("torchvision") ? "Torchvision for Android" : "PyTorch for Android";
  return {
    artifact,
    version,
    variant,
    name: `${part} (${variant === "full" ? "full JIT" : "lite interpreter"})`,
    description: `The official ${group}:${artifact}:${version}, packed anew; contents unchanged`,
    dependencies,
    knownFaults,
  };
}

function unknownVersion(version: string): EngineError {
  const pinned = OFFICIAL_AARS.map((aar) => `${aar.version} (${aar.artifact})`).join(", ");
  return new EngineError("source-gone", `The lock pins no official AAR of PyTorch ${version}`, {
    hint: `It pins ${pinned}; docs/aar.md says how to pin another`,
    subject: version,
  });
}
