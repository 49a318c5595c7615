/**
 * Two outputs of one step, entry by entry.
 *
 * @module
 */
import { byCodePoint } from "../canonical_json.ts";
import type { Tree, TreeEntry } from "../tree/mod.ts";

/** One entry that is not the same in both. */
export interface EntryDifference {
  readonly path: string;
  readonly kind: "missing" | "extra" | "type" | "executable" | "target" | "content";
  /** What it was in the first output; `undefined` for an extra one. */
  readonly before: TreeEntry | undefined;
  /** What it is in the second; `undefined` for a missing one. */
  readonly now: TreeEntry | undefined;
}

/** The entries that differ, by path. A file with other bytes and another mode counts once, for its bytes. */
export function compareTrees(before: Tree, now: Tree): EntryDifference[] {
  const old = new Map(before.map((entry) => [entry.path, entry]));
  const current = new Map(now.map((entry) => [entry.path, entry]));
  const paths = [...new Set([...old.keys(), ...current.keys()])].sort(byCodePoint);
  return paths.flatMap((path) => {
    const [was, is] = [old.get(path), current.get(path)];
    const kind = differenceOf(was, is);
    return kind === undefined ? [] : [{ path, kind, before: was, now: is }];
  });
}

function differenceOf(
  before: TreeEntry | undefined,
  now: TreeEntry | undefined,
): EntryDifference["kind"] | undefined {
  if (before === undefined) return "extra";
  if (now === undefined) return "missing";
  if (before.kind === "file" && now.kind === "file") {
    if (before.digest !== now.digest) return "content";
    return before.executable === now.executable ? undefined : "executable";
  }
  if (before.kind === "link" && now.kind === "link") {
    return before.target === now.target ? undefined : "target";
  }
  return before.kind === now.kind ? undefined : "type";
}
