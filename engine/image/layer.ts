/**
 * Laying packages over each other as `dpkg` would, without touching a disk: merged /usr, replaced files, and no way
 * for an entry to reach through a link to somewhere else.
 *
 * @module
 */
import { EngineError } from "../error.ts";
import { toTree, type Tree, type TreeEntry } from "../tree/tree.ts";

/** What {@linkcode layTrees} lays together. */
export interface Layers {
  /** Links that are there before the first package, such as `bin` → `usr/bin`. */
  readonly links: Readonly<Record<string, string>>;
  readonly trees: Iterable<Tree>;
  /** Entries that come last. */
  readonly extra: Iterable<TreeEntry>;
}

/** Deep enough for any real archive; stops circular links. */
const MAX_LINKS = 40;

/**
 * One tree of many, later entries winning.
 *
 * @throws {EngineError} "archive-unsafe" if an entry lies below a link that leaves the root or never ends
 */
export function layTrees(layers: Layers): Tree {
  const entries = new Map<string, TreeEntry>();
  const put = (entry: TreeEntry) => {
    const path = resolveParents(entry.path, entries);
    const existing = entries.get(path);
    // A package that ships a folder where a link to a folder stands uses that folder.
    if (entry.kind === "folder" && existing !== undefined) return;
    entries.set(path, path === entry.path ? entry : { ...entry, path });
  };
  for (const [path, target] of Object.entries(layers.links)) {
    entries.set(path, { kind: "link", path, target });
  }
  for (const tree of layers.trees) for (const entry of tree) put(entry);
  for (const entry of layers.extra) put(entry);
  return withoutEntriesBelowLeaves(toTree(entries.values()), entries);
}

function resolveParents(path: string, entries: ReadonlyMap<string, TreeEntry>): string {
  let resolved = path;
  for (let follow = 0;; follow++) {
    const link = firstLinkAbove(resolved, entries);
    if (link === undefined) return resolved;
    if (follow > MAX_LINKS) throw unsafe(path, "its links never end");
    resolved = joinInside(path, link.path, link.target) + resolved.slice(link.path.length);
  }
}

function firstLinkAbove(
  path: string,
  entries: ReadonlyMap<string, TreeEntry>,
): { path: string; target: string } | undefined {
  for (let slash = path.indexOf("/"); slash > 0; slash = path.indexOf("/", slash + 1)) {
    const above = entries.get(path.slice(0, slash));
    if (above?.kind === "link") return above;
  }
  return undefined;
}

/** Where a link leads, as seen from the image's root. */
function joinInside(entry: string, path: string, target: string): string {
  const base = target.startsWith("/") ? [] : path.split("/").slice(0, -1);
  for (const part of target.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") base.push(part);
    else if (base.pop() === undefined) throw unsafe(entry, `the link "${path}" leaves the root`);
  }
  if (base.length === 0) throw unsafe(entry, `the link "${path}" leads to the root itself`);
  return base.join("/");
}

/** A file must not stand where others need a folder. */
function withoutEntriesBelowLeaves(tree: Tree, entries: ReadonlyMap<string, TreeEntry>): Tree {
  for (const { path } of tree) {
    for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1)) {
      const above = entries.get(path.slice(0, slash));
      if (above !== undefined && above.kind !== "folder") {
        throw unsafe(path, `"${above.path}" above it is a ${above.kind}`);
      }
    }
  }
  return tree;
}

function unsafe(path: string, reason: string): EngineError {
  return new EngineError("archive-unsafe", `Cannot place "${path}" in the image: ${reason}`, {
    hint: "One of the image's packages is not what it should be; restore its lock from version control",
  });
}
