/**
 * How a step stands in a registry: one OCI artifact, whose tag is the step's id.
 *
 * The config is the step's manifest, as the store has it. A file of a mebibyte or more is a layer of its own, as it is:
 * its digest in the registry is its digest in the store, so it is sent and kept once, whatever steps hold it. Smaller
 * files are joined to packs, one after the other in the order of their digests: which they are, and where each ends, the
 * step's manifest says. So there is no archive to read, and none that could name a file that nobody asked for; and
 * nothing is compressed, so nothing can grow on the way in.
 *
 * @module
 */
import { z } from "zod";
import { byCodePoint, canonicalJson } from "../canonical_json.ts";
import { type Digest, digestOf, isDigest } from "../digest.ts";
import { formatManifest, type Manifest } from "../store/manifest.ts";
import { RegistryError } from "./_registry_error.ts";
import { OCI_MANIFEST } from "./client.ts";

/** A blob that a step needs, and how the store keeps it: with the executable bit, without, or both. */
export interface NeededBlob {
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly executable: readonly boolean[];
}

/** A layer: one blob as it is, or small ones joined. */
export interface Layer {
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly blobs: readonly NeededBlob[];
}

/** What an OCI manifest says of a blob. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly sizeBytes: number;
}

/** What an artifact of a step is made of. */
export interface Artifact {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  /** Digest of the step's output; only a claim. */
  readonly tree: string | undefined;
}

/** Files from this size on are layers of their own: below, a request costs more than the bytes. */
const OWN_LAYER_BYTES = 2 ** 20;
/** A pack that cannot be had whole is asked for again from the start, so it is not made much larger. */
const PACK_BYTES = 64 * 2 ** 20;

const ARTIFACT = "application/vnd.vkforge.step.v1";
const CONFIG = "application/vnd.vkforge.manifest.v1+json";
const BLOB = "application/vnd.vkforge.blob.v1";
const PACK = "application/vnd.vkforge.pack.v1";

/** All blobs of a step, each once, sorted by digest. */
export function neededBlobs({ tree, log }: Manifest): NeededBlob[] {
  const blobs = new Map<Digest, { readonly sizeBytes: number; readonly executable: Set<boolean> }>();
  const need = (digest: Digest, sizeBytes: number, executable: boolean) => {
    const known = blobs.get(digest);
    if (known === undefined) blobs.set(digest, { sizeBytes, executable: new Set([executable]) });
    else if (known.sizeBytes === sizeBytes) known.executable.add(executable);
    else throw new RegistryError("invalid", `it gives ${digest.slice(0, 12)}… two sizes`);
  };
  for (const entry of tree) if (entry.kind === "file") need(entry.digest, entry.sizeBytes, entry.executable);
  if (log !== undefined) need(log.digest, log.sizeBytes, false);
  return [...blobs].sort(([a], [b]) => byCodePoint(a, b))
    .map(([digest, { sizeBytes, executable }]) => ({
      digest,
      sizeBytes,
      executable: [...executable].sort(),
    }));
}

/** The layers of a step. Empty files are in none. */
export function layersOf(manifest: Manifest): Layer[] {
  const own: Layer[] = [];
  const packs: Array<{ sizeBytes: number; readonly blobs: NeededBlob[] }> = [];
  for (const blob of neededBlobs(manifest)) {
    if (blob.sizeBytes === 0) continue;
    if (blob.sizeBytes >= OWN_LAYER_BYTES) {
      own.push({ mediaType: BLOB, sizeBytes: blob.sizeBytes, blobs: [blob] });
      continue;
    }
    let pack = packs.at(-1);
    if (pack === undefined || pack.sizeBytes + blob.sizeBytes > PACK_BYTES) {
      packs.push(pack = { sizeBytes: 0, blobs: [] });
    }
    pack.sizeBytes += blob.sizeBytes;
    pack.blobs.push(blob);
  }
  return [...own, ...packs.map((pack) => ({ mediaType: PACK, ...pack }))];
}

/** The config of a step's artifact. */
export function configOf(manifest: Manifest): { readonly text: string; readonly descriptor: Descriptor } {
  const text = formatManifest(manifest);
  const sizeBytes = new TextEncoder().encode(text).length;
  return { text, descriptor: { mediaType: CONFIG, digest: digestOf(text), sizeBytes } };
}

/** The OCI manifest of a step; the same bytes for the same step and digests. */
export function formatArtifact(manifest: Manifest, digests: readonly Digest[]): Uint8Array<ArrayBuffer> {
  const describe = ({ mediaType, digest, sizeBytes }: Descriptor) => ({
    mediaType,
    digest: `sha256:${digest}`,
    size: sizeBytes,
  });
  const text = canonicalJson({
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    artifactType: ARTIFACT,
    config: describe(configOf(manifest).descriptor),
    layers: layersOf(manifest).map(({ mediaType, sizeBytes }, index) => {
      const digest = digests[index];
      if (digest === undefined) throw new TypeError("a layer has no digest");
      return describe({ mediaType, digest, sizeBytes });
    }),
    annotations: {
      "org.opencontainers.image.title": manifest.name,
      "vkforge.step": manifest.id,
      [TREE]: manifest.treeDigest,
    },
  });
  return new TextEncoder().encode(text);
}

const TREE = "vkforge.tree";

const OciDescriptor = z.object({
  mediaType: z.string(),
  digest: z.string().startsWith("sha256:"),
  size: z.number().int().nonnegative(),
}).transform(({ mediaType, digest, size }, context): Descriptor => {
  const sha256 = digest.slice("sha256:".length);
  if (isDigest(sha256)) return { mediaType, digest: sha256, sizeBytes: size };
  context.addIssue("not a SHA-256");
  return z.NEVER;
});

const OciManifest = z.object({
  schemaVersion: z.literal(2),
  mediaType: z.literal(OCI_MANIFEST),
  artifactType: z.literal(ARTIFACT),
  config: OciDescriptor,
  layers: z.array(OciDescriptor),
  annotations: z.record(z.string(), z.string()).optional(),
});

/**
 * Reads the OCI manifest of a step.
 *
 * @throws {RegistryError} "invalid"
 */
export function parseArtifact(bytes: Uint8Array): Artifact {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new RegistryError("invalid", "its manifest is not JSON");
  }
  const parsed = OciManifest.safeParse(json);
  if (!parsed.success) throw new RegistryError("invalid", "its manifest is not that of a step");
  const { config, layers, annotations } = parsed.data;
  if (config.mediaType !== CONFIG) throw new RegistryError("invalid", "its manifest is not that of a step");
  return { config, layers, tree: annotations?.[TREE] };
}
