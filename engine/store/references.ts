/**
 * What a manifest refers to: what it names, and what the things that it was made of left in the store.
 *
 * @module
 */
import type { Json } from "../canonical_json.ts";
import { type Digest, isDigest, type StepId } from "../digest.ts";
import { packageId } from "../image/image.ts";
import { toTree, type Tree, treeDigest, type TreeEntry } from "../tree/tree.ts";
import type { Manifest } from "./manifest.ts";

/** A blob's digest, with ".x" behind it where the file is executable. */
export type BlobKey = string & { readonly __brand: "BlobKey" };

/** See the module's text. Outputs and log must be there for the manifest to be a hit. */
export interface References {
  /** Files of its tree. */
  readonly outputs: readonly BlobKey[];
  /** What the step printed. */
  readonly logs: readonly BlobKey[];
  /** Files of the repository as the step saw them. */
  readonly inputs: readonly BlobKey[];
  /** Downloads that it was made of. */
  readonly sources: readonly BlobKey[];
  /** Its image, the packages of an image, the steps that it reads. */
  readonly manifests: readonly StepId[];
  /** Trees that may be laid out: its own and those of its inputs. */
  readonly checkouts: readonly Digest[];
}

/** Finds the SHA-256 of a source that is pinned by another checksum. */
export type AliasOf = (pin: string) => Digest | undefined;

/** See the module's text. */
export function referencesOf(manifest: Manifest, aliasOf: AliasOf): References {
  const outputs = manifest.tree.flatMap((entry) =>
    entry.kind === "file" ? [blobKey(entry.digest, entry.executable)] : []
  );
  const logs = manifest.log === undefined ? [] : [blobKey(manifest.log.digest)];
  const inputs = asObject(manifest.inputs);
  const own = { outputs, logs, inputs: [], sources: [], manifests: [], checkouts: [manifest.treeDigest] };
  switch (manifest.kind) {
    case "package":
      return { ...own, sources: digests([inputs["package"]]).map((digest) => blobKey(digest)) };
    case "image":
      return { ...own, manifests: packagesOf(inputs) };
    case "step":
      return { outputs, logs, ...stepReferences(inputs, { own: manifest.treeDigest, aliasOf }) };
  }
}

/** How the store names a blob. */
export function blobKey(digest: Digest, executable = false): BlobKey {
  return `${digest}${executable ? ".x" : ""}` as BlobKey;
}

/** Digest and executable bit of a blob. */
export function parseBlobKey(key: BlobKey): { readonly digest: Digest; readonly executable: boolean } {
  return { digest: key.slice(0, 64) as Digest, executable: key.endsWith(".x") };
}

/** Where a blob is, below the store's folder. */
export function blobPath(key: BlobKey): string {
  return `blobs/${key.slice(0, 2)}/${key.slice(2)}`;
}

function packagesOf(inputs: JsonObject): StepId[] {
  const exclude = texts(inputs["exclude"]);
  const packages = Array.isArray(inputs["packages"]) ? inputs["packages"] as readonly Json[] : [];
  return digests(packages.map((item) => Array.isArray(item) ? item[2] : undefined))
    .map((sha256) => packageId(sha256, exclude));
}

function stepReferences(
  inputs: JsonObject,
  { own, aliasOf }: { readonly own: Digest; readonly aliasOf: AliasOf },
): Pick<References, "inputs" | "sources" | "manifests" | "checkouts"> {
  const manifests = digests([inputs["image"]]) as StepId[];
  const checkouts = [own];
  const sources: BlobKey[] = [];
  const files: BlobKey[] = [];
  for (const value of Object.values(asObject(inputs["inputs"]))) {
    const input = asObject(value);
    switch (input["kind"]) {
      case "step":
        manifests.push(...digests([input["id"]]) as StepId[]);
        break;
      case "source": {
        const digest = digestOfPin(input["pin"], aliasOf);
        if (digest !== undefined) sources.push(blobKey(digest));
        break;
      }
      case "files": {
        const tree = filesTree(asObject(input["files"]));
        files.push(
          ...tree.flatMap((entry) => entry.kind === "file" ? [blobKey(entry.digest, entry.executable)] : []),
        );
        checkouts.push(treeDigest(tree));
        break;
      }
    }
  }
  return { manifests, checkouts, sources, inputs: files };
}

/** Files as a step's inputs name them: path → "f:<digest>", or "x:<digest>" for an executable. */
function filesTree(files: JsonObject): Tree {
  return toTree(
    Object.entries(files).flatMap(([path, value]): TreeEntry[] => {
      const text = typeof value === "string" ? value : "";
      const digest = text.slice(2);
      if (!isDigest(digest)) return [];
      // The size is not in the inputs, and not part of a tree's digest.
      return [{ kind: "file", path, digest, sizeBytes: 0, executable: text.startsWith("x:") }];
    }),
  );
}

function digestOfPin(pin: Json | undefined, aliasOf: AliasOf): Digest | undefined {
  if (typeof pin !== "string") return undefined;
  const sha256 = pin.startsWith("sha256:") ? pin.slice("sha256:".length) : undefined;
  return sha256 !== undefined && isDigest(sha256) ? sha256 : aliasOf(pin);
}

type JsonObject = { readonly [key: string]: Json | undefined };

function asObject(value: Json | undefined): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value as JsonObject : {};
}

function digests(values: readonly (Json | undefined)[]): Digest[] {
  return values.filter((value): value is Digest => typeof value === "string" && isDigest(value));
}

function texts(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
