/**
 * A TorchScript file of the user's, through the same steps as the project's models.
 *
 * @module
 */
import { basename, extname, isAbsolute, join } from "node:path";
import { pathToFileURL } from "node:url";
import { EngineError, type Host, type Input, type Step } from "../engine/mod.ts";
import { hashFile } from "../engine/graph/mod.ts";
import { fileScript, findModel } from "../models/mod.ts";
import type { Materials } from "./materials.ts";
import { CONVERSION_RESOURCES, type ModelSteps, vulkanStep, type VulkanStepOptions } from "./model.ts";

/** A file that was found, by content. */
export interface ModelFile {
  /** Stem of the files made from it; no model of the project has it. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Of the inputs, in the order of the network's arguments. */
  readonly shapes: readonly (readonly number[])[];
}

/** What nothing is known of is held to the bar of drivers that nobody measured. */
const TOLERANCE = { default: { maxRel: 1e-4, minCosine: 0.999999 } };

/** Whether a value of `--model` means a file: it has a folder or an extension. */
export function isModelFile(value: string): boolean {
  return findModel(value) === undefined && (value.includes("/") || extname(value) !== "");
}

/**
 * Finds a file and hashes it.
 *
 * @param path relative to the folder that the command was started in
 * @throws {EngineError} "usage" where it is no file
 */
export function readModelFile(
  host: Host,
  path: string,
  options: { readonly folder: string; readonly shapes: readonly (readonly number[])[] },
): ModelFile {
  const absolute = isAbsolute(path) ? path : join(options.folder, path);
  const info = resolved(host, absolute);
  if (info === undefined) {
    throw new EngineError("usage", `Cannot read the model "${path}": there is no such file`, {
      hint: "Give the path of a TorchScript file, or the name of a model of the project",
    });
  }
  const { digest, sizeBytes } = hashFile(host, info);
  if (sizeBytes === 0) throw new EngineError("usage", `Cannot read the model "${path}": it is empty`);
  const stem = basename(path, extname(path)).replaceAll(/[^\w-]/g, "_") || "model";
  return {
    name: findModel(stem) === undefined ? stem : `${stem}_file`,
    path: info,
    sha256: digest,
    sizeBytes,
    shapes: options.shapes,
  };
}

/** The path behind links of a file; nothing where there is none. */
function resolved(host: Host, path: string): string | undefined {
  try {
    const real = host.fs.realPath(path);
    return host.fs.lstat(real)?.kind === "file" ? real : undefined;
  } catch {
    return undefined;
  }
}

/** What {@linkcode modelFileSteps} builds with. */
export interface ModelFileOptions extends VulkanStepOptions {
  /** Golden samples to make. */
  readonly samples: number;
  /** Shows torch's own stack where something is wrong with the file. */
  readonly traceback: boolean;
}

/** The graph of one file: golden data and CPU forms, then the Vulkan forms. */
export function modelFileSteps(
  materials: Materials,
  file: ModelFile,
  options: ModelFileOptions,
): ModelSteps {
  const { name } = file;
  const source: Input = {
    kind: "source",
    name: `model file ${name}`,
    source: {
      kind: "https",
      url: pathToFileURL(file.path).href,
      sha256: file.sha256,
      sizeBytes: file.sizeBytes,
    },
    fileName: basename(file.path),
  };
  const cpu: Step = {
    name: `model-file/${name}/cpu`,
    image: materials.vulkanSdk,
    inputs: {
      models: { kind: "files", folder: "models", only: ["convert/"] },
      file: source,
    },
    environment: options.traceback ? { VKFORGE_TRACEBACK: "1" } : {},
    script: fileScript({
      name,
      file: `/in/file/${basename(file.path)}`,
      shapes: file.shapes,
      samples: options.samples,
    }),
    outputs: [`${name}.pt`, `${name}_cpu.pt`, `${name}.ptl`, "golden", "model.json"],
    resources: CONVERSION_RESOURCES,
  };
  const vulkan = vulkanStep(materials, {
    ...options,
    name,
    step: `model-file/${name}/vulkan`,
    only: ["convert/"],
    cpu,
  });
  return { spec: { name, title: basename(file.path), tolerance: TOLERANCE }, cpu, vulkan };
}

/**
 * What a conversion step printed, as the error that ends the command: `error: …` and `hint: …` are its two lines.
 *
 * Anything else is given back as it is.
 */
export function explainModelFile(error: unknown): unknown {
  if (!(error instanceof EngineError) || error.code !== "step-failed") return error;
  if (!error.message.startsWith('Step "model-file/')) return error;
  const last = (mark: string) => error.detail.findLast((line) => line.startsWith(mark))?.slice(mark.length);
  const message = last("error: ");
  if (message === undefined) return error;
  const hint = last("hint: ");
  // Without the cause: what the step printed was told already, and this would be taken for the same.
  return new EngineError("usage", message, hint === undefined ? {} : { hint });
}
