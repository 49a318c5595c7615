/**
 * Why one place did not give a source. Not for callers of the fetcher: it gathers these into one `EngineError`.
 *
 * @module
 */

/**
 * - `gone`: the place answers and does not have the file
 * - `unreachable`: the place does not answer, or not to the end
 * - `refused`: the place answers and does not want to give it (401, 403, …)
 * - `mismatch`: the place gave other bytes than the lock says
 */
export type PlaceFailure = "gone" | "unreachable" | "refused" | "mismatch";

/** Options of {@linkcode PlaceError}. */
export interface PlaceErrorOptions {
  /** Whether another attempt at the same place may help. */
  readonly retry?: boolean;
  /** How long the server asks to wait. */
  readonly retryAfterMs?: number | undefined;
}

/** The failure of one place. The message is the reason alone, free of URLs with secrets. */
export class PlaceError extends Error {
  override readonly name = "PlaceError";
  readonly failure: PlaceFailure;
  readonly retry: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(failure: PlaceFailure, reason: string, options: PlaceErrorOptions = {}) {
    super(reason);
    this.failure = failure;
    this.retry = options.retry ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }
}
