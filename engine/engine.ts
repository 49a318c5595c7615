/**
 * The engine as one object: a store, a way to fetch, a sandbox, and what can be done with them.
 *
 * @module
 */
import { join } from "node:path";
import { EngineError, explainIo } from "./error.ts";
import type { EventSink } from "./event.ts";
import type { PlannedStep, Step } from "./graph/mod.ts";
import { FileIndex, plan, stepInputs } from "./graph/mod.ts";
import type { Host } from "./host.ts";
import type { AssembledImage } from "./image/assemble.ts";
import { type Image, imageId } from "./image/image.ts";
import type { BuildResult } from "./build/mod.ts";
import type { Sandbox, SandboxChoice } from "./sandbox/mod.ts";
import type { Fetcher, SourceConfig } from "./source/mod.ts";
import { type Manifest, recordUses, SharedLease, Store } from "./store/mod.ts";
import type { Tree } from "./tree/mod.ts";
import type { StepVerdict } from "./verify/mod.ts";

/** Options of {@linkcode Engine.open}. */
export interface EngineOptions {
  readonly host: Host;
  /** Folder of the store. */
  readonly storeRoot: string;
  /** Folder that "files" inputs are relative to. */
  readonly repository: string;
  /** Where sources come from. */
  readonly sources: SourceConfig;
  /** Take nothing from the network. */
  readonly offline: boolean;
  /** Processors to keep busy. */
  readonly jobs: number;
  /** Memory for steps that run at one time. */
  readonly memoryBytes: number;
  /** Which sandbox; "auto" if left out. */
  readonly sandbox?: SandboxChoice;
  /** The image that holds bubblewrap. */
  readonly sandboxTools: Image;
  readonly emit: EventSink;
  /** Hints for sources that cannot be had, by source name. */
  readonly sourceHints?: Readonly<Record<string, string>>;
}

/** Options of {@linkcode Engine.verify}. */
export interface VerifyOptions {
  /** How often each step is built again. */
  readonly runs: number;
  /** After a difference, find which of the varied conditions makes it; costs a build for each. */
  readonly findCause: boolean;
}

/** See the module's text. */
export class Engine {
  readonly store: Store;
  readonly #options: EngineOptions;
  readonly #lease: SharedLease;
  readonly #index: FileIndex;
  #fetcher: Fetcher | undefined;
  #sandbox: Promise<Sandbox> | undefined;

