/**
 * A registry beside the store, for builds: what is missing is pulled before it is built, and what was built is pushed if
 * that was asked for. It never makes a build fail: what it cannot give is built, and a warning says why.
 *
 * @module
 */
import { EngineError } from "../error.ts";
import type { EventSink } from "../event.ts";
import type { PlannedStep, Step } from "../graph/mod.ts";
import type { Host } from "../host.ts";
import type { Manifest, Store } from "../store/mod.ts";
import type { RegistryClient } from "./client.ts";
import { pullSteps } from "./pull.ts";
import { pushSteps } from "./push.ts";

/** Options of {@linkcode RemoteCache}. */
export interface RemoteCacheOptions {
  readonly client: RegistryClient;
  readonly host: Host;
  readonly emit: EventSink;
  /** Push what was built. */
  readonly push: boolean;
}

/** What a build wants. */
export interface Wanted {
  readonly targets: readonly Step[];
  /** The plan of the targets. */
  readonly planned: readonly PlannedStep[];
  readonly store: Store;
  readonly signal: AbortSignal;
}

/** See the module's text. */
export class RemoteCache {
  readonly #options: RemoteCacheOptions;
  /** Set once the registry does not answer or let this in: it is not asked again for each of a hundred steps. */
  #isOff = false;
  #store: Store | undefined;

  constructor(options: RemoteCacheOptions) {
    this.#options = options;
  }

  /**
   * Pulls what the plan has to build; afterwards the plan has to be made anew.
   *
   * @returns whether anything came
   */
  async pull({ targets, planned, store, signal }: Wanted): Promise<boolean> {
    this.#store = store;
    if (this.#isOff || !planned.some(({ needed }) => needed)) return false;
    const { client, host, emit } = this.#options;
    const attempt = new AbortController();
    try {
      const pulled = await pullSteps(targets, planned, {
        client,
        host,
        store,
        emit,
        signal: AbortSignal.any([signal, attempt.signal]),
        onFailure: (error) => {
          this.#warn(error);
          if (this.#isOff) attempt.abort(error);
        },
      });
      return pulled.some(({ outcome }) => outcome === "pulled");
    } catch (error) {
      // Whatever came before is in the store.
      if (!attempt.signal.aborted || signal.aborted) throw error;
      return true;
    }
  }

  /** Pushes a step that was built, if that was asked for. */
  async keep(manifest: Manifest, signal: AbortSignal): Promise<void> {
    const { client, host, emit, push } = this.#options;
    if (!push || this.#isOff || this.#store === undefined) return;
    try {
      await pushSteps([manifest], { client, host, store: this.#store, signal, emit });
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof EngineError)) throw error;
      this.#warn(error);
    }
  }

  #warn(error: EngineError): void {
    if (this.#isOff) return;
    this.#isOff = ["source-unavailable", "permission", "io"].includes(error.code);
    const suffix = this.#isOff ? "; going on without the remote cache" : "";
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    this.#options.emit({ type: "warning", message: `${error.message}${suffix}`, ...hint });
  }
}
