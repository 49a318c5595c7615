/**
 * Notices when a connection brings too little.
 *
 * @module
 */
import type { Host } from "../host.ts";

/** Slower than this is no use, and a server that sends a byte a minute must not keep a build waiting for ever. */
export const MIN_BYTES_PER_SECOND = 8 * 1024;

/** Calls back once when a period brought less than {@linkcode MIN_BYTES_PER_SECOND}. */
export class Pace implements Disposable {
  readonly #stop = new AbortController();
  #bytes = 0;

  constructor(clock: Host["clock"], options: { readonly periodMs: number; readonly onSlow: () => void }) {
    void this.#watch(clock, options);
  }

  add(bytes: number): void {
    this.#bytes += bytes;
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
  }

  async #watch(
    clock: Host["clock"],
    { periodMs, onSlow }: { readonly periodMs: number; readonly onSlow: () => void },
  ): Promise<void> {
    const { signal } = this.#stop;
    const leastBytes = MIN_BYTES_PER_SECOND * periodMs / 1000;
    try {
      for (;;) {
        this.#bytes = 0;
        await clock.sleep(periodMs, signal);
        if (this.#bytes < leastBytes) return onSlow();
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
