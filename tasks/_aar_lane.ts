/**
 * The lane of AARs that options ask for, and whether what it needs can be had.
 *
 * @module
 */
import { join } from "node:path";
import {
  type Engine,
  EngineError,
  EXIT,
  exitCodeOf,
  explainIo,
  type Host,
  type Input,
  type Step,
} from "../engine/mod.ts";
import type { Tree } from "../engine/tree/mod.ts";
import type { AarLane } from "../recipes/aar/lane.ts";
import { legacyLane } from "../recipes/aar/legacy_aar.ts";
import { SOURCE_VERSION, sourceLane } from "../recipes/aar/source_aar.ts";
import type { Project } from "../recipes/project.ts";
import {
  GRADLE_LOCK_PATH,
  gradleDependencies,
  readGradleLock,
} from "../recipes/torch_android/java/gradle/mod.ts";
import { loadAndroidMaterials, torchAndroidSteps } from "../recipes/torch_android/mod.ts";
import { parseTorchAndroidOptions, type TorchAndroidOptions } from "../recipes/torch_android/options.ts";
import type { AarValues } from "./_aar_options.ts";
import { storeRoot } from "./_session.ts";

/** A lane, and what was chosen where it compiles. */
export interface ChosenLane {
  readonly lane: AarLane;
  /** Absent where nothing is compiled. */
  readonly options?: TorchAndroidOptions;
  /** The step of each ABI; empty where nothing is compiled. */
  readonly abis: ReadonlyMap<string, Step>;
}

/**
 * The lane that options ask for.
 *
 * @throws {EngineError} "usage" for options that are unknown, or that do not go together; "source-gone" for a version
 * that is not pinned; "lock-missing", "lock-malformed", "lock-stale"
 */
export async function chooseLane(host: Host, project: Project, values: AarValues): Promise<ChosenLane> {
  const { version, group } = values;
  if (values.from === "maven") {
    assertNothingToCompile(values);
    return { lane: legacyLane(project.materials, { version, group }), abis: new Map() };
  }
  const options = optionsOf(host, values);
  const materials = await loadAndroidMaterials(host, project);
  const lock = readGradleLock(host, join(project.repository, GRADLE_LOCK_PATH));
  const native = torchAndroidSteps(materials, options);
  const dependencies = gradleDependencies(materials, lock);
  const lane = sourceLane(materials, { version, group, options, native, dependencies });
  return { lane, options, abis: native.abis };
}

/** Of what an ABI's step makes, the programs and the library that they need, in one folder. */
export function programsOf(tree: Tree): Tree {
  return tree.flatMap((entry) => {
    const [, path] = /^(?:bin|shared)\/(.+)$/.exec(entry.path) ?? [];
    return path === undefined ? [] : [{ ...entry, path }];
  });
}

/** Options that have no meaning where nothing is compiled. */
const COMPILING = ["abi", "lite", "fp16", "relaxedPrecision", "stl", "ops"] as const;

function assertNothingToCompile(values: AarValues): void {
  const given: string | undefined = COMPILING.find((name) => values[name] !== undefined) ??
    (values.strip ? undefined : "noStrip");
  if (given === undefined) return;
  const option = given.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new EngineError(
    "usage",
    `Cannot use --${option} with --from maven: official AARs are taken as they are`,
    {
      hint: `Leave --${option} out, or build with --from source`,
    },
  );
}

function optionsOf(host: Host, values: AarValues): TorchAndroidOptions {
  assertVulkan(host);
  const { abi, stl, ops } = values;
  return parseTorchAndroidOptions({
    ...(abi === undefined ? {} : { abis: abi.flatMap((names) => names.split(",")) }),
    variant: values.lite === true ? "lite" : "full",
    fp16: values.fp16 === true,
    relaxedPrecision: values.relaxedPrecision === true,
    ...(stl === undefined ? {} : { stl }),
    strip: values.strip,
    ...(ops === undefined ? {} : { selectedOps: readOps(host, ops) }),
  });
}

/** Somebody who sets USE_VULKAN=0 expects to be heard: no variable of theirs reaches a step. */
function assertVulkan(host: Host): void {
  const value = host.env.get("USE_VULKAN");
  if (value === undefined || !/^(0|off|no|false|n)$/i.test(value)) return;
  parseTorchAndroidOptions({ useVulkan: false });
}

function readOps(host: Host, file: string): string[] {
  let text: string;
  try {
    text = new TextDecoder().decode(host.fs.readFile(file));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new EngineError("usage", `Cannot read "${file}": there is no such file`, { cause: error });
    }
    throw explainIo(error, `read "${file}"`);
  }
  // "- aten::add.Tensor", as torch.jit.export_opnames and model_tracer write them, or the bare names.
  return text.split("\n").map((line) => line.replace(/#.*/, "").replace(/^\s*-\s*/, "").trim())
    .filter((name) => name !== "");
}

/**
 * Passes if everything that a lane of source lacks can be had: fetches it, before the first step runs.
 *
 * @throws {EngineError} "source-unavailable" and its like, with a hint to the official AARs; "disk-full"
 */
export async function fetchSources(
  host: Host,
  { engine, chosen, signal }: {
    readonly engine: Engine;
    readonly chosen: ChosenLane;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { lane, options, abis } = chosen;
  if (options === undefined) return;
  const native = [...abis.values()];
  const needed = engine.plan([lane.repository, ...native]).filter((step) => step.needed);
  if (needed.some(({ step }) => native.includes(step))) {
    const { assertDisk } = await import("../recipes/torch_android/mod.ts");
    assertDisk(host, storeRoot(host), options);
  }
  const fetcher = await engine.fetcher();
  const sources = needed.flatMap(({ step }) => Object.values(step.inputs).filter(isSource));
  try {
    await Promise.all(sources.map(({ name, source }) => fetcher.fetch(name, source, signal)));
  } catch (error) {
    throw withOfficialLane(error);
  }
}

function isSource(input: Input): input is Input & { readonly kind: "source" } {
  return input.kind === "source";
}

function withOfficialLane(error: unknown): unknown {
  if (!(error instanceof EngineError) || exitCodeOf(error) !== EXIT.input) return error;
  const { code, message, hint, detail, subject } = error;
  return new EngineError(code, message, {
    hint: `${
      hint === undefined ? "" : `${hint}; or `
    }take the official AARs of PyTorch ${SOURCE_VERSION} with --from maven`,
    detail,
    cause: error,
    ...(subject === undefined ? {} : { subject }),
  });
}
