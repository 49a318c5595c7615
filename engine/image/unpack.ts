/**
 * Unpacking one package into the store.
 *
 * @module
 */
import { join } from "node:path";
import { debEntries } from "../archive/mod.ts";
import { digestOf } from "../digest.ts";
import { EngineError, explainIo } from "../error.ts";
import type { Host } from "../host.ts";
import type { Store } from "../store/mod.ts";
import { type FileEntry, toTree, type Tree, type TreeEntry } from "../tree/mod.ts";

/** What {@linkcode unpackPackage} needs besides the package. */
export interface UnpackOptions {
  readonly host: Host;
  readonly store: Store;
  /** A folder on the store's file system for files on their way in. */
  readonly workFolder: string;
  readonly exclude: readonly string[];
}

/**
 * Puts every file of a .deb into the store and gives its tree.
 *
 * @throws {EngineError} "archive-malformed", "archive-unsafe", "disk-full", "io"
 */
export async function unpackPackage(file: string, options: UnpackOptions): Promise<Tree> {
  const { host, store, workFolder, exclude } = options;
  const entries: TreeEntry[] = [];
  const files = new Map<string, FileEntry>();
  let count = 0;
  for await (const entry of debEntries(host.fs.readFile(file))) {
    if (exclude.some((prefix) => `${entry.path}/`.startsWith(prefix))) continue;
    switch (entry.kind) {
      case "file": {
        const digest = digestOf(entry.data);
        const placed: FileEntry = {
          kind: "file",
          path: entry.path,
          digest,
          sizeBytes: entry.data.length,
          executable: entry.executable,
        };
        if (host.fs.lstat(store.path(digest, entry.executable))?.sizeBytes !== entry.data.length) {
          const temporary = join(workFolder, `${digest}-${count++}`);
          try {
            host.fs.writeFile(temporary, entry.data);
          } catch (error) {
            throw explainIo(error, `unpack "${entry.path}"`);
          }
          store.adopt(temporary, digest, entry.executable);
        }
        files.set(entry.path, placed);
        entries.push(placed);
        break;
      }
      case "hardlink": {
        const original = files.get(entry.target);
        if (original === undefined) {
          throw new EngineError(
            "archive-malformed",
            `Cannot unpack "${entry.path}": it links to "${entry.target}", which is not there`,
          );
        }
        entries.push({ ...original, path: entry.path });
        break;
      }
      default:
        entries.push(entry);
    }
  }
  return toTree(entries);
}
