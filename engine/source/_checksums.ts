/**
 * Checks bytes against everything a lock says of them, while they stream by.
 *
 * @module
 */
import { createHash, type Hash } from "node:crypto";
import type { Digest } from "../digest.ts";

/** What is known of a file beforehand. */
export interface Expected {
  readonly sha256?: string | undefined;
  readonly sha512?: string | undefined;
  readonly sha1?: string | undefined;
  readonly sha256Prefix?: string | undefined;
  readonly sizeBytes?: number | undefined;
}

/** Running checksums of one file. SHA-256 is always computed, the others where they are expected. */
export class Checksums {
  readonly #expected: Expected;
  readonly #sha256: Hash = createHash("sha256");
  readonly #sha512: Hash | undefined;
  readonly #sha1: Hash | undefined;
  #sizeBytes = 0;

  constructor(expected: Expected) {
    this.#expected = expected;
    if (expected.sha512 !== undefined) this.#sha512 = createHash("sha512");
    if (expected.sha1 !== undefined) this.#sha1 = createHash("sha1");
  }

  /** Bytes seen so far. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  update(chunk: Uint8Array): void {
    this.#sha256.update(chunk);
    this.#sha512?.update(chunk);
    this.#sha1?.update(chunk);
    this.#sizeBytes += chunk.length;
  }

  /** The SHA-256 and, where the bytes are not those expected, what differs. Can be called once. */
  finish(): { readonly sha256: Digest; readonly mismatch: string | undefined } {
    const expected = this.#expected;
    const sha256 = this.#sha256.digest("hex") as Digest;
    const prefix = expected.sha256Prefix;
    const mismatch = differs("sha256", sha256, expected.sha256) ??
      (prefix !== undefined && !sha256.startsWith(prefix)
        ? `sha256 is ${sha256}, the lock says ${prefix}…`
        : undefined) ??
      differs("sha512", this.#sha512?.digest("hex"), expected.sha512) ??
      differs("sha1", this.#sha1?.digest("hex"), expected.sha1) ??
      differs("size", this.#sizeBytes, expected.sizeBytes);
    return { sha256, mismatch };
  }
}

function differs(what: string, actual: unknown, expected: unknown): string | undefined {
  if (expected === undefined || actual === expected) return undefined;
  return `${what} is ${actual}, the lock says ${expected}`;
}
