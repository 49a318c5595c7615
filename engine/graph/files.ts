/**
 * Files of the repository as inputs.
 *
 * @module
 */
import { join } from "node:path";
import { byCodePoint } from "../canonical_json.ts";
import { type Digest, Hasher } from "../digest.ts";
import { EngineError, explainIo } from "../error.ts";
import type { FileInfo, Host } from "../host.ts";
import type { FileEntry, Tree } from "../tree/mod.ts";
import type { FileIndex } from "./file_index.ts";

/** Names that never belong to an input: what tools and editors leave behind. */
const IGNORED = /^(\.git|\.DS_Store|__pycache__|node_modules|\.ruff_cache|\.mypy_cache|.*\.(swp|pyc)|.*~)$/;

/** A folder of the repository, narrowed to some paths. */
export interface FilesOptions {
  readonly folder: string;
  readonly only?: readonly string[];
  /** Knows the digests of files that did not change. */
  readonly index?: FileIndex | undefined;
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
    // Not `join`, here and below: it takes as long as `lstat`.
    for (const { name, kind } of host.fs.readDir(relative === "" ? root : `${root}/${relative}`)) {
      if (IGNORED.test(name)) continue;
      const path = relative === "" ? name : `${relative}/${name}`;
      if (kind === "directory") {
        if (options.only === undefined || options.only.some((prefix) => mayHold(path, prefix))) visit(path);
      } else if (options.only === undefined || options.only.some((prefix) => path.startsWith(prefix))) {
        entries.push(readFile(host, path, { root, ...options }));
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

function readFile(
  host: Host,
  path: string,
  { root, folder, index }: FilesOptions & { readonly root: string },
): FileEntry {
  const absolute = `${root}/${path}`;
  // Not the folder's word for it: a pipe is listed like a file, and reading it would never end.
  const info = host.fs.lstat(absolute);
  if (info?.kind !== "file") {
    throw new EngineError("usage", `Cannot use "${path}" as an input: it is a ${nameOf(info?.kind)}`, {
      hint: "Put a file in its place, or narrow the input with `only`",
    });
  }
  let { sizeBytes } = info;
  const hash = () => {
    const hashed = hashFile(host, absolute);
    sizeBytes = hashed.sizeBytes;
    return hashed.digest;
  };
  const digest = index === undefined ? hash() : index.digestOf(`${folder}/${path}`, info, hash);
  const executable = (info.mode & 0o100) !== 0;
  return { kind: "file", path, digest, sizeBytes, executable };
}

function nameOf(kind: FileInfo["kind"] | undefined): string {
  return kind === "symlink" ? "symbolic link" : kind === "other" ? "pipe, socket or device" : "file no more";
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
