/**
 * A work folder in memory: another file system than the store's, with another order of directory entries.
 *
 * @module
 */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Host } from "../host.ts";
import { removeTree, type WorkFolder } from "../store/mod.ts";

/** The file system in memory that Linux has by custom. */
const PLACE = "/dev/shm";
const PREFIX = "vkforge-verify-";

/** What a build may write besides what is known. */
const SPARE_BYTES = 4 * 2 ** 30;

/**
 * A folder in memory, removed when disposed of; `undefined` where there is no room or no such file system. What a killed
 * process left there is removed first.
 *
 * @param sizeBytes what will surely be written there
 */
export function memoryFolder(host: Host, sizeBytes: number): WorkFolder | undefined {
  const { fs } = host;
  try {
    if (fs.lstat(PLACE)?.kind !== "directory") return undefined;
    sweep(host);
    if (fs.freeBytes(PLACE) < sizeBytes + SPARE_BYTES) return undefined;
    const path = join(PLACE, `${PREFIX}${randomUUID()}`);
    const lock = fs.tryLock(`${path}.lock`);
    if (lock === undefined) return undefined;
    fs.mkdir(path);
    fs.chmod(path, 0o700);
    return {
      path,
      [Symbol.dispose]: () => {
        removeTree(host, path);
        fs.remove(`${path}.lock`);
        lock[Symbol.dispose]();
      },
    };
  } catch {
    // Not ours to write to; the disk serves too.
    return undefined;
  }
}

function sweep(host: Host): void {
  const { fs } = host;
  for (const { name } of fs.readDir(PLACE)) {
    if (!name.startsWith(PREFIX) || !name.endsWith(".lock")) continue;
    const path = join(PLACE, name);
    try {
      using lock = fs.tryLock(path);
      if (lock === undefined) continue;
      removeTree(host, path.slice(0, -".lock".length));
      fs.remove(path);
    } catch {
      // Another user's.
    }
  }
}
