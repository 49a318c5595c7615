/**
 * What a source is known by.
 *
 * @module
 */
import { type Digest, digestOf } from "../digest.ts";
import type { LockedSource } from "../lock/lock_file.ts";
import type { BlobStore } from "./blob_store.ts";
import { fileNameOf } from "./candidates.ts";

/** The strongest checksum of a source, under which its SHA-256 is remembered; `undefined` if it has none. */
export function pinOf(source: LockedSource): string | undefined {
  if (source.sha256 !== undefined) return `sha256:${source.sha256}`;
  if (source.sha512 !== undefined) return `sha512:${source.sha512}`;
  // The tree of a commit is decided by the commit alone.
  if (source.kind === "git") return `git${source.submodules ? "+submodules" : ""}:${source.commit}`;
  if (source.sha1 !== undefined) return `sha1:${source.sha1}`;
  // A prefix alone does not tell two files apart.
  if (source.sha256Prefix !== undefined) return `sha256-prefix:${source.sha256Prefix}:${fileNameOf(source)}`;
  return undefined;
}

/** The SHA-256 of a source: the lock's, or the one recorded when it was first fetched under another checksum. */
export function knownDigest(source: LockedSource, store: BlobStore): Digest | undefined {
  if (source.sha256 !== undefined) return source.sha256 as Digest;
  const pin = pinOf(source);
  return pin === undefined ? undefined : store.alias(pin);
}

/** A file name for what a source leaves while it is on its way. */
export function fileKeyOf(source: LockedSource): string {
  return source.sha256 ?? digestOf(pinOf(source) ?? JSON.stringify(source));
}
