/**
 * The forms of a model: CPU and lite files with golden data, then the Vulkan files.
 *
 * @module
 */
import { DEFAULT_RESOURCES, EngineError, type Input, type Step } from "../engine/mod.ts";
import { cpuScript, type ModelSpec, vulkanScript, type WeightsSource } from "../models/mod.ts";
import type { HostRuntime } from "./host_runtime/host_runtime.ts";
import type { Materials } from "./materials.ts";

/** Where weights come from: made from a seed, or published. */
export const WEIGHTS = ["seeded", "pretrained"] as const;

/** One of {@linkcode WEIGHTS}. */
export type Weights = typeof WEIGHTS[number];

/** What {@linkcode modelSteps} builds with. */
export interface ModelOptions {
  readonly weights: Weights;
  readonly runtime: HostRuntime;
  /** The driver that prepacking uploads weights to; the files do not depend on it. */
  readonly swiftshader: Step;
}

/** The steps of one model. */
export interface ModelSteps {
  readonly spec: ModelSpec;
  /** `<name>.pt`, `<name>_cpu.pt`, `<name>.ptl`, `golden/`, `model.json`. */
  readonly cpu: Step;
  /** `<name>_vulkan.pt`, `<name>_vulkan.ptl`, `vulkan.json`. */
  readonly vulkan: Step;
}

/** The lock's name for the published weights of a model. */
export function weightsSourceName(spec: ModelSpec): string {
  return `${spec.name}-weights`;
}

/** The graph of one model. The step that needs no Vulkan runs while the backend is compiled. */
export function modelSteps(materials: Materials, spec: ModelSpec, options: ModelOptions): ModelSteps {
  const { name } = spec;
  const suffix = options.weights === "seeded" ? "" : `-${options.weights}`;
  const models: Input = { kind: "files", folder: "models", only: ["convert/", `${name}/model.py`] };
  const cpu: Step = {
    name: `model/${name}/cpu${suffix}`,
    image: materials.vulkanSdk,
    inputs: {
      models,
      ...(options.weights === "pretrained"
        ? { weights: materials.source(weightsSourceName(spec), "weights.pth") }
        : {}),
    },
    environment: {},
    script: cpuScript(spec, { weights: weightsArgument(spec, options.weights) }),
    outputs: [`${name}.pt`, `${name}_cpu.pt`, `${name}.ptl`, "golden", "model.json"],
    resources: DEFAULT_RESOURCES,
  };
  const vulkan: Step = {
    name: `model/${name}/vulkan${suffix}`,
    image: materials.vulkanSdk,
    inputs: {
      models,
      cpu: { kind: "step", step: cpu },
      plugin: { kind: "step", step: options.runtime.plugin, path: "lib" },
      swiftshader: { kind: "step", step: options.swiftshader, path: "lib" },
    },
    environment: {},
    script: vulkanScript(spec),
    outputs: [`${name}_vulkan.pt`, `${name}_vulkan.ptl`, "vulkan.json"],
    resources: DEFAULT_RESOURCES,
  };
  return { spec, cpu, vulkan };
}

function weightsArgument(spec: ModelSpec, weights: Weights): WeightsSource {
  if (weights === "seeded") return { kind: "seeded" };
  const [published] = spec.weights;
  return { kind: "pretrained", file: "/in/weights/weights.pth", sha256Prefix: published.sha256Prefix };
}

/** What to say when a model's published weights cannot be had. */
export function weightsHints(specs: readonly ModelSpec[]): Record<string, string> {
  const hint = "Use `--weights seeded`, which needs no download, or give the file with `--mirror FOLDER`";
  return Object.fromEntries(specs.map((spec) => [weightsSourceName(spec), hint]));
}

/** @throws {EngineError} "usage" for a name that no model has */
export function unknownModel(name: string, known: readonly string[]): EngineError {
  return new EngineError("usage", `Unknown model "${name}"`, { hint: `Models are: ${known.join(", ")}` });
}
