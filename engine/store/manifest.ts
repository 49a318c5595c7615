/**
 * Manifests: what a step made, and the inputs that made its id.
 *
 * @module
 */
import type { Json } from "../canonical_json.ts";
import type { Digest, StepId } from "../digest.ts";
import { type Tree, treeDigest, type TreeEntry } from "../tree/tree.ts";
import { isDigest } from "../digest.ts";

/** What the store keeps about a finished step or image. */
export interface Manifest {
  readonly schema: 1;
  readonly id: StepId;
  readonly kind: "step" | "image" | "package";
  readonly name: string;
  /** Everything the id was made of; lets `why` name what changed. */
  readonly inputs: Json;
  readonly tree: Tree;
  readonly treeDigest: Digest;
  /** The step's output text, as a blob. */
  readonly log?: { readonly digest: Digest; readonly sizeBytes: number };
  readonly durationMs: number;
}

/** Writes a manifest as text, one entry of the tree a line, so that it can be read and compared by people. */
export function formatManifest(manifest: Manifest): string {
  const { tree, ...head } = manifest;
  const lines = tree.map((entry) => `    ${JSON.stringify(pack(entry))}`);
  const open = JSON.stringify(head, null, 2).slice(0, -2);
  return `${open},\n  "tree": [\n${lines.join(",\n")}\n  ]\n}\n`;
}

/**
 * Reads a manifest. Own code and not zod, since images have tens of thousands of entries and a no-op reads every
 * step's manifest.
 *
 * @returns `undefined` where the text is not a manifest of the id: for the store that is a miss
 */
export function parseManifest(text: string, id: StepId): Manifest | undefined {
  try {
    const raw = JSON.parse(text);
    if (raw.schema !== 1 || raw.id !== id || !Array.isArray(raw.tree) || !isDigest(raw.treeDigest)) {
      return undefined;
    }
    const tree = raw.tree.map(unpack);
    if (tree.includes(undefined) || treeDigest(tree) !== raw.treeDigest) return undefined;
    return { ...raw, tree };
  } catch {
    return undefined;
  }
}

type Packed = ["f" | "x", string, string, number] | ["l", string, string] | ["d", string];

function pack(entry: TreeEntry): Packed {
  switch (entry.kind) {
    case "file":
      return [entry.executable ? "x" : "f", entry.path, entry.digest, entry.sizeBytes];
    case "link":
      return ["l", entry.path, entry.target];
    case "folder":
      return ["d", entry.path];
  }
}

function unpack(packed: Packed): TreeEntry | undefined {
  const [kind, path, content, sizeBytes] = packed;
  switch (kind) {
    case "f":
    case "x":
      if (content === undefined || !isDigest(content) || sizeBytes === undefined) return undefined;
      return { kind: "file", path, digest: content, sizeBytes, executable: kind === "x" };
    case "l":
      return content === undefined ? undefined : { kind: "link", path, target: content };
    case "d":
      return { kind: "folder", path };
    default:
      return undefined;
  }
}
