/**
 * Why a registry did not do what it was asked. Not for callers: they get an `EngineError` that says what was meant to
 * happen.
 *
 * @module
 */

/**
 * - `unreachable`: it does not answer, or not to the end
 * - `refused`: it wants other credentials, or none have the right
 * - `invalid`: it answers with something that cannot be used, wrong bytes above all
 */
export type RegistryFailure = "unreachable" | "refused" | "invalid";

/** Options of {@linkcode RegistryError}. */
export interface RegistryErrorOptions {
  /** Whether another attempt may help. */
  readonly retry?: boolean;
  /** How long the server asks to wait. */
  readonly retryAfterMs?: number | undefined;
}

/** See the module's text. The message is the reason alone. */
export class RegistryError extends Error {
  override readonly name = "RegistryError";
  readonly failure: RegistryFailure;
  readonly retry: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(failure: RegistryFailure, reason: string, options: RegistryErrorOptions = {}) {
    super(reason);
    this.failure = failure;
    this.retry = options.retry ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }
}