  private constructor(options: EngineOptions) {
    this.#options = options;
    const { host, storeRoot, repository, emit } = options;
    this.store = Store.open(host, storeRoot);
    this.#lease = new SharedLease({ host, root: storeRoot }, () => {
      emit({ type: "waiting", name: "store", reason: "another vkforge is collecting garbage" });
    });
    this.#index = FileIndex.open(host, storeRoot, repository);
  }

  /** Opens the store and nothing else: the rest is loaded when it is needed. */
  static open(options: EngineOptions): Engine {
    return new Engine(options);
  }

  /** What building the targets would do. */
  plan(targets: readonly Step[]): PlannedStep[] {
    const { host, repository } = this.#options;
    const planned = plan(targets, { host, store: this.store, repository, index: this.#index });
    this.#index.save();
    return planned;
  }

  /**
   * Keeps garbage collection away until what this gives is disposed of. Builds do so themselves; whoever goes on to use
   * what they made, folders above all, takes a lease around both.
   */
  async lease(signal: AbortSignal): Promise<Disposable> {
    return await this.#lease.take(signal);
  }

  /**
   * Builds the targets; see `build`.
   *
   * @param label what to call them; their names if left out
   */
  async build(targets: readonly Step[], signal: AbortSignal, label?: string): Promise<BuildResult> {
    using _lease = await this.lease(signal);
    const planned = this.plan(targets);
    const hits = planned.filter(({ status }) => status === "hit");
    recordUses(this.#options.host, this.store.root, hits.map(({ id }) => id));
    const { build } = await import("./build/mod.ts");
    this.store.sweep();
    return await build(planned, {
      ...this.#options,
      store: this.store,
      fetcher: await this.fetcher(),
      sandbox: () => this.sandbox(signal),
      signal,
      targets: label === undefined ? targets.map((step) => step.name) : [label],
    });
  }

  /**
   * Builds the steps again under other conditions and compares bit by bit; see `verifyStep`. What the store lacks is
   * built first. One step at a time, so that none disturbs another.
   */
  async verify(steps: readonly Step[], signal: AbortSignal, options: VerifyOptions): Promise<StepVerdict[]> {
    const { host, emit, jobs } = this.#options;
    using _lease = await this.lease(signal);
    const reference = await this.build([...steps, ...steps.flatMap(stepInputs)], signal, "verify");
    const { findFakeClock, verifyStep } = await import("./verify/mod.ts");
    const planned = new Map(this.plan(steps).map((one) => [one.step, one]));
    const context = {
      ...this.#options,
      store: this.store,
      fetcher: await this.fetcher(),
      sandbox: await this.sandbox(signal),
      inputs: reference,
      fakeClock: findFakeClock(host, (await this.image(this.#options.sandboxTools, signal)).root),
      signal,
      ...options,
    };
    const started = host.clock.monotonic();
    emit({ type: "build-start", targets: ["verify"], steps: steps.length, misses: steps.length });
    const verdicts: StepVerdict[] = [];
    for (const step of steps) {
      const [one, made] = [planned.get(step), reference.get(step.name)];
      if (one === undefined || made === undefined) {
        throw new EngineError("io", `Step "${step.name}" was not planned`);
      }
      const { name } = step;
      emit({ type: "step-start", name, id: one.id, reason: "again, varied", sandbox: context.sandbox.name });
      const stepStarted = host.clock.monotonic();
      const verdict = await verifyStep(one, {
        ...context,
        image: await this.image(step.image, signal),
        reference: made,
        cpus: Math.min(step.resources.cpus, jobs),
      });
      emit({
        type: "step-end",
        name,
        id: one.id,
        outcome: verdict.outcome === "failed" ? "failed" : "built",
        durationMs: host.clock.monotonic() - stepStarted,
        ...(verdict.error === undefined ? {} : { error: verdict.error }),
      });
      verdicts.push(verdict);
    }
    const ok = verdicts.every(({ outcome }) => outcome !== "failed");
    emit({ type: "build-end", ok, durationMs: host.clock.monotonic() - started });
    return verdicts;
  }

  /** An image, assembled if need be. */
  async image(image: Image, signal: AbortSignal): Promise<AssembledImage> {
    using _lease = await this.lease(signal);
    const { assembleImage } = await import("./image/assemble.ts");
    // No step's manifest names the image of the sandbox.
    recordUses(this.#options.host, this.store.root, [imageId(image)]);
    return await assembleImage(image, {
      ...this.#options,
      store: this.store,
      fetcher: await this.fetcher(),
      sandbox: () => this.sandbox(signal),
      signal,
    });
  }

  /** The sandbox; made and tried once. */
  sandbox(signal: AbortSignal): Promise<Sandbox> {
    // What failed or was interrupted once may work the next time.
    this.#sandbox ??= this.#makeSandbox(signal).catch((error) => {
      this.#sandbox = undefined;
      throw error;
    });
    return this.#sandbox;
  }

  /** The fetcher. */
  async fetcher(): Promise<Fetcher> {
    const { Fetcher } = await import("./source/mod.ts");
    this.#fetcher ??= new Fetcher({
      ...this.#options.sources,
      host: this.#options.host,
      store: this.store,
      emit: this.#options.emit,
      offline: this.#options.offline,
      hints: this.#options.sourceHints,
    });
    return this.#fetcher;
  }

  /** A step's output as a folder; read only. */
  folderOf(manifest: Manifest): string {
    return this.store.checkout(manifest.tree);
  }

  /** Copies a tree to a folder of the caller's own; files there may be changed. */
  export(tree: Tree, folder: string): void {
    const { fs } = this.#options.host;
    try {
      for (const entry of tree) {
        const path = join(folder, entry.path);
        fs.mkdir(entry.kind === "folder" ? path : join(path, ".."));
        if (entry.kind === "folder") continue;
        fs.remove(path);
        if (entry.kind === "link") fs.symlink(entry.target, path);
        else {
          fs.copyFile(this.store.path(entry.digest, entry.executable), path);
          fs.chmod(path, entry.executable ? 0o755 : 0o644);
        }
      }
    } catch (error) {
      throw explainIo(error, `write to "${folder}"`);
    }
  }

  async #makeSandbox(signal: AbortSignal): Promise<Sandbox> {
    const { chooseSandbox } = await import("./sandbox/mod.ts");
    const { sandbox, reason } = await chooseSandbox(this.#options.sandbox ?? "auto", {
      host: this.#options.host,
      tools: await this.image(this.#options.sandboxTools, signal),
      layers: this.store,
      sessions: join(this.store.root, "containers"),
      signal,
    });
    this.#options.emit({ type: "sandbox", name: sandbox.name, reason });
    return sandbox;
  }
}
