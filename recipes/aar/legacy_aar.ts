/**
 * The lane that takes official AARs: packed anew, so that equal content has equal bytes, and laid out as a Maven
 * repository with all that they depend on.
 *
 * @module
 */
import { DEFAULT_RESOURCES, EngineError, type Input, type Step } from "../../engine/mod.ts";
import type { Materials } from "../materials.ts";
import { AAR_FILES, DEPENDENCIES, OFFICIAL_AARS, type OfficialAar, sourceName } from "./official.ts";

/** What the lane makes. */
export interface LegacyLane {
  readonly aars: readonly OfficialAar[];
  /** Normalised files, one step for each AAR. */
  readonly normalised: readonly Step[];
  /** `maven/`: the repository folder. */
  readonly repository: Step;
}

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
export function legacyLane(materials: Materials, { version, group }: LegacyOptions): LegacyLane {
  assertGroup(group);
  const aars = OFFICIAL_AARS.filter((one) => one.version === version);
  if (aars.length === 0) throw unknownVersion(version);
  const normalised = aars.map((aar) => normaliseStep(materials, aar));
  return { aars, normalised, repository: repositoryStep(materials, { aars, normalised, group }) };
}

function normaliseStep(materials: Materials, aar: OfficialAar): Step {
  const files = fileNames(aar);
  return {
    name: `aar/${aar.artifact}-${aar.version}`,
    image: materials.vulkanSdk,
    inputs: {
      ...Object.fromEntries(
        AAR_FILES.map((kind) => [kind, materials.source(sourceName(aar, kind), files[kind])]),
      ),
      recipe: { kind: "files", folder: "recipes/aar", only: ["normalise.py"] },
    },
    environment: {},
    script: AAR_FILES.map((kind) =>
      `python3 /in/recipe/normalise.py /in/${kind}/${files[kind]} /out/${files[kind]}`
    ).join("\n"),
    outputs: AAR_FILES.map((kind) => files[kind]),
    resources: DEFAULT_RESOURCES,
  };
}

interface RepositoryParts {
  readonly aars: readonly OfficialAar[];
  readonly normalised: readonly Step[];
  readonly group: string;
}

function repositoryStep(materials: Materials, { aars, normalised, group }: RepositoryParts): Step {
  const dependencyInputs = DEPENDENCIES.flatMap((module) =>
    ["jar", "pom"].map((extension): [string, Input] => {
      const name = sourceName(module, extension);
      return [name, materials.source(name, `${module.artifact}-${module.version}.${extension}`)];
    })
  );
  const spec = {
    modules: aars.map((aar) => ({
      group,
      artifact: aar.artifact,
      version: aar.version,
      name: `PyTorch for Android (${aar.variant === "full" ? "full JIT" : "lite interpreter"})`,
      description:
        `The official ${aar.group}:${aar.artifact}:${aar.version}, packed anew; contents unchanged`,
      url: "https://github.com/pytorch/pytorch/tree/main/android",
      licence: { name: "BSD-3-Clause", url: "https://github.com/pytorch/pytorch/blob/main/LICENSE" },
      files: Object.fromEntries(
        AAR_FILES.map((kind) => [kind, `/in/${aar.artifact}/${fileNames(aar)[kind]}`]),
      ),
      dependencies: aar.dependencies,
    })),
    copies: DEPENDENCIES.flatMap((module) =>
      ["jar", "pom"].map((extension) => {
        const file = `${module.artifact}-${module.version}.${extension}`;
        return {
          path: `${module.group.replaceAll(".", "/")}/${module.artifact}/${module.version}/${file}`,
          file: `/in/${sourceName(module, extension)}/${file}`,
        };
      })
    ),
  };
  return {
    name: `aar/maven-${aars[0]?.version ?? ""}`,
    image: materials.vulkanSdk,
    inputs: {
      ...Object.fromEntries(aars.map((aar, index): [string, Input] => {
        const step = normalised[index];
        if (step === undefined) throw new Error(`no step for ${aar.artifact}`);
        return [aar.artifact, { kind: "step", step }];
      })),
      ...Object.fromEntries(dependencyInputs),
      recipe: { kind: "files", folder: "recipes/aar", only: ["maven_repository.py"] },
    },
    environment: {},
    script: [
      "cat > spec.json <<'END'",
      JSON.stringify(spec, undefined, 1),
      "END",
      "python3 /in/recipe/maven_repository.py spec.json /out/maven",
    ].join("\n"),
    outputs: ["maven"],
    resources: DEFAULT_RESOURCES,
  };
}

/** Names of an AAR's files, as publishers name them. */
export function fileNames({ artifact, version }: OfficialAar): Record<typeof AAR_FILES[number], string> {
  const stem = `${artifact}-${version}`;
  return { aar: `${stem}.aar`, sources: `${stem}-sources.jar`, javadoc: `${stem}-javadoc.jar` };
}

function assertGroup(group: string): void {
  if (/^[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)*$/.test(group)) return;
  throw new EngineError("usage", `Cannot use the group "${group}"`, {
    hint: "Give names joined by dots, such as com.example.pytorch",
  });
}

function unknownVersion(version: string): EngineError {
  const pinned = OFFICIAL_AARS.map((aar) => `${aar.version} (${aar.artifact})`).join(", ");
  return new EngineError("source-gone", `The lock pins no official AAR of PyTorch ${version}`, {
    hint: `It pins ${pinned}; docs/aar.md says how to pin another`,
    subject: version,
  });
}
