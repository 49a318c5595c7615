/**
 * Manifests: what a step made, and the inputs that made its id.
 *
 * @module
 */
import type { Json } from "../canonical_json.ts";
import { type Digest, digestOf, type StepId } from "../digest.ts";
import type { Tree, TreeEntry } from "../tree/tree.ts";

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

/**
 * Writes a manifest as text, one entry of the tree a line, so that it can be read and compared by people. The first
 * member is the SHA-256 of all that follows it.
 */
export function formatManifest(manifest: Manifest): string {
  const { tree, ...head } = manifest;
  const lines = tree.map((entry) => `    ${JSON.stringify(pack(entry))}`);
  const open = JSON.stringify(head, null, 2).slice("{\n".length, -"\n}".length);
  const body = `${open},\n  "tree": [\n${lines.join(",\n")}\n  ]\n}\n`;
  return `${CHECKSUM_OPEN}${digestOf(body)}${CHECKSUM_CLOSE}${body}`;
}

/**
 * Reads a manifest. Own code and not zod, since images have tens of thousands of entries and a no-op reads every
 * step's manifest.
 *
 * @returns `undefined` where the text is not a whole manifest of the id: for the store that is a miss
 */
export function parseManifest(text: string, id: StepId): Manifest | undefined {
  const body = text.slice(CHECKSUM_OPEN.length + DIGEST_LENGTH + CHECKSUM_CLOSE.length);
  // The checksum vouches for the rest: what was written had its types.
  if (text !== `${CHECKSUM_OPEN}${digestOf(body)}${CHECKSUM_CLOSE}${body}`) return undefined;
  const { checksum: _, ...raw } = JSON.parse(text);
  if (raw.schema !== 1 || raw.id !== id) return undefined;
  return { ...raw, tree: raw.tree.map(unpack) };
}

const CHECKSUM_OPEN = '{\n  "checksum": "';
const CHECKSUM_CLOSE = '",\n';
const DIGEST_LENGTH = 64;

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

function unpack(packed: Packed): TreeEntry {
  switch (packed[0]) {
    case "f":
    case "x": {
      const [kind, path, digest, sizeBytes] = packed;
      return { kind: "file", path, digest: digest as Digest, sizeBytes, executable: kind === "x" };
    }
    case "l":
      return { kind: "link", path: packed[1], target: packed[2] };
    case "d":
      return { kind: "folder", path: packed[1] };
  }
}
