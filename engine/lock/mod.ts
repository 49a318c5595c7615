/**
 * The lock files: reading, writing, and making pins. What makes pins is loaded when it is used: only `deno task lock`
 * needs it, and every other command starts with reading locks.
 *
 * @module
 */
import type { LockedPackage, LockedSource } from "./lock_file.ts";
import type { ResolveDebianOptions, ResolveDebianRequest } from "./resolve_debian.ts";
import type { ResolveSourceOptions, SourceRequest } from "./resolve_source.ts";

export type { DebianArchive, LockedPackage, LockedSource, LockFile, PackagesLock } from "./lock_file.ts";
export type {
  AptCommand,
  AptResult,
  ResolveDebianOptions,
  ResolveDebianRequest,
  RunApt,
} from "./resolve_debian.ts";
export type { ResolveSourceOptions, SourceRequest } from "./resolve_source.ts";
export { assertFresh } from "./fresh.ts";
export { readLockFile, readPackagesLock } from "./read.ts";
export { writeLockFile, writePackagesLock } from "./write.ts";

/** The .deb closure of an image; see `resolve_debian.ts`. */
export async function resolveDebian(
  request: ResolveDebianRequest,
  options: ResolveDebianOptions,
): Promise<LockedPackage[]> {
  const { resolveDebian } = await import("./resolve_debian.ts");
  return await resolveDebian(request, options);
}

/** The pin of one source; see `resolve_source.ts`. */
export async function resolveSource(
  name: string,
  request: SourceRequest,
  options: ResolveSourceOptions,
): Promise<LockedSource> {
  const { resolveSource } = await import("./resolve_source.ts");
  return await resolveSource(name, request, options);
}
