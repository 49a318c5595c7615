/**
 * What the fetcher needs of a content-addressed store.
 *
 * @module
 */
import type { Digest } from "../digest.ts";

/** A store of files by SHA-256. */
export interface BlobStore {
  /** Whether the blob is there. */
  has(digest: Digest): boolean;
  /** Where the blob is, or would be. */
  path(digest: Digest): string;
  /** Moves a file of the same file system, whose digest has been verified, into the store. Atomic. */
  adopt(file: string, digest: Digest): void;
  /** Folder for partial downloads, on the same file system. */
  readonly downloads: string;
  /** The SHA-256 recorded for another checksum, such as `sha512:…`. */
  alias(key: string): Digest | undefined;
  /** Records the SHA-256 of a file that is pinned by another checksum. */
  setAlias(key: string, digest: Digest): void;
}
