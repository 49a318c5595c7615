/**
 * What the lanes share, wherever their AARs come from: each AAR normalised by a step of its own, all laid out as one
 * Maven repository with what they depend on.
 *
 * @module
 */
import { DEFAULT_RESOURCES, EngineError, type Input, type Step } from "../../engine/mod.ts";
import type { Materials } from "../materials.ts";
import { AAR_FILES, type AarFile, DEPENDENCIES, type MavenModule, sourceName } from "./official.ts";

/** An AAR that a lane publishes. */
export interface LaneAar {
  readonly artifact: string;
  readonly version: string;
  readonly variant: "full" | "lite";
  /** What it is and where it comes from, for the POM. */
  readonly name: string;
  readonly description: string;
  /** What it needs at run time; a module of the lane itself by whatever group. */
  readonly dependencies: readonly MavenModule[];
  /** Checks of verify-aar that are known to fail: nothing that repacks an AAR can mend them. */
  readonly knownFaults: readonly string[];
}

/** What a lane makes. */
export interface AarLane {
  /** Group of the modules in the repository. */
  readonly group: string;
  readonly aars: readonly LaneAar[];
  /** Normalised files, one step for each AAR. */
  readonly normalised: readonly Step[];
  /** `maven/`: the repository folder. */
  readonly repository: Step;
}

/** Names of an AAR's files, as publishers name them. */
export function fileNames(
  { artifact, version }: Pick<LaneAar, "artifact" | "version">,
): Record<AarFile, string> {
  const stem = `${artifact}-${version}`;
  return { aar: `${stem}.aar`, sources: `${stem}-sources.jar`, javadoc: `${stem}-javadoc.jar` };
}

/** Where a file to normalise is. */
export interface RawFile {
  readonly input: Input;
  /** Below the input's folder. */
  readonly fileName: string;
}

/** Options of {@linkcode normaliseStep}. */
export interface NormaliseOptions {
  /** Name of the step. */
  readonly name: string;
  readonly files: Readonly<Record<AarFile, RawFile>>;
}

/** The files of an AAR in their normal form, under the names of {@linkcode fileNames}. */
export function normaliseStep(
  materials: Pick<Materials, "vulkanSdk">,
  aar: Pick<LaneAar, "artifact" | "version">,
  { name, files }: NormaliseOptions,
): Step {
  const names = fileNames(aar);
  return {
    name,
    image: materials.vulkanSdk,
    inputs: {
      ...Object.fromEntries(AAR_FILES.map((kind) => [kind, files[kind].input])),
      recipe: { kind: "files", folder: "recipes/aar", only: ["normalise.py"] },
    },
    environment: {},
    script: AAR_FILES.map((kind) =>
      `python3 /in/recipe/normalise.py /in/${kind}/${files[kind].fileName} /out/${names[kind]}`
    ).join("\n"),
    outputs: AAR_FILES.map((kind) => names[kind]),
    resources: DEFAULT_RESOURCES,
  };
}

/** Options of {@linkcode repositoryStep}. */
export interface RepositoryOptions extends Pick<AarLane, "group" | "aars" | "normalised"> {
  /** Name of the step. */
  readonly name: string;
}

/** The repository folder `maven/`. */
export function repositoryStep(
  materials: Pick<Materials, "vulkanSdk" | "source">,
  { name, group, aars, normalised }: RepositoryOptions,
): Step {
  const dependencyInputs = DEPENDENCIES.flatMap((module) =>
    ["jar", "pom"].map((extension): [string, Input] => {
      const source = sourceName(module, extension);
      return [source, materials.source(source, `${module.artifact}-${module.version}.${extension}`)];
    })
  );
  const own = new Set(aars.map(({ artifact }) => artifact));
  const spec = {
    modules: aars.map((aar) => ({
      group,
      artifact: aar.artifact,
      version: aar.version,
      name: aar.name,
      description: aar.description,
      url: "https://github.com/pytorch/pytorch/tree/main/android",
      licence: { name: "BSD-3-Clause", url: "https://github.com/pytorch/pytorch/blob/main/LICENSE" },
      files: Object.fromEntries(
        AAR_FILES.map((kind) => [kind, `/in/${aar.artifact}/${fileNames(aar)[kind]}`]),
      ),
      dependencies: aar.dependencies.map((module) =>
        own.has(module.artifact) ? { ...module, group, type: "aar" } : module
      ),
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
    name,
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

/** @throws {EngineError} "usage" for what is no group */
export function assertGroup(group: string): void {
  if (/^[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)*$/.test(group)) return;
  throw new EngineError("usage", `Cannot use the group "${group}"`, {
    hint: "Give names joined by dots, such as com.example.pytorch",
  });
}
