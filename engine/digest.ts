/**
 * SHA-256 digests and the identities made of them.
 *
 * @module
 */
import { createHash, type Hash } from "node:crypto";
import { canonicalJson, type Json } from "./canonical_json.ts";

/** A SHA-256 digest as 64 lower-case hex digits. */
export type Digest = string & { readonly __brand: "Digest" };

/** The identity of a step or image: the digest of everything that decides its output. */
export type StepId = Digest & { readonly __id: "StepId" };

const DIGEST = /^[0-9a-f]{64}$/;

/** Whether a text is a digest. */
export function isDigest(text: string): text is Digest {
  return DIGEST.test(text);
}

/** The digest of some bytes or of a text's UTF-8 bytes. */
export function digestOf(data: Uint8Array | string): Digest {
  return createHash("sha256").update(data).digest("hex") as Digest;
}

/** The digest of a value's canonical JSON. */
export function digestOfJson(value: Json): Digest {
  return digestOf(canonicalJson(value));
}

/** A running SHA-256. */
export class Hasher {
  readonly #hash: Hash = createHash("sha256");

  update(data: Uint8Array): this {
    this.#hash.update(data);
    return this;
  }

  digest(): Digest {
    return this.#hash.digest("hex") as Digest;
  }
}

/** The first twelve digits, for people. */
export function shortDigest(digest: string): string {
  return digest.slice(0, 12);
}
