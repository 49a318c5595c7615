/**
 * `--model` and `--input`: names of the project's models, and a file of the user's.
 *
 * @module
 */
import { InvalidArgumentError } from "@commander-js/extra-typings";
import { EngineError, type Host } from "../engine/mod.ts";
import { isModelFile, type ModelFile, readModelFile } from "../recipes/model_file.ts";
import { chooseModels } from "../recipes/project.ts";

/** What `--model` and `--input` say. */
export interface ModelValues {
  readonly model?: readonly string[] | undefined;
  readonly input?: readonly (readonly number[])[] | undefined;
  readonly verbose?: true | undefined;
}

/** Models to build. */
export interface ChosenModels {
  readonly models: readonly string[];
  readonly files: readonly ModelFile[];
  readonly traceback: boolean;
}

/**
 * Tells names from files.
 *
 * @throws {EngineError} "usage" for an unknown model, a file that is not there, or one whose inputs nobody gave
 */
export function chooseModelsAndFiles(host: Host, values: ModelValues): ChosenModels {
  const { model = [], input: shapes = [], verbose = false } = values;
  const [paths, models] = [model.filter(isModelFile), model.filter((value) => !isModelFile(value))];
  chooseModels(models);
  const [path, second] = paths;
  if (second !== undefined) {
    throw new EngineError("usage", `Cannot take "${path}" and "${second}" at one time`, {
      hint: "Give one file; --input belongs to it",
    });
  }
  if (path === undefined && shapes.length > 0) {
    throw new EngineError("usage", "Cannot use --input without a file: the project's models have their own", {
      hint: "Name the file with --model, or give the size of pictures with --size",
    });
  }
  if (path !== undefined && shapes.length === 0) {
    throw new EngineError("usage", `Cannot run "${path}" without the shapes of its inputs`, {
      hint: "Give --input 1,3,224,224, once for each input, in order",
    });
  }
  const files = path === undefined ? [] : [readModelFile(host, path, { folder: Deno.cwd(), shapes })];
  return { models, files, traceback: verbose };
}

/** Parses a value of `--input`, and adds it to those before it. */
export function inputShape(text: string, previous: readonly (readonly number[])[] = []): number[][] {
  const shape = text.split(/[,x]/).map(Number);
  if (shape.length > 4) throw new InvalidArgumentError("Vulkan has no more than four dimensions.");
  if (!shape.every((extent) => Number.isSafeInteger(extent) && extent > 0)) {
    throw new InvalidArgumentError("Give the shape as whole numbers, such as 1,3,224,224.");
  }
  return [...previous.map((one) => [...one]), shape];
}
