/**
 * Sources: the only code that touches the network. Everything fetched here is pinned by a lock file and verified
 * before it enters the store.
 *
 * @module
 */
export type { BlobStore } from "./blob_store.ts";
export {
  candidates,
  fileNameOf,
  MAVEN_REPOSITORY,
  mavenPath,
  NPM_REGISTRY,
  packageSource,
  type SourceConfig,
} from "./candidates.ts";
export { compareDebianVersions } from "./debian_version.ts";
export {
  type DebianIndex,
  type DebianIndexEntry,
  gpgvVerifier,
  loadDebianIndex,
  type LoadIndexOptions,
  type SignatureVerifier,
} from "./debian_index.ts";
export {
  type Drifted,
  DriftResolver,
  type DriftResolverOptions,
  fileRole,
  type LockedDebian,
  nearestVersion,
  resolveDrift,
} from "./drift.ts";
export { type DocumentOptions, fetchDocument } from "./document.ts";
export { type CommitOptions, resolveCommit } from "./git_ref.ts";
export { type FetchedSource, Fetcher, type FetcherOptions } from "./fetcher.ts";
export { redactText, redactUrl } from "./redact.ts";
