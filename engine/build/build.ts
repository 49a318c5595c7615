/**
 * The scheduler: runs what a plan needs, independent steps side by side.
 *
 * @module
 */
import { EngineError } from "../error.ts";
import type { EventSink } from "../event.ts";
import { type PlannedStep, stepInputs } from "../graph/mod.ts";
import type { Host } from "../host.ts";
import { type AssembledImage, assembleImage } from "../image/assemble.ts";
import { type Image, imageId } from "../image/mod.ts";
import type { Sandbox } from "../sandbox/mod.ts";
import type { Secrets } from "../secrets/mod.ts";
import type { Fetcher } from "../source/mod.ts";
import type { Manifest, Store } from "../store/mod.ts";
import { replayLog } from "./replay.ts";
import { ResourcePool } from "./resource_pool.ts";
import { runStep } from "./run_step.ts";

/** What {@linkcode build} works with. */
export interface BuildOptions {
  readonly host: Host;
  readonly store: Store;
  readonly fetcher: Fetcher;
  /** Gives the sandbox; asked for once something has to run. */
  readonly sandbox: () => Promise<Sandbox>;
  readonly repository: string;
  /** Processors to keep busy. */
  readonly jobs: number;
  /** Memory that steps running at one time may use together. */
  readonly memoryBytes: number;
  readonly signal: AbortSignal;
  readonly emit: EventSink;
  /** Names of what was asked for, told with the first event. */
  readonly targets?: readonly string[];
  /** What is masked in logs, and in events and errors of steps. */
  readonly secrets?: Secrets | undefined;
  /** Tell again what steps printed that are in the store. */
  readonly replayLogs?: boolean | undefined;
  /** Where steps go that were built, besides the store. */
  readonly remoteCache?: BuiltSteps | undefined;
}

/** Takes what a build has made. */
export interface BuiltSteps {
  /** Begins to keep a step elsewhere; the build waits for it at its end, and does not fail by it. */
  keep(manifest: Manifest, signal: AbortSignal): Promise<void>;
}

/** What a build made: the manifest of every step that is a target or was needed, by name. */
export type BuildResult = ReadonlyMap<string, Manifest>;

/**
 * Runs the needed steps of a plan. After a failure nothing new is started; what runs is let finish, and kept.
 *
 * @throws {EngineError} the first failure
 */
export async function build(planned: readonly PlannedStep[], options: BuildOptions): Promise<BuildResult> {
  return await new Build(planned, options).run();
}

class Build {
  readonly #planned: readonly PlannedStep[];
  readonly #options: BuildOptions;
  readonly #pool: ResourcePool;
  readonly #results = new Map<string, Promise<Manifest>>();
  readonly #images = new Map<string, Promise<AssembledImage>>();
  /** Aborted by the first failure and by the caller: no step starts any more. */
  readonly #stop = new AbortController();
  /** Steps that are being kept elsewhere. */
  readonly #kept: Promise<void>[] = [];
  #failure: unknown;

  constructor(planned: readonly PlannedStep[], options: BuildOptions) {
    this.#planned = planned;
    this.#options = options;
    this.#pool = new ResourcePool({ cpus: options.jobs, memoryBytes: options.memoryBytes });
  }

