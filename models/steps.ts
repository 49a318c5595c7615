/**
 * The scripts of the conversion steps.
 *
 * Both run in the image with `/in/models` holding `convert/` and the model's own folder, and write below `/out`.
 *
 * @module
 */

import { inputShape, type InputSpec, type ModelSpec, type Size } from "./spec.ts";

/** Where the weights of a conversion come from. */
export type WeightsSource =
  /** Made from a seed, the same everywhere. */
  | { readonly kind: "seeded"; readonly seed?: string }
  /** A published state dict; `file` is its path in the sandbox. */
  | { readonly kind: "pretrained"; readonly file: string; readonly sha256Prefix: string };

/** What may differ between two conversions of a model. */
export interface CpuStepOptions {
  /** Seeded with "0" unless given. */
  readonly weights?: WeightsSource;
  /** Size of the pictures; the full one unless given. */
  readonly size?: Size;
  /** How many golden samples to make; 1 unless given. */
  readonly samples?: number;
}

/**
 * Gives the script of the step that needs no Vulkan.
 *
 * It writes `<name>.pt` (plain TorchScript), `<name>_cpu.pt` (optimised), `<name>.ptl` (the same for the lite
 * interpreter), `golden/` (tensor files) and `model.json`.
 */
export function cpuScript(spec: ModelSpec, options: CpuStepOptions = {}): string {
  const { weights = { kind: "seeded" }, size = spec.sizes.full, samples = 1 } = options;
  return pythonStep("convert.build_cpu", [
    spec.name,
    ...spec.inputs.flatMap((input) => ["--input", inputArgument(input, size)]),
    ...spec.outputs.flatMap((output) => ["--output", output.name]),
    ...weightsArguments(weights),
    "--samples",
    String(samples),
    "--out",
    "/out",
  ]);
}

/** What the Vulkan forms are made of. */
export interface VulkanScriptOptions {
  /** Stem of the files. */
  readonly name: string;
  /** The backend as upstream left it: the model is written anew first, by what that computes rightly. */
  readonly rewriteFor?: { readonly spec: ModelSpec; readonly size: Size };
}

/**
 * Gives the script of the step that makes the Vulkan forms: `<name>_vulkan.pt`, `<name>_vulkan.ptl` and
 * `vulkan.json`.
 *
 * Its inputs are the other step's output as `/in/cpu`, the folder of the plug-in as `/in/plugin`, and a Vulkan
 * driver as `/in/swiftshader`: prepacking uploads the weights, so a device must be there. What is written does
 * not depend on it.
 */
export function vulkanScript({ name, rewriteFor }: VulkanScriptOptions): string {
  const icd = "/in/swiftshader/vk_swiftshader_icd.json";
  return [
    `export VK_DRIVER_FILES=${icd} VK_ICD_FILENAMES=${icd}`,
    pythonStep("convert.build_vulkan", [
      name,
      "--cpu",
      "/in/cpu",
      "--plugin",
      "/in/plugin/libvkforge_vulkan.so",
      ...(rewriteFor === undefined ? [] : [
        "--runtime",
        "stock",
        ...rewriteFor.spec.inputs.flatMap((input) => ["--input", inputArgument(input, rewriteFor.size)]),
      ]),
      "--out",
      "/out",
    ]),
  ].join("\n");
}

/** A TorchScript file that somebody brings. */
export interface FileStepOptions {
  /** Stem of the files to write. */
  readonly name: string;
  /** Its path in the sandbox. */
  readonly file: string;
  /** Of the inputs, in the order of its arguments. */
  readonly shapes: readonly (readonly number[])[];
  readonly samples: number;
}

/** Gives the script that makes of a TorchScript file what {@linkcode cpuScript} makes of a model of the project. */
export function fileScript({ name, file, shapes, samples }: FileStepOptions): string {
  return pythonStep("convert.build_file", [
    name,
    "--file",
    file,
    ...shapes.flatMap((shape) => ["--input", shape.join("x")]),
    "--samples",
    String(samples),
    "--out",
    "/out",
  ]);
}

/** Gives the script that runs the tests of the conversion; `/in/models` is the whole folder then. */
export function testScript(): string {
  return pythonStep("unittest", ["discover", "--start-directory", "/in/models/tests"]);
}

function pythonStep(module: string, args: readonly string[]): string {
  return [
    "export PYTHONPATH=/in/models PYTHONDONTWRITEBYTECODE=1",
    `exec python3 -m ${module} ${args.map(quoted).join(" ")}`,
  ].join("\n");
}

function inputArgument(input: InputSpec, size: Size): string {
  return `${input.name}:${inputShape(input, size).join("x")}:${input.data}`;
}

function weightsArguments(weights: WeightsSource): readonly string[] {
  return weights.kind === "seeded"
    ? ["--seed", weights.seed ?? "0"]
    : ["--weights", weights.file, "--weights-sha256", weights.sha256Prefix];
}

/** Quotes a word for a POSIX shell. */
function quoted(word: string): string {
  return /^[\w./:=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
