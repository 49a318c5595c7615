/**
 * Failures of other parts in the one form that commands tell.
 *
 * @module
 */
import { EngineError } from "../engine/error.ts";
import { MeasureError } from "../measure/error.ts";

/** An expected failure as an {@linkcode EngineError}; anything else as it is. */
export function expectedError(error: unknown): unknown {
  if (!(error instanceof MeasureError)) return error;
  return new EngineError(error.code === "not-found" ? "usage" : "io", error.message, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    cause: error,
  });
}
