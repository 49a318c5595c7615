/**
 * A user's TorchScript file as an input of a step.
 *
 * @module
 */
import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import { Hasher } from "../engine/digest.ts";
import { EngineError, type Input } from "../engine/mod.ts";

/** What {@linkcode userModel} gives. */
export interface UserModel {
  /** The file as a step sees it: `/in/<input>/<fileName>`. */
  readonly input: Input;
  readonly fileName: string;
  readonly sha256: string;
}

/**
 * Reads a file's digest, so that a step that reads it runs again when, and only when, it changes.
 *
 * @param file its path, absolute or relative to the working folder
 * @throws {EngineError} "usage" where there is no such file
 */
export async function userModel(file: string): Promise<UserModel> {
  const { sha256, sizeBytes } = await digestOfFile(file);
  const fileName = safeName(basename(file));
  const url = pathToFileURL(Deno.realPathSync(file)).href;
  return {
    input: {
      kind: "source",
      name: `user-model-${sha256.slice(0, 12)}`,
      source: { kind: "https", url, sha256, sizeBytes },
      fileName,
    },
    fileName,
    sha256,
  };
}

async function digestOfFile(file: string): Promise<{ sha256: string; sizeBytes: number }> {
  try {
    using stream = await Deno.open(file);
    const { isFile } = await stream.stat();
    if (!isFile) {
      throw new EngineError("usage", `Cannot read "${file}": it is not a file`, {
        hint: "Name a TorchScript file",
      });
    }
    const hasher = new Hasher();
    const buffer = new Uint8Array(1 << 20);
    let sizeBytes = 0;
    for (let count = await stream.read(buffer); count !== null; count = await stream.read(buffer)) {
      hasher.update(buffer.subarray(0, count));
      sizeBytes += count;
    }
    return { sha256: hasher.digest(), sizeBytes };
  } catch (error) {
    if (error instanceof EngineError) throw error;
    const reason = error instanceof Deno.errors.NotFound ? "there is no such file" : String(error);
    throw new EngineError("usage", `Cannot read "${file}": ${reason}`, {
      hint: "Check the path",
      cause: error,
    });
  }
}

/** The name without what a shell or a path could take for something else. */
function safeName(name: string): string {
  const safe = name.replaceAll(/[^\w.-]/g, "_").replace(/^[.-]+/, "");
  return safe === "" ? "model.pt" : safe;
}
