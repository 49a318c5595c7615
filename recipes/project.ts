/**
 * The project as the commands see it: locks read, images described, targets by name.
 *
 * @module
 */
import { join } from "node:path";
import { BUBBLEWRAP, debianImage, type ImageSpec, VULKAN_SDK } from "../docker/mod.ts";
import { EngineError, type Host, type Image, inOrder, type LockFile, type Step } from "../engine/mod.ts";
import { assertFresh, readLockFile, readPackagesLock } from "../engine/lock/mod.ts";
import { findModel, models, type ModelSpec } from "../models/mod.ts";
import { type HostRuntime, hostRuntime, type Runtime } from "./host_runtime/host_runtime.ts";
import { type Materials, materialsOf } from "./materials.ts";
import { type ModelSteps, modelSteps, type SizeChoice, unknownModel, type Weights } from "./model.ts";
import { type ModelFile, modelFileSteps } from "./model_file.ts";
import { swiftshader } from "./swiftshader/swiftshader.ts";
import { sourceRuntime } from "./torch_source/torch_source.ts";

/** File name of the lock of sources. */
export const LOCK_FILE = "vkforge.lock.json";

/** Everything read from the repository. */
export interface Project {
  readonly repository: string;
  readonly lock: LockFile;
  readonly materials: Materials;
  /** Image of the embedded sandbox. */
  readonly sandboxTools: Image;
}

/** What may be chosen about the main job. */
export interface MainJobOptions {
  /** Names of models; all if empty and there is no file. */
  readonly models: readonly string[];
  /** TorchScript files of the user's. */
  readonly files?: readonly ModelFile[];
  /** Shows torch's own stack where something is wrong with a file. */
  readonly traceback?: boolean;
  readonly weights: Weights;
  readonly runtime: Runtime;
  /** Size of the pictures; "quick" unless given. */
  readonly size?: SizeChoice;
  /** Golden samples for each model; {@linkcode DEFAULT_SAMPLES} unless given. */
  readonly samples?: number;
}

/** A picture and noise; the kinds take turns, see models/convert/interface.py. Each costs a pass in float64. */
export const DEFAULT_SAMPLES = 2;

/** The steps of the main job. */
export interface MainJob {
  readonly runtime: HostRuntime;
  readonly swiftshader: Step;
  readonly models: readonly ModelSteps[];
  /** What has to be built before models can run. */
  readonly targets: readonly Step[];
}

/**
 * Reads the locks.
 *
 * @throws {EngineError} "lock-missing", "lock-malformed", "lock-stale"
 */
export async function loadProject(host: Host, repository: string): Promise<Project> {
  const [lock, vulkanSdk, sandboxTools] = await Promise.all([
    readLockFile(host, join(repository, LOCK_FILE)),
    loadImage(host, repository, VULKAN_SDK),
    loadImage(host, repository, BUBBLEWRAP),
  ]);
  return { repository, lock, materials: materialsOf(lock, { vulkanSdk }), sandboxTools };
}

/** Path of an image's lock of packages. */
export function packagesLockPath(repository: string, spec: ImageSpec): string {
  return join(repository, spec.folder, "packages.lock.json");
}

async function loadImage(host: Host, repository: string, spec: ImageSpec): Promise<Image> {
  const path = packagesLockPath(repository, spec);
  const lock = await readPackagesLock(host, path);
  assertFresh(lock, spec.requested, path);
  return debianImage(spec, lock);
}

/** The graph of `test-swiftshader` and `build-models`. */
export function mainJob({ materials }: Project, options: MainJobOptions): MainJob {
  // Python converts with its own torch, and so with the plug-in: what is built from source only runs models.
  const plugged = hostRuntime(materials, options.runtime === "source" ? "vkforge" : options.runtime);
  const runtime = options.runtime === "source" ? sourceRuntime(materials, plugged) : plugged;
  const driver = swiftshader(materials);
  const files = options.files ?? [];
  const samples = options.samples ?? DEFAULT_SAMPLES;
  const built = { runtime: plugged, swiftshader: driver, samples };
  const specs = options.models.length === 0 && files.length > 0 ? [] : chooseModels(options.models);
  const chosen = [
    ...specs.map((spec) =>
      modelSteps(materials, spec, {
        ...built,
        weights: options.weights,
        size: options.size ?? "quick",
        // A user's file runs as it is; `check-ops --fix` writes one anew.
        rewrite: options.runtime === "stock",
      })
    ),
    ...files.map((file) =>
      modelFileSteps(materials, file, { ...built, traceback: options.traceback ?? false })
    ),
  ];
  return {
    runtime,
    swiftshader: driver,
    models: chosen,
    targets: [...chosen.flatMap(({ cpu, vulkan }) => [cpu, vulkan]), runtime.plugin, runtime.runner, driver],
  };
}

/** @throws {EngineError} "usage" for an unknown model */
export function chooseModels(names: readonly string[]): ModelSpec[] {
  if (names.length === 0) return [...models];
  return names.map((name) => {
    const spec = findModel(name);
    if (spec === undefined) throw unknownModel(name, models.map((model) => model.name));
    return spec;
  });
}

/** Targets that `plan` knows besides single steps. */
export const TARGETS = ["test-swiftshader", "build-models"] as const;

/**
 * The steps that a target stands for: the name of a command or of a step.
 *
 * @throws {EngineError} "unknown-step" with the names there are
 */
export function resolveTarget(job: MainJob, target: string): Step[] {
  if (target === "test-swiftshader") return [...job.targets];
  if (target === "build-models") return job.models.flatMap(({ cpu, vulkan }) => [cpu, vulkan]);
  const steps = inOrder(job.targets);
  const found = steps.find((step) => step.name === target);
  if (found !== undefined) return [found];
  throw new EngineError("unknown-step", `Unknown target "${target}"`, {
    hint: `Targets are ${TARGETS.join(", ")} and the steps ${steps.map((step) => step.name).join(", ")}`,
  });
}
