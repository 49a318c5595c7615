/**
 * When the store's manifests were used last: an empty file `used/<id>` each, whose time is the time of the last use. A
 * manifest's own time stays the time it was made at.
 *
 * @module
 */
import { join } from "node:path";
import type { StepId } from "../digest.ts";
import type { Host } from "../host.ts";

/** Uses that follow each other faster are not told apart: a build that finds all in the store writes nothing. */
const PRECISION_MS = 60 * 60_000;

/** Records that manifests were used now. Never fails: a store that cannot be written is not collected either. */
export function recordUses(host: Host, root: string, ids: Iterable<StepId>): void {
  const now = host.clock.now();
  for (const id of ids) {
    const path = usePath(root, id);
    try {
      const usedMs = host.fs.lstat(path)?.modifiedMs;
      if (usedMs !== undefined && Math.abs(now - usedMs) < PRECISION_MS) continue;
      if (usedMs === undefined) writeUse(host, path);
      host.fs.utime(path, now);
    } catch {
      return;
    }
  }
}

/** When a manifest was used last, in milliseconds since 1970; `undefined` if that is not known. */
export function lastUseMs(host: Host, root: string, id: StepId): number | undefined {
  return host.fs.lstat(usePath(root, id))?.modifiedMs;
}

/** The file whose time is a manifest's last use. */
export function usePath(root: string, id: StepId): string {
  return join(root, "used", id);
}

function writeUse(host: Host, path: string): void {
  try {
    host.fs.writeFile(path, "");
  } catch {
    host.fs.mkdir(join(path, ".."));
    host.fs.writeFile(path, "");
  }
}
