/**
 * Failures of other parts in the one form that commands tell.
 *
 * @module
 */
import { EngineError } from "../engine/error.ts";
import { MeasureError, type MeasureErrorCode } from "../measure/error.ts";

/** What was asked for cannot be: exit code 2. */
const USAGE: readonly MeasureErrorCode[] = ["not-found", "not-comparable"];

/** An expected failure as an {@linkcode EngineError}; anything else as it is. */
export function expectedError(error: unknown): unknown {
  if (!(error instanceof MeasureError)) return error;
  return new EngineError(USAGE.includes(error.code) ? "usage" : "io", error.message, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    cause: error,
  });
}
