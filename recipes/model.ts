/**
 * The forms of a model: CPU and lite files with golden data, then the Vulkan files.
 *
 * @module
 */
import { DEFAULT_RESOURCES, EngineError, type Input, type Step } from "../engine/mod.ts";
import {
  cpuScript,
  type ModelSpec,
  type Size,
  sizeName,
  vulkanScript,
  type VulkanScriptOptions,
  type WeightsSource,
} from "../models/mod.ts";
import type { HostRuntime } from "./host_runtime/host_runtime.ts";
import type { Materials } from "./materials.ts";

/** Where weights come from: made from a seed, or published. */
export const WEIGHTS = ["seeded", "pretrained"] as const;

/** One of {@linkcode WEIGHTS}. */
export type Weights = typeof WEIGHTS[number];

/** For the golden passes in float64: twenty of them, or one of a picture of 640 pixels, take minutes. */
export const CONVERSION_RESOURCES = {
  ...DEFAULT_RESOURCES,
  memoryBytes: 4 * 2 ** 30,
  timeoutMs: 60 * 60_000,
};

/** What {@linkcode modelSteps} builds with. */
export interface ModelOptions {
  readonly weights: Weights;
  readonly runtime: HostRuntime;
  /** Of the pictures; part of the steps' names where it is not the full size. */
  readonly size: SizeChoice;
  /** Golden samples to make. */
  readonly samples: number;
  /** Writes the model anew for the backend as upstream left it, see `models/rewrites`. */
  readonly rewrite: boolean;
  /** See {@linkcode VulkanStepOptions.swiftshader}. */
  readonly swiftshader: Step;
}

/** The steps of one model. */
export interface ModelSteps {
  /** What measuring needs to know; names of inputs and outputs are in `model.json`. */
  readonly spec: Pick<ModelSpec, "name" | "title" | "tolerance">;
  /** `<name>.pt`, `<name>_cpu.pt`, `<name>.ptl`, `golden/`, `model.json`. */
  readonly cpu: Step;
  /** `<name>_vulkan.pt`, `<name>_vulkan.ptl`, `vulkan.json`. */
  readonly vulkan: Step;
}

/** The size a network was made for, its small one, or one of the user's. */
export type SizeChoice = "full" | "quick" | Size;

/**
 * The size in pixels.
 *
 * @throws {EngineError} "usage" where the model cannot take it
 */
export function chosenSize(spec: ModelSpec, choice: SizeChoice): Size {
  if (choice === "full" || choice === "quick") return spec.sizes[choice];
  const { multipleOf } = spec.sizes;
  if (choice.height % multipleOf === 0 && choice.width % multipleOf === 0) return choice;
  throw new EngineError("usage", `Cannot use the size ${sizeName(choice)} for ${spec.name}`, {
    hint: `Its sides must be multiples of ${multipleOf}, for example ${sizeName(spec.sizes.full)}`,
  });
}

/** The lock's name for the published weights of a model. */
export function weightsSourceName(spec: ModelSpec): string {
  return `${spec.name}-weights`;
}

/** The graph of one model. The step that needs no Vulkan runs while the backend is compiled. */
export function modelSteps(materials: Materials, spec: ModelSpec, options: ModelOptions): ModelSteps {
  const { name } = spec;
  const size = chosenSize(spec, options.size);
  const suffix = [
    ...(sizeName(size) === sizeName(spec.sizes.full) ? [] : [sizeName(size)]),
    ...(options.weights === "seeded" ? [] : [options.weights]),
  ].map((part) => `-${part}`).join("");
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
    script: cpuScript(spec, {
      weights: weightsArgument(spec, options.weights),
      size,
      samples: options.samples,
    }),
    outputs: [`${name}.pt`, `${name}_cpu.pt`, `${name}.ptl`, "golden", "model.json"],
    resources: CONVERSION_RESOURCES,
  };
  const vulkan = vulkanStep(materials, {
    name,
    step: `model/${name}/vulkan${suffix}`,
    only: ["convert/", `${name}/model.py`],
    cpu,
    runtime: options.runtime,
    ...(options.rewrite ? { rewriteFor: { spec, size } } : {}),
    swiftshader: options.swiftshader,
  });
  return { spec, cpu, vulkan };
}

/** What the Vulkan forms are made with. */
export interface VulkanStepOptions {
  readonly runtime: HostRuntime;
  /** The driver that prepacking uploads weights to; the files do not depend on it. */
  readonly swiftshader: Step;
}

/** What {@linkcode vulkanStep} makes. */
export interface VulkanStepRequest extends VulkanStepOptions {
  /** Stem of the files. */
  readonly name: string;
  /** Name of the step. */
  readonly step: string;
  /** What it needs of the models' folder. */
  readonly only: readonly string[];
  /** See {@linkcode VulkanScriptOptions.rewriteFor}. */
  readonly rewriteFor?: NonNullable<VulkanScriptOptions["rewriteFor"]>;
  /** The step that made the plain form. */
  readonly cpu: Step;
}

/** The step that makes the Vulkan forms of a plain one. */
export function vulkanStep(materials: Materials, request: VulkanStepRequest): Step {
  const { name, step, only, cpu, runtime, rewriteFor, swiftshader } = request;
  return {
    name: step,
    image: materials.vulkanSdk,
    inputs: {
      models: {
        kind: "files",
        folder: "models",
        only: rewriteFor ? [...only, "graph/", "ops/", "rewrites/"] : only,
      },
      cpu: { kind: "step", step: cpu },
      plugin: { kind: "step", step: runtime.plugin, path: "lib" },
      swiftshader: { kind: "step", step: swiftshader, path: "lib" },
    },
    environment: {},
    script: vulkanScript({ name, ...(rewriteFor === undefined ? {} : { rewriteFor }) }),
    outputs: [`${name}_vulkan.pt`, `${name}_vulkan.ptl`, "vulkan.json"],
    resources: CONVERSION_RESOURCES,
  };
}

function weightsArgument(spec: ModelSpec, weights: Weights): WeightsSource {
  if (weights === "seeded") return { kind: "seeded" };
  const [published] = spec.weights;
  if (published === undefined) {
    throw new EngineError(
      "usage",
      `There are no published weights for ${spec.name} that can be loaded as they are`,
      {
        hint: "Use `--weights seeded`, or leave the model out with `--model`",
      },
    );
  }
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
