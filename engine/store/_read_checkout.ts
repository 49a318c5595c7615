/**
 * A checkout read back into the tree that it is.
 *
 * @module
 */
import { join } from "node:path";
import type { Digest } from "../digest.ts";
import type { FileInfo, Host } from "../host.ts";
import { toTree, type Tree, type TreeEntry } from "../tree/tree.ts";
import { hashFile } from "./_hash_file.ts";

/** Permission bits of files in the store. */
export const FILE_MODE = 0o444;
/** Permission bits of executable files in the store. */
export const EXECUTABLE_MODE = 0o555;

/** What {@linkcode readCheckout} works with. */
export interface ReadCheckoutOptions {
  readonly host: Host;
  /** The digest of a file that is a hard link of a blob, which has been hashed already. */
  readonly digestOfInode: (inode: number) => Digest | undefined;
}

/** See the module's text. */
export interface ReadCheckout {
  readonly tree: Tree;
  /** Paths of what no tree can hold: devices, files with other permissions than the store gives them. */
  readonly odd: readonly string[];
}

/** Reads every entry; hashes files that are not hard links of blobs. */
export function readCheckout(folder: string, { host, digestOfInode }: ReadCheckoutOptions): ReadCheckout {
  const entries: TreeEntry[] = [];
  const odd: string[] = [];
  const visit = (relative: string) => {
    for (const { name } of host.fs.readDir(join(folder, relative))) {
      const path = relative === "" ? name : `${relative}/${name}`;
      const absolute = join(folder, path);
      const info = host.fs.lstat(absolute);
      switch (info?.kind) {
        case "directory":
          entries.push({ kind: "folder", path });
          visit(path);
          break;
        case "symlink":
          entries.push({ kind: "link", path, target: host.fs.readLink(absolute) });
          break;
        case "file":
          if (!hasStoreMode(info)) odd.push(path);
          entries.push({
            kind: "file",
            path,
            digest: digestOfInode(info.inode) ?? hashFile(host, absolute),
            sizeBytes: info.sizeBytes,
            executable: isExecutable(info),
          });
          break;
        default:
          odd.push(path);
      }
    }
  };
  visit("");
  return { tree: toTree(entries), odd };
}

/** Whether a file may be executed, as the store sees it. */
export function isExecutable(info: FileInfo): boolean {
  return (info.mode & 0o100) !== 0;
}

/** Whether a file has one of the two modes that files in the store have. */
export function hasStoreMode(info: FileInfo): boolean {
  return (info.mode & 0o7777) === (isExecutable(info) ? EXECUTABLE_MODE : FILE_MODE);
}
