/**
 * Steps from the store to a registry.
 *
 * Blobs first, and only those that it lacks; the manifest last. What is under a step's id already stays: the same id
 * means the same output, and if it does not, that is worth an error and not a silent change.
 *
 * @module
 */
import { type Digest, Hasher } from "../digest.ts";
import { EngineError, explainIo } from "../error.ts";
import type { EventSink } from "../event.ts";
import type { Host } from "../host.ts";
import type { Manifest, Store } from "../store/mod.ts";
import { treeSizeBytes } from "../tree/mod.ts";
import { allOf, type Limit, limitTo } from "./_limit.ts";
import { RegistryError } from "./_registry_error.ts";
import {
  configOf,
  formatArtifact,
  type Layer,
  layersOf,
  type NeededBlob,
  parseArtifact,
} from "./artifact.ts";
import type { RegistryClient } from "./client.ts";
import { explainFailure } from "./failure.ts";

/** What {@linkcode pushSteps} works with. */
export interface PushOptions {
  readonly client: RegistryClient;
  readonly host: Host;
  readonly store: Store;
  readonly signal: AbortSignal;
  readonly emit: EventSink;
  /** Put the step there whatever is under its id. */
  readonly replace?: boolean | undefined;
}

/** What became of a step. */
export interface PushedStep {
  readonly name: string;
  readonly id: string;
  /** "there": the registry had it. */
  readonly outcome: "pushed" | "there";
  /** Size of its files. */
  readonly sizeBytes: number;
  /** What went over the network of it. */
  readonly sentBytes: number;
}

/** Uploads at one time. */
const CONCURRENCY = 4;

/**
 * Brings steps of the store into a registry.
 *
 * @throws {EngineError} "permission", "io"; "not-reproducible" if it has another output of the same step;
 * "store-corrupt" if the store's own bytes are wrong
 */
export async function pushSteps(
  manifests: readonly Manifest[],
  options: PushOptions,
): Promise<PushedStep[]> {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const uploads = new Uploads({ ...options, signal });
  return await allOf(manifests.map(async (manifest) => {
    try {
      return await pushStep(manifest, { ...options, signal, uploads });
    } catch (thrown) {
      const error = explainFailure(thrown, { action: "push", name: manifest.name, client: options.client });
      stop.abort(error);
      throw error;
    }
  }));
}

async function pushStep(
  manifest: Manifest,
  options: PushOptions & { readonly uploads: Uploads },
): Promise<PushedStep> {
  const { client, uploads, signal, replace, store } = options;
  const { name, id, tree } = manifest;
  const sizeBytes = treeSizeBytes(tree);
  if (replace !== true) {
    const found = await uploads.limit(() => client.manifest(id, signal));
    if (found !== undefined) {
      expectSame(found, manifest, client);
      return { name, id, outcome: "there", sizeBytes, sentBytes: 0 };
    }
  }
  const layers = await allOf(layersOf(manifest).map((layer) => uploads.layer(layer)));
  const { text, descriptor } = configOf(manifest);
  const config = await uploads.bytes(descriptor.digest, new TextEncoder().encode(text));
  // Collected while it was read: the registry must not say that it is whole.
  if (store.hit(id) === undefined) {
    throw new EngineError("io", `Step "${name}" left the store while it was pushed`);
  }
  const artifact = formatArtifact(manifest, layers.map(({ digest }) => digest));
  await uploads.limit(() => client.putManifest(id, artifact, signal));
  const sentBytes = [...layers, config].reduce((sum, layer) => sum + layer.sentBytes, artifact.length);
  return { name, id, outcome: "pushed", sizeBytes, sentBytes };
}

/** What is there is only a claim too, but two claims that differ are worth a look. */
function expectSame(found: Uint8Array, { name, treeDigest }: Manifest, client: RegistryClient): void {
  let tree: string | undefined;
  try {
    ({ tree } = parseArtifact(found));
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
  }
  if (tree === treeDigest) return;
  throw new EngineError(
    "not-reproducible",
    `The registry ${client.address.text} has another output of "${name}": ${
      tree?.slice(0, 12) ?? "unknown"
    }…, ` +
      `here it is ${treeDigest.slice(0, 12)}…`,
    {
      hint: `Find out which is right with \`deno task verify ${name}\`; --replace puts this one there`,
      subject: name,
    },
  );
}

interface SentLayer {
  readonly digest: Digest;
  readonly sentBytes: number;
}

/** Uploads under way and done: what several steps hold is sent once. */
class Uploads {
  readonly limit: Limit = limitTo(CONCURRENCY);
  readonly #options: PushOptions;
  readonly #known = new Map<Digest, Promise<SentLayer>>();

  constructor(options: PushOptions) {
    this.#options = options;
  }

  async layer(layer: Layer): Promise<SentLayer> {
    const [first, ...others] = layer.blobs;
    if (first === undefined) throw new TypeError("a layer without blobs");
    const digest = others.length === 0 ? first.digest : this.#digestOf(layer);
    return await this.#once(digest, layer.sizeBytes, () => this.#blocks(layer));
  }

  async bytes(digest: Digest, bytes: Uint8Array): Promise<SentLayer> {
    return await this.#once(digest, bytes.length, () => [bytes]);
  }

  async #once(digest: Digest, sizeBytes: number, blocks: () => Iterable<Uint8Array>): Promise<SentLayer> {
    const under = this.#known.get(digest);
    if (under !== undefined) {
      await under;
      return { digest, sentBytes: 0 };
    }
    const { client, signal } = this.#options;
    const sent = this.limit(async () => {
      if (await client.hasBlob(digest, sizeBytes, signal)) return { digest, sentBytes: 0 };
      await client.upload({ digest, sizeBytes, blocks }, signal);
      return { digest, sentBytes: sizeBytes };
    });
    this.#known.set(digest, sent);
    return await sent;
  }

  /** A pack's digest; it is small enough to be read twice. */
  #digestOf(layer: Layer): Digest {
    const hasher = new Hasher();
    for (const block of this.#blocks(layer)) hasher.update(block);
    return hasher.digest();
  }

  /** The bytes of a layer, each blob compared with its digest: what rotted here must not spread. */
  *#blocks({ blobs }: Layer): Iterable<Uint8Array> {
    for (const blob of blobs) {
      const hasher = new Hasher();
      let sizeBytes = 0;
      for (const block of this.#read(blob)) {
        hasher.update(block);
        sizeBytes += block.length;
        yield block;
      }
      if (hasher.digest() === blob.digest && sizeBytes === blob.sizeBytes) continue;
      throw new EngineError(
        "store-corrupt",
        `The store's file ${blob.digest.slice(0, 12)}… has other bytes`,
        {
          hint: "Run `deno task cache verify --repair` and build again",
        },
      );
    }
  }

  *#read({ digest, executable }: NeededBlob): Iterable<Uint8Array> {
    const { host, store } = this.#options;
    const path = store.path(digest, executable[0] ?? false);
    try {
      yield* host.fs.readBlocks(path);
    } catch (error) {
      throw explainIo(error, `read "${path}"`);
    }
  }
}
