/** What can go wrong while reading tensors and results. The codes are stable; messages may change. */
export type MeasureErrorCode =
  | "bad-tensor"
  | "bad-result"
  | "unknown-schema"
  | "not-found"
  | "already-exists"
  | "not-comparable"
  | "io";

/** Parts of a {@linkcode MeasureError} besides code and message. */
export interface MeasureErrorOptions {
  /** What to do next, one sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** An expected failure of `measure/`, with a stable code and a hint that says what to do next. */
export class MeasureError extends Error {
  override readonly name = "MeasureError";
  readonly code: MeasureErrorCode;
  readonly hint: string | undefined;

  constructor(code: MeasureErrorCode, message: string, options: MeasureErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }
}
