/**
 * Trees: a folder's content as a list, free of times and owners.
 *
 * @module
 */
import { byCodePoint } from "../canonical_json.ts";
import { type Digest, digestOfJson } from "../digest.ts";

/** A file; permissions are reduced to "may be executed". */
export interface FileEntry {
  readonly kind: "file";
  readonly path: string;
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly executable: boolean;
}

/** A symbolic link, kept as written. */
export interface LinkEntry {
  readonly kind: "link";
  readonly path: string;
  readonly target: string;
}

/** A folder without entries; others follow from the paths of what they hold. */
export interface FolderEntry {
  readonly kind: "folder";
  readonly path: string;
}

/** One entry of a tree. Paths are relative, with "/" between parts. */
export type TreeEntry = FileEntry | LinkEntry | FolderEntry;

/** A folder's content, sorted by path. */
export type Tree = readonly TreeEntry[];

/** Sorts entries into a tree. Of two entries with one path the later wins, as when archives are unpacked in order. */
export function toTree(entries: Iterable<TreeEntry>): Tree {
  const byPath = new Map<string, TreeEntry>();
  const parents = new Set<string>();
  for (const entry of entries) {
    byPath.set(entry.path, entry);
    let slash = entry.path.lastIndexOf("/");
    while (slash > 0) {
      const parent = entry.path.slice(0, slash);
      if (parents.has(parent)) break;
      parents.add(parent);
      slash = parent.lastIndexOf("/");
    }
  }
  return [...byPath.values()]
    .filter((entry) => entry.kind !== "folder" || !parents.has(entry.path))
    .sort((a, b) => byCodePoint(a.path, b.path));
}

/** The digest of a tree: equal content, names, links and executable bits give equal digests everywhere. */
export function treeDigest(tree: Tree): Digest {
  return digestOfJson(tree.map((entry) => {
    switch (entry.kind) {
      case "file":
        return [entry.path, entry.executable ? "x" : "f", entry.digest];
      case "link":
        return [entry.path, "l", entry.target];
      case "folder":
        return [entry.path, "d"];
    }
  }));
}

/** Bytes of all files. */
export function treeSizeBytes(tree: Tree): number {
  return tree.reduce((sum, entry) => sum + (entry.kind === "file" ? entry.sizeBytes : 0), 0);
}

/** The part of a tree below a path, with paths relative to it; a file is given under its own name. */
export function subtree(tree: Tree, path: string): Tree {
  const prefix = `${path}/`;
  const inside = tree.filter((entry) => entry.path.startsWith(prefix))
    .map((entry) => ({ ...entry, path: entry.path.slice(prefix.length) }));
  if (inside.length > 0) return inside;
  const own = tree.find((entry) => entry.path === path);
  if (own === undefined || own.kind === "folder") return [];
  return [{ ...own, path: path.slice(path.lastIndexOf("/") + 1) }];
}