  async run(): Promise<BuildResult> {
    const { emit, host, signal } = this.#options;
    const started = host.clock.monotonic();
    const needed = this.#planned.filter((step) => step.needed);
    const onAbort = () => this.#stop.abort(new EngineError("interrupted", "Interrupted"));
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
    emit({
      type: "build-start",
      targets: this.#options.targets ?? [],
      steps: this.#planned.length,
      misses: needed.length,
    });
    for (const { manifest } of this.#planned) if (manifest !== undefined) this.#replay(manifest);
    this.#prefetch(needed);
    for (const step of this.#planned) {
      if (step.manifest !== undefined) this.#results.set(step.step.name, Promise.resolve(step.manifest));
      else if (step.needed) this.#results.set(step.step.name, this.#guard(step));
    }
    const settled = await Promise.allSettled(this.#results.values());
    await Promise.all(this.#kept);
    signal.removeEventListener("abort", onAbort);
    const ok = settled.every((result) => result.status === "fulfilled");
    emit({ type: "build-end", ok, durationMs: host.clock.monotonic() - started });
    if (!ok) throw signal.aborted ? new EngineError("interrupted", "Interrupted") : this.#failure;
    const manifests = new Map<string, Manifest>();
    for (const [name, result] of this.#results) manifests.set(name, await result);
    return manifests;
  }

  /** Starts all downloads at once, so that they run beside whatever comes first. */
  #prefetch(needed: readonly PlannedStep[]): void {
    for (const { step } of needed) {
      this.#image(step.image).catch(() => {});
      for (const input of Object.values(step.inputs)) {
        if (input.kind !== "source") continue;
        // A failure is told by the step that needs the source.
        this.#options.fetcher.fetch(input.name, input.source, this.#stop.signal).catch(() => {});
      }
    }
  }

  #replay(manifest: Manifest): void {
    if (this.#options.replayLogs === true) replayLog(manifest, this.#options);
  }

  #keep(manifest: Manifest): void {
    const { remoteCache, signal } = this.#options;
    if (remoteCache !== undefined) this.#kept.push(remoteCache.keep(manifest, signal));
  }

  #image(image: Image): Promise<AssembledImage> {
    const id = imageId(image);
    const known = this.#images.get(id);
    if (known !== undefined) return known;
    const assembled = assembleImage(image, { ...this.#options, signal: this.#stop.signal });
    this.#images.set(id, assembled);
    return assembled;
  }

  async #guard(planned: PlannedStep): Promise<Manifest> {
    try {
      return await this.#runOrWait(planned);
    } catch (error) {
      if (this.#failure === undefined) {
        this.#failure = error;
        this.#stop.abort(error);
      }
      throw error;
    }
  }

  async #runOrWait(planned: PlannedStep): Promise<Manifest> {
    const { host, store, emit } = this.#options;
    const { step, id } = planned;
    const inputs = new Map<string, Manifest>();
    for (const input of stepInputs(step)) {
      const result = this.#results.get(input.name);
      if (result === undefined) throw new EngineError("io", `Step "${input.name}" was not planned`);
      inputs.set(input.name, await result);
    }
    const image = await this.#image(step.image);
    const sandbox = await this.#options.sandbox();
    using share = await this.#pool.take(step.resources, this.#stop.signal);
    using _lock = await store.lock(`step-${id}`, this.#stop.signal, () => {
      emit({ type: "waiting", name: step.name, reason: "another vkforge is building this step" });
    });
    const started = host.clock.monotonic();
    const made = store.hit(id);
    if (made !== undefined) {
      this.#replay(made);
      emit({ type: "step-end", name: step.name, id, outcome: "hit", durationMs: 0 });
      return made;
    }
    this.#stop.signal.throwIfAborted();
    emit({ type: "step-start", name: step.name, id, reason: planned.reason, sandbox: sandbox.name });
    try {
      const manifest = await runStep(planned, {
        ...this.#options,
        sandbox,
        image,
        inputs,
        cpus: share.cpus,
      });
      this.#keep(manifest);
      emit({
        type: "step-end",
        name: step.name,
        id,
        outcome: "built",
        durationMs: host.clock.monotonic() - started,
      });
      return manifest;
    } catch (error) {
      const outcome = error instanceof EngineError && error.code === "interrupted" ? "cancelled" : "failed";
      const durationMs = host.clock.monotonic() - started;
      emit({
        type: "step-end",
        name: step.name,
        id,
        outcome,
        durationMs,
        ...(error instanceof EngineError ? { error } : {}),
      });
      throw error;
    }
  }
}
