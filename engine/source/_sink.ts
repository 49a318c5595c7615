/**
 * Where a download's bytes go.
 *
 * @module
 */

/** Bytes gathered so far, from one response or several. */
export interface Sink {
  readonly sizeBytes: number;
  /** Says that the bytes that follow come from another response than those before. */
  startPiece(): void;
  append(chunk: Uint8Array): void;
  /** Forgets all bytes. */
  reset(): void;
}
