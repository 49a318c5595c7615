/**
 * Whether what a registry gives as a step's manifest may become one.
 *
 * The store's own manifests are believed by their checksum, since it was this program that wrote them. Anybody can make a
 * checksum: here everything is looked at. The inputs must be those that the id is made of, and the tree must be one that
 * the step could have made: its declared outputs, safe paths, no links that leave them.
 *
 * @module
 */
import { isDeclared, leavesFolder } from "../build/output_rules.ts";
import { type Digest, digestOfJson, isDigest } from "../digest.ts";
import type { FingerprintedStep } from "../graph/fingerprint.ts";
import { formatManifest, type Manifest, parseManifest } from "../store/manifest.ts";
import { toTree, type Tree, treeDigest, type TreeEntry } from "../tree/mod.ts";
import { RegistryError } from "./_registry_error.ts";

/** Longer ones cannot be laid out. */
const MAX_PATH_BYTES = 4000;
const MAX_NAME_BYTES = 255;

/**
 * The manifest in a text, if it is one of the step.
 *
 * @throws {RegistryError} "invalid"
 */
export function checkManifest(text: string, planned: FingerprintedStep): Manifest {
  let problem: string | undefined;
  try {
    const manifest = parseManifest(text, planned.id);
    if (manifest === undefined) problem = "its checksum is wrong, or it is of another id";
    else {problem = problemOf(manifest, planned) ??
        (formatManifest(manifest) === text ? undefined : "its form");}
    if (manifest !== undefined && problem === undefined) return manifest;
  } catch {
    // Of wrong types, nested without end: whatever it is, it is no manifest.
    problem = "its form";
  }
  throw new RegistryError("invalid", `it gives a manifest that is not one of the step: ${problem}`);
}

function problemOf(manifest: Manifest, { step, id }: FingerprintedStep): string | undefined {
  const known = ["schema", "id", "kind", "name", "inputs", "tree", "treeDigest", "log", "durationMs"];
  if (Object.keys(manifest).some((key) => !known.includes(key))) return "its members";
  if (manifest.kind !== "step" || manifest.name !== step.name) return "its kind or name";
  if (digestOfJson(manifest.inputs) !== id) return "its inputs do not make the id";
  if (!isCount(manifest.durationMs)) return "its duration";
  if (!isLog(manifest.log)) return "its log";
  if (!Array.isArray(manifest.tree) || !manifest.tree.every(isEntry)) return "an entry of its tree";
  return treeProblem(manifest.tree, step.outputs) ??
    (treeDigest(manifest.tree) === manifest.treeDigest ? undefined : "the digest of its tree");
}

function treeProblem(tree: Tree, outputs: readonly string[]): string | undefined {
  const kinds = new Map(tree.map(({ path, kind }) => [path, kind]));
  // Sorted, each path once, folders only where they are empty.
  const normal = toTree(tree);
  if (normal.length !== tree.length || normal.some((entry, index) => entry !== tree[index])) {
    return "the order of its tree";
  }
  for (const entry of tree) {
    if (!isDeclared(entry.path, outputs)) return "an output that the step does not declare";
    if (entry.kind === "link" && leavesFolder(entry.path, entry.target)) {
      return "a link that leaves the output";
    }
    for (let slash = entry.path.lastIndexOf("/"); slash > 0; slash = entry.path.lastIndexOf("/", slash - 1)) {
      // A link here would send what is below it somewhere else.
      if (kinds.has(entry.path.slice(0, slash))) return "an entry below a file or a link";
    }
  }
  const isMade = (output: string) =>
    tree.some(({ path }) => path === output || path.startsWith(`${output}/`));
  return outputs.every(isMade) ? undefined : "a declared output is not there";
}

function isEntry(entry: TreeEntry | undefined): boolean {
  if (entry === undefined || !isPath(entry.path)) return false;
  switch (entry.kind) {
    case "file":
      return isDigestText(entry.digest) && isCount(entry.sizeBytes);
    case "link":
      return isText(entry.target) && entry.target.length > 0 && bytesIn(entry.target) <= MAX_PATH_BYTES;
    case "folder":
      return true;
  }
}

function isPath(path: unknown): boolean {
  return isText(path) && bytesIn(path) <= MAX_PATH_BYTES &&
    path.split("/").every((name) =>
      name !== "" && name !== "." && name !== ".." && bytesIn(name) <= MAX_NAME_BYTES
    );
}

function isLog(log: Manifest["log"]): boolean {
  return log === undefined ||
    (Object.keys(log).length === 2 && isDigestText(log.digest) && isCount(log.sizeBytes));
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.isWellFormed() && !value.includes("\0");
}

function isDigestText(value: unknown): value is Digest {
  return typeof value === "string" && isDigest(value);
}

function isCount(value: unknown): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function bytesIn(text: string): number {
  return new TextEncoder().encode(text).length;
}
