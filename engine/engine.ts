/**
 * The engine as one object: a store, a way to fetch, a sandbox, and what can be done with them.
 *
 * @module
 */
import { join } from "node:path";
import { explainIo } from "./error.ts";
import type { EventSink } from "./event.ts";
import type { PlannedStep, Step } from "./graph/mod.ts";
import { plan } from "./graph/mod.ts";
import type { Host } from "./host.ts";
import type { AssembledImage } from "./image/assemble.ts";
import type { Image } from "./image/mod.ts";
import type { BuildResult } from "./build/mod.ts";
import type { Sandbox } from "./sandbox/mod.ts";
import type { Fetcher, SourceConfig } from "./source/mod.ts";
import { type Manifest, Store } from "./store/mod.ts";
import type { Tree } from "./tree/mod.ts";

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
  /** The image that holds bubblewrap. */
  readonly sandboxTools: Image;
  readonly emit: EventSink;
  /** Hints for sources that cannot be had, by source name. */
  readonly sourceHints?: Readonly<Record<string, string>>;
}

/** See the module's text. */
export class Engine {
  readonly store: Store;
  readonly #options: EngineOptions;
  #fetcher: Fetcher | undefined;
  #sandbox: Promise<Sandbox> | undefined;

  private constructor(options: EngineOptions) {
    this.#options = options;
    this.store = Store.open(options.host, options.storeRoot);
  }

  /** Opens the store and nothing else: the rest is loaded when it is needed. */
  static open(options: EngineOptions): Engine {
    return new Engine(options);
  }

  /** What building the targets would do. */
  plan(targets: readonly Step[]): PlannedStep[] {
    const { host, repository } = this.#options;
    return plan(targets, { host, store: this.store, repository });
  }

  /**
   * Builds the targets; see `build`.
   *
   * @param label what to call them; their names if left out
   */
  async build(targets: readonly Step[], signal: AbortSignal, label?: string): Promise<BuildResult> {
    const planned = this.plan(targets);
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

  /** An image, assembled if need be. */
  async image(image: Image, signal: AbortSignal): Promise<AssembledImage> {
    const { assembleImage } = await import("./image/assemble.ts");
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
    this.#sandbox ??= this.#makeSandbox(signal);
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
    const { BwrapSandbox } = await import("./sandbox/mod.ts");
    const tools = await this.image(this.#options.sandboxTools, signal);
    const sandbox = new BwrapSandbox(this.#options.host, tools.root);
    await sandbox.probe();
    this.#options.emit({ type: "sandbox", name: sandbox.name, reason: "user namespaces work here" });
    return sandbox;
  }
}
