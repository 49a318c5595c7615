/**
 * Repeats what may succeed another time.
 *
 * @module
 */
import type { Host } from "../host.ts";
import { PlaceError } from "./_place_error.ts";

/** Options of {@linkcode retrying}. */
export interface RetryOptions {
  readonly host: Host;
  readonly attempts: number;
  readonly signal: AbortSignal | undefined;
  readonly onRetry?: (error: PlaceError, attempt: number) => void;
}

const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 30_000;

/** Runs an action again, after growing intervals, while it fails with a {@linkcode PlaceError} that may pass. */
export async function retrying<T>(action: () => Promise<T>, options: RetryOptions): Promise<T> {
  for (let attempt = 1;; attempt++) {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof PlaceError) || !error.retry || attempt >= options.attempts) throw error;
      options.onRetry?.(error, attempt);
      const waitMs = Math.min(error.retryAfterMs ?? FIRST_BACKOFF_MS * 2 ** (attempt - 1), MAX_BACKOFF_MS);
      await options.host.clock.sleep(waitMs, options.signal);
    }
  }
}
