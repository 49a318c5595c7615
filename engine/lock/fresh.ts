/**
 * Whether a packages lock belongs to what an image asks for.
 *
 * @module
 */
import { EngineError } from "../error.ts";
import type { PackagesLock } from "./lock_file.ts";

/**
 * Passes if the lock was made for these packages, in whatever order.
 *
 * @param requested names of packages by archive
 * @param path of the lock, for the message
 * @throws {EngineError} "lock-stale" naming the first difference
 */
export function assertFresh(
  lock: PackagesLock,
  requested: Readonly<Record<string, readonly string[]>>,
  path: string,
): void {
  const difference = firstArchive(requested, lock.requested) ??
    firstOnlyIn(requested, lock.requested, "asked for, but not locked") ??
    firstOnlyIn(lock.requested, requested, "locked, but not asked for any more");
  if (difference === undefined) return;
  throw new EngineError("lock-stale", `Cannot use "${path}": ${difference}`, {
    hint: "Run `deno task lock`",
  });
}

/** Packages of the first archive come with their dependencies, those of the others alone. */
function firstArchive(requested: Requested, locked: Requested): string | undefined {
  const [wanted] = Object.keys(requested);
  const [found] = Object.keys(locked);
  return wanted === found ? undefined : `its first archive is "${found}", now "${wanted}" is`;
}

type Requested = Readonly<Record<string, readonly string[]>>;

function firstOnlyIn(some: Requested, others: Requested, what: string): string | undefined {
  for (const archive of Object.keys(some)) {
    const known = new Set(others[archive]);
    const name = some[archive]?.find((name) => !known.has(name));
    if (name !== undefined) return `"${name}" from "${archive}" is ${what}`;
  }
  return undefined;
}
