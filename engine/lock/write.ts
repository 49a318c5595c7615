/**
 * Writes lock files so that equal content gives equal bytes and a change of one pin changes only its lines.
 *
 * @module
 */
import { dirname } from "node:path";
import { byCodePoint } from "../canonical_json.ts";
import { explainIo } from "../error.ts";
import type { Host } from "../host.ts";
import type { LockFile, PackagesLock } from "./lock_file.ts";

/** Members in the order in which a reader wants them: what it is, where it is, what proves it. Others follow. */
const ORDER = [
  "schema",
  "archives",
  "requested",
  "sources",
  "packages",
  "kind",
  "name",
  "archive",
  "package",
  "coordinates",
  "version",
  "file",
  "url",
  "commit",
  "submodules",
  "path",
  "suite",
  "components",
  "architecture",
  "snapshot",
  "sha256",
  "sha256Prefix",
  "sha512",
  "sha1",
  "sizeBytes",
  "mirrors",
];

/** Replaces `vkforge.lock.json` as a whole; sources and archives by name. */
export function writeLockFile(host: Host, path: string, lock: LockFile): void {
  const { archives, sources } = lock;
  replace(host, path, { ...lock, archives: byName(archives), sources: byName(sources) });
}

/**
 * Replaces a packages lock as a whole. What was asked for stays in the order of the image, packages in the order in which
 * they are unpacked.
 */
export function writePackagesLock(host: Host, path: string, lock: PackagesLock): void {
  replace(host, path, lock);
}

function byName<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => byCodePoint(a, b)));
}

function replace(host: Host, path: string, lock: LockFile | PackagesLock): void {
  const { fs, machine } = host;
  const temporary = `${path}.${machine.pid}.new`;
  try {
    fs.remove(temporary);
    {
      using file = fs.openWrite(temporary);
      file.write(new TextEncoder().encode(`${format(lock)}\n`));
      file.sync();
    }
    fs.rename(temporary, path);
    fs.syncFolder(dirname(path));
  } catch (error) {
    try {
      fs.remove(temporary);
    } catch {
      // The first error says more.
    }
    throw explainIo(error, `write the lock file "${path}"`);
  }
}

function format(lock: LockFile | PackagesLock): string {
  const names = new Set<unknown>(["archives", "sources", "requested"].flatMap((key) => {
    const record = (lock as unknown as Record<string, unknown>)[key];
    return record === undefined ? [] : [record];
  }));
  return JSON.stringify(
    lock,
    function (this: unknown, _key, value) {
      const isPlain = typeof value === "object" && value !== null && !Array.isArray(value);
      // Records by name are sorted already; a source may well be named "url".
      return isPlain && !names.has(value) ? inOrder(value) : value;
    },
    2,
  );
}

function inOrder(record: Record<string, unknown>): Record<string, unknown> {
  const rank = (key: string) => ORDER.includes(key) ? ORDER.indexOf(key) : ORDER.length;
  return Object.fromEntries(
    Object.entries(record).sort(([a], [b]) => rank(a) - rank(b) || byCodePoint(a, b)),
  );
}
