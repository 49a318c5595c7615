/**
 * Notices when nothing happens any more.
 *
 * @module
 */
import type { Host } from "../host.ts";

/**
 * Calls back once when it was not touched for a time. One timer per period rather than one per chunk, since a download
 * has tens of thousands of chunks.
 */
export class Watchdog implements Disposable {
  readonly #clock: Host["clock"];
  readonly #stop = new AbortController();
  #touched: number;

  constructor(clock: Host["clock"], options: { readonly timeoutMs: number; readonly onStall: () => void }) {
    this.#clock = clock;
    this.#touched = clock.monotonic();
    void this.#watch(options.timeoutMs, options.onStall);
  }

  touch(): void {
    this.#touched = this.#clock.monotonic();
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
  }

  async #watch(timeoutMs: number, onStall: () => void): Promise<void> {
    const { signal } = this.#stop;
    try {
      while (!signal.aborted) {
        const idleMs = this.#clock.monotonic() - this.#touched;
        if (idleMs >= timeoutMs) return onStall();
        await this.#clock.sleep(timeoutMs - idleMs, signal);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
