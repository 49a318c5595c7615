/**
 * Steps from a registry into the store.
 *
 * What comes is a claim until its bytes are hashed: the manifest must be of exactly the id that was asked for and hold
 * together (see `checkManifest`), each blob must have the digest that the manifest gives. Blobs enter the store one by
 * one as they are found right, the manifest last and by the store's own hand: whatever goes wrong, and whenever, leaves
 * whole entries or none.
 *
 * @module
 */
import { join } from "node:path";
import { Hasher } from "../digest.ts";
import { EngineError, explainIo } from "../error.ts";
import type { EventSink } from "../event.ts";
import { type PlannedStep, type Step, stepInputs } from "../graph/mod.ts";
import type { Host, WritableFile } from "../host.ts";
import type { Manifest, Store } from "../store/mod.ts";
import { treeSizeBytes } from "../tree/mod.ts";
import { allOf, type Limit, limitTo } from "./_limit.ts";
import { RegistryError } from "./_registry_error.ts";
import {
  type Artifact,
  type Descriptor,
  type Layer,
  layersOf,
  type NeededBlob,
  neededBlobs,
  parseArtifact,
} from "./artifact.ts";
import { checkManifest } from "./check_manifest.ts";
import type { RegistryClient } from "./client.ts";
import { explainFailure } from "./failure.ts";

/** What {@linkcode pullSteps} works with. */
export interface PullOptions {
  readonly client: RegistryClient;
  readonly host: Host;
  readonly store: Store;
  readonly signal: AbortSignal;
  readonly emit: EventSink;
  /** Called with the failure of one step, which then counts as absent. Without it the first failure ends all. */
  readonly onFailure?: (error: EngineError) => void;
  /** The most that the files of one step may have together. Default: 32 GiB. */
  readonly maxStepBytes?: number | undefined;
}

/** What became of a step that was wanted. */
export interface PulledStep {
  readonly name: string;
  readonly id: string;
  /** "here": it was in the store; "absent": the registry does not have it. */
  readonly outcome: "pulled" | "here" | "absent";
  /** Size of its files. */
  readonly sizeBytes: number;
  /** What came over the network of it. */
  readonly receivedBytes: number;
}

/** A step's manifest with its tree; ours have up to 24 kB, and one of 30,000 files would have 4 MB. */
const MAX_CONFIG_BYTES = 16 * 2 ** 20;
const MAX_STEP_BYTES = 32 * 2 ** 30;
/** Requests at one time. */
const CONCURRENCY = 6;

/**
 * Brings the targets into the store, and of the steps that a target reads only those that are needed to build it here:
 * none, if the registry has the target itself.
 *
 * @param planned the plan of the targets
 * @throws {EngineError} "source-unavailable", "digest-mismatch", "disk-full" and others of the store
 */
export async function pullSteps(
  targets: readonly Step[],
  planned: readonly PlannedStep[],
  options: PullOptions,
): Promise<PulledStep[]> {
  const byStep = new Map(planned.map((one) => [one.step, one]));
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const limit = limitTo(CONCURRENCY);
  const results = new Map<Step, Promise<PulledStep>>();
  const pull = async (one: PlannedStep): Promise<PulledStep> => {
    try {
      return await new StepPull(one, { ...options, signal, limit }).run();
    } catch (thrown) {
      const error = explainFailure(thrown, { action: "pull", name: one.step.name, client: options.client });
      if (options.onFailure !== undefined && error instanceof EngineError && isAboutOneStep(error)) {
        options.onFailure(error);
        return resultOf(one, "absent");
      }
      stop.abort(error);
      throw error;
    }
  };
  const visit = async (step: Step): Promise<void> => {
    const one = byStep.get(step);
    if (one === undefined || results.has(step)) return;
    const result = one.status === "hit" ? Promise.resolve(resultOf(one, "here", one.manifest)) : pull(one);
    results.set(step, result);
    if ((await result).outcome === "absent") await allOf(stepInputs(step).map(visit));
  };
  await allOf(targets.map(visit));
  return await Promise.all(results.values());
}

/** The disk and the user's wish to stop are nobody's in particular. */
function isAboutOneStep({ code }: EngineError): boolean {
  return code === "source-unavailable" || code === "digest-mismatch";
}

function resultOf(
  { step, id }: PlannedStep,
  outcome: PulledStep["outcome"],
  manifest?: Manifest,
): PulledStep {
  const sizeBytes = manifest === undefined ? 0 : treeSizeBytes(manifest.tree);
  return { name: step.name, id, outcome, sizeBytes, receivedBytes: 0 };
}

