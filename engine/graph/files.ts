/**
 * Files of the repository as inputs.
 *
 * @module
 */
import { join } from "node:path";
import { byCodePoint } from "../canonical_json.ts";
import { type Digest, Hasher } from "../digest.ts";
import { EngineError, explainIo } from "../error.ts";
import type { Host } from "../host.ts";
import type { FileEntry, Tree } from "../tree/mod.ts";

/** Names that never belong to an input: what tools and editors leave behind. */
const IGNORED = /^(\.git|\.DS_Store|__pycache__|node_modules|\.ruff_cache|\.mypy_cache|.*\.(swp|pyc)|.*~)$/;

/** A folder of the repository, narrowed to some paths. */
export interface FilesOptions {
  readonly folder: string;
  readonly only?: readonly string[];
}

/**
 * The files of a folder with their digests. Links are not followed and not allowed: what they point to would not be
 * part of the step's id.
 *
 * @throws {EngineError} "usage" for a missing folder, an empty choice or a link
 */
export function readFiles(host: Host, repository: string, options: FilesOptions): Tree {
  const root = join(repository, options.folder);
  if (host.fs.lstat(root)?.kind !== "directory") {
    throw new EngineError("usage", `Cannot find the folder "${options.folder}", which a step reads`, {
      hint: "Check that the checkout is complete",
    });
  }
  const entries: FileEntry[] = [];
  const visit = (relative: string) => {
    for (const { name, kind } of host.fs.readDir(join(root, relative))) {
      if (IGNORED.test(name)) continue;
      const path = relative === "" ? name : `${relative}/${name}`;
      if (kind === "directory") {
        if (options.only === undefined || options.only.some((prefix) => mayHold(path, prefix))) visit(path);
      } else if (options.only === undefined || options.only.some((prefix) => path.startsWith(prefix))) {
        entries.push(readFile(host, root, path, kind));
      }
    }
  };
  try {
    visit("");
  } catch (error) {
    throw explainIo(error, `read "${options.folder}"`);
  }
  if (entries.length === 0) {
    throw new EngineError("usage", `The folder "${options.folder}" has none of the files that a step reads`);
  }
  return entries.sort((a, b) => byCodePoint(a.path, b.path));
}

function mayHold(folder: string, prefix: string): boolean {
  return `${folder}/`.startsWith(prefix) || prefix.startsWith(`${folder}/`);
}

function readFile(host: Host, root: string, path: string, kind: string): FileEntry {
  if (kind !== "file") throw new EngineError("usage", `Cannot use "${path}" as an input: it is a ${kind}`);
  const absolute = join(root, path);
  const { digest, sizeBytes } = hashFile(host, absolute);
  const executable = ((host.fs.lstat(absolute)?.mode ?? 0) & 0o100) !== 0;
  return { kind: "file", path, digest, sizeBytes, executable };
}

/** A file's digest and size. */
export function hashFile(host: Host, path: string): { digest: Digest; sizeBytes: number } {
  const hasher = new Hasher();
  let sizeBytes = 0;
  host.fs.readChunks(path, (chunk) => {
    hasher.update(chunk);
    sizeBytes += chunk.length;
  });
  return { digest: hasher.digest(), sizeBytes };
}
