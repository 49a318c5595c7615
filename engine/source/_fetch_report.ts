/**
 * What one fetch tells while it runs. No URL leaves here with its secrets.
 *
 * @module
 */
import type { EventSink } from "../event.ts";
import type { Host } from "../host.ts";
import type { Failure } from "./_failure.ts";
import { redactUrl } from "./redact.ts";

/** Options of {@linkcode FetchReport}. */
export interface FetchReportOptions {
  readonly sizeBytes: number | undefined;
  readonly clock: Host["clock"];
  readonly emit: EventSink | undefined;
}

/** How often progress is told. */
const PROGRESS_INTERVAL_MS = 100;

/** See the module's text. */
export class FetchReport {
  readonly #name: string;
  readonly #options: FetchReportOptions;
  readonly #startedMs: number;
  #toldMs: number;

  constructor(name: string, options: FetchReportOptions) {
    this.#name = name;
    this.#options = options;
    this.#startedMs = this.#toldMs = options.clock.monotonic();
  }

  start(url: string): void {
    const { emit, sizeBytes } = this.#options;
    emit?.({ type: "fetch-start", name: this.#name, url: redactUrl(url), sizeBytes });
  }

  progress(receivedBytes: number): void {
    const { clock, emit, sizeBytes } = this.#options;
    const nowMs = clock.monotonic();
    if (nowMs - this.#toldMs < PROGRESS_INTERVAL_MS) return;
    this.#toldMs = nowMs;
    emit?.({ type: "fetch-progress", name: this.#name, receivedBytes, sizeBytes });
  }

  retry(url: string, reason: string, attempt: number): void {
    this.#options.emit?.({ type: "fetch-retry", name: this.#name, url: redactUrl(url), reason, attempt });
  }

  /** The next place is tried since the last one failed. */
  move(url: string, { url: lastUrl, error }: Failure): void {
    this.retry(url, `${redactUrl(lastUrl)}: ${error.message}`, 1);
  }

  end(sizeBytes: number): void {
    const { clock, emit } = this.#options;
    emit?.({
      type: "fetch-end",
      name: this.#name,
      sizeBytes,
      durationMs: clock.monotonic() - this.#startedMs,
    });
  }

  /** A place with wrong bytes is worth knowing of even where another had the right ones. */
  warnOfWrongBytes(failures: readonly Failure[]): void {
    for (const { url, error } of failures) {
      if (error.failure !== "mismatch") continue;
      this.#options.emit?.({
        type: "warning",
        message: `Wrong bytes for "${this.#name}" at ${redactUrl(url)}: ${error.message}`,
        hint: "Another place had the right ones; mend or remove this one",
      });
    }
  }
}