class StepPull {
  readonly #planned: PlannedStep;
  readonly #options: PullOptions & { readonly limit: Limit };
  #receivedBytes = 0;
  #wantedBytes = 0;

  constructor(planned: PlannedStep, options: PullOptions & { readonly limit: Limit }) {
    this.#planned = planned;
    this.#options = options;
  }

  async run(): Promise<PulledStep> {
    const { store, client, signal, emit, host, limit } = this.#options;
    const { id, step } = this.#planned;
    const bytes = await limit(() => client.manifest(id, signal));
    if (bytes === undefined) return resultOf(this.#planned, "absent");
    const artifact = parseArtifact(bytes);
    using _lock = await store.lock(`step-${id}`, signal, () => {
      emit({ type: "waiting", name: step.name, reason: "another vkforge is building or pulling this step" });
    });
    const made = store.hit(id);
    if (made !== undefined) return resultOf(this.#planned, "here", made);
    const started = host.clock.monotonic();
    const manifest = await limit(() => this.#manifest(artifact));
    const layers = this.#matched(artifact, manifest);
    const missing = layers.filter(({ layer }) => layer.blobs.some((blob) => !this.#has(blob)));
    this.#expectRoom(missing);
    this.#wantedBytes = missing.reduce((sum, { layer }) => sum + layer.sizeBytes, 0);
    const name = `${step.name} (cache)`;
    emit({ type: "fetch-start", name, url: client.address.text, sizeBytes: this.#wantedBytes });
    using work = store.workFolder();
    await allOf(missing.map((one, index) => limit(() => this.#layer(one, join(work.path, String(index))))));
    for (const blob of neededBlobs(manifest)) {
      if (blob.sizeBytes === 0) {
        for (const executable of blob.executable) store.putBytes(new Uint8Array(), executable);
      }
    }
    const { schema: _schema, treeDigest: _digest, ...content } = manifest;
    store.publish(content);
    emit({
      type: "fetch-end",
      name,
      sizeBytes: this.#receivedBytes,
      durationMs: host.clock.monotonic() - started,
    });
    return { ...resultOf(this.#planned, "pulled", manifest), receivedBytes: this.#receivedBytes };
  }

  async #manifest({ config }: Artifact): Promise<Manifest> {
    const { client, signal } = this.#options;
    const { digest, sizeBytes } = config;
    if (sizeBytes > MAX_CONFIG_BYTES) {
      throw new RegistryError("invalid", `it gives a manifest of ${sizeBytes} bytes`);
    }
    let pieces: Uint8Array[] = [];
    const open = () => {
      pieces = [];
      return (chunk: Uint8Array) => void pieces.push(chunk.slice());
    };
    await client.readBlob(digest, sizeBytes, { signal, open });
    const hasher = new Hasher();
    for (const piece of pieces) hasher.update(piece);
    expectEqual("manifest", hasher.digest(), digest);
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    const text = pieces.map((piece) => decoder.decode(piece, { stream: true })).join("") + decoder.decode();
    return checkManifest(text, this.#planned);
  }

  /** The layers that the manifest needs, each with what the registry has for it. They have to be the same. */
  #matched({ layers }: Artifact, manifest: Manifest): MatchedLayer[] {
    const needed = layersOf(manifest);
    const fits = needed.length === layers.length && needed.every((layer, index) => {
      const found = layers[index];
      return found?.mediaType === layer.mediaType && found.sizeBytes === layer.sizeBytes;
    });
    if (!fits) throw new RegistryError("invalid", "its layers are not those of the step");
    return needed.flatMap((layer, index) => {
      const descriptor = layers[index];
      return descriptor === undefined ? [] : [{ layer, descriptor }];
    });
  }

  #has({ digest, sizeBytes, executable }: NeededBlob): boolean {
    const { host, store } = this.#options;
    return executable.every((bit) => host.fs.lstat(store.path(digest, bit))?.sizeBytes === sizeBytes);
  }

  /** Before the first byte, rather than after the last that fits. */
  #expectRoom(missing: readonly MatchedLayer[]): void {
    const { host, store, maxStepBytes = MAX_STEP_BYTES } = this.#options;
    // A file that is there with and without the executable bit is there twice.
    const sizeBytes = missing.flatMap(({ layer }) => layer.blobs)
      .reduce((sum, blob) => sum + blob.sizeBytes * blob.executable.length, 0);
    if (sizeBytes > maxStepBytes) {
      throw new RegistryError(
        "invalid",
        `it gives an output of ${sizeBytes} bytes, the limit is ${maxStepBytes}`,
      );
    }
    const freeBytes = host.fs.freeBytes(store.root);
    if (sizeBytes <= freeBytes) return;
    throw new EngineError(
      "disk-full",
      `Cannot pull "${this.#planned.step.name}": it needs ${sizeBytes} bytes, ${freeBytes} are free at "${store.root}"`,
      { hint: "Free some space or point VKFORGE_HOME to a larger disk; nothing that was finished is lost" },
    );
  }

  async #layer({ layer, descriptor }: MatchedLayer, folder: string): Promise<void> {
    const { client, host, store, signal, emit } = this.#options;
    const name = `${this.#planned.step.name} (cache)`;
    let tries = 0;
    let received = 0;
    using writer = new LayerWriter(layer, { host, store });
    const open = () => {
      // Blobs of the try before that were whole are in the store; nothing else of it counts.
      this.#receivedBytes -= received;
      received = 0;
      writer.start(`${folder}-${tries++}`);
      return (chunk: Uint8Array) => {
        writer.write(chunk);
        received += chunk.length;
        this.#receivedBytes += chunk.length;
        emit({
          type: "fetch-progress",
          name,
          receivedBytes: this.#receivedBytes,
          sizeBytes: this.#wantedBytes,
        });
      };
    };
    await client.readBlob(descriptor.digest, layer.sizeBytes, { signal, open });
    writer.finish();
  }
}

interface MatchedLayer {
  readonly layer: Layer;
  readonly descriptor: Descriptor;
}

/** Cuts a layer into its blobs, and puts into the store those that have the right digest. */
class LayerWriter implements Disposable {
  readonly #layer: Layer;
  readonly #host: Host;
  readonly #store: Store;
  #path = "";
  #index = 0;
  #file: WritableFile | undefined;
  #hasher = new Hasher();
  #filled = 0;

  constructor(layer: Layer, { host, store }: { readonly host: Host; readonly store: Store }) {
    this.#layer = layer;
    this.#host = host;
    this.#store = store;
  }

  /** Begins anew; files are made under the path. */
  start(path: string): void {
    this.#close();
    this.#path = path;
    this.#index = 0;
    this.#open();
  }

  write(chunk: Uint8Array): void {
    for (let rest = chunk; rest.length > 0;) {
      const blob = this.#layer.blobs[this.#index];
      if (blob === undefined) throw new RegistryError("invalid", "it sends more than the layer has");
      const part = rest.subarray(0, blob.sizeBytes - this.#filled);
      this.#io(() => this.#file?.write(part));
      this.#hasher.update(part);
      this.#filled += part.length;
      rest = rest.subarray(part.length);
      if (this.#filled === blob.sizeBytes) this.#keep(blob);
    }
  }

  finish(): void {
    if (this.#index < this.#layer.blobs.length) throw new RegistryError("invalid", "it sends half a layer");
  }

  [Symbol.dispose](): void {
    this.#close();
  }

  #keep({ digest, executable }: NeededBlob): void {
    const path = this.#file === undefined ? undefined : `${this.#path}-${this.#index}`;
    this.#close();
    expectEqual("file", this.#hasher.digest(), digest);
    const [last = false, ...others] = executable.toReversed();
    if (path !== undefined) {
      for (const bit of others) {
        const copy = `${path}-copy`;
        this.#io(() => this.#host.fs.copyFile(path, copy));
        this.#store.adopt(copy, digest, bit);
      }
      this.#store.adopt(path, digest, last);
    }
    this.#index++;
    this.#open();
  }

  #open(): void {
    this.#filled = 0;
    this.#hasher = new Hasher();
    if (this.#index < this.#layer.blobs.length) {
      this.#io(() => this.#file = this.#host.fs.openWrite(`${this.#path}-${this.#index}`));
    }
  }

  #close(): void {
    this.#file?.[Symbol.dispose]();
    this.#file = undefined;
  }

  #io(action: () => void): void {
    try {
      action();
    } catch (error) {
      throw explainIo(error, `write "${this.#path}"`);
    }
  }
}

function expectEqual(what: string, actual: string, expected: string): void {
  if (actual === expected) return;
  throw new RegistryError("invalid", `sha256 of a ${what} is ${actual}, it should be ${expected}`);
}
