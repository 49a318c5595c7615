/**
 * Inputs laid out anew, so that their folders list them in another order.
 *
 * A folder's order is the file system's affair: ext4 sorts by a hash, whichever way the files came; tmpfs gives the newest
 * first, others the oldest. So the copy is written in whichever direction comes out reversed and, where the machine has
 * one, on a file system in memory.
 *
 * @module
 */
import { basename, join } from "node:path";
import type { Host } from "../host.ts";
import type { Mount } from "../sandbox/mod.ts";

/** Inputs in another order. */
export interface Relayout {
  readonly mounts: readonly Mount[];
  /** Folders with at least two entries. */
  readonly folders: number;
  /** How many of them list their entries in another order now. */
  readonly reordered: number;
}

/** Bytes that {@linkcode relayout} will copy. */
export function sizeOfMounts(host: Host, mounts: readonly Mount[]): number {
  return mounts.reduce((sum, { source }) => sum + sizeOf(host, source), 0);
}

/**
 * Copies every mounted folder with the same bytes, modes and times; single files stay where they are.
 *
 * @param folder empty, takes the copies
 */
export function relayout(host: Host, mounts: readonly Mount[], folder: string): Relayout {
  const backwards = !listsNewestFirst(host, join(folder, "probe"));
  let folders = 0;
  let reordered = 0;
  const moved = mounts.map((mount, index): Mount => {
    if (host.fs.lstat(mount.source)?.kind !== "directory") return mount;
    const copy = join(folder, String(index), basename(mount.target));
    copyFolder(mount.source, copy, { host, backwards });
    for (const [before, now] of foldersOf(host, mount.source, copy)) {
      if (before.length < 2) continue;
      folders++;
      if (before.join("\0") !== now.join("\0")) reordered++;
    }
    return { ...mount, source: copy };
  });
  return { mounts: moved, folders, reordered };
}

/** Whether a file system lists what was made last before what was made first. */
function listsNewestFirst(host: Host, folder: string): boolean {
  const names = ["1", "2", "3", "4"];
  host.fs.mkdir(folder);
  for (const name of names) host.fs.writeFile(join(folder, name), "");
  return host.fs.readDir(folder).map(({ name }) => name).join() === names.reverse().join();
}

interface CopyOptions {
  readonly host: Host;
  /** Last entry first. */
  readonly backwards: boolean;
}

function copyFolder(from: string, to: string, options: CopyOptions): void {
  const { fs } = options.host;
  fs.mkdir(to);
  const entries = fs.readDir(from);
  for (const { name } of options.backwards ? entries.reverse() : entries) {
    const [source, target] = [join(from, name), join(to, name)];
    const info = fs.lstat(source);
    if (info === undefined) continue;
    if (info.kind === "directory") copyFolder(source, target, options);
    else if (info.kind === "symlink") fs.symlink(fs.readLink(source), target);
    else {
      fs.copyFile(source, target);
      fs.chmod(target, info.mode & 0o777);
      fs.utime(target, info.modifiedMs);
    }
  }
  fs.utime(to, fs.lstat(from)?.modifiedMs ?? 0);
}

/** The names in each folder of both trees, in the order in which they are listed. */
function* foldersOf(host: Host, before: string, now: string): Generator<[string[], string[]]> {
  const entries = host.fs.readDir(before);
  yield [entries.map(({ name }) => name), host.fs.readDir(now).map(({ name }) => name)];
  for (const { name, kind } of entries) {
    if (kind === "directory") yield* foldersOf(host, join(before, name), join(now, name));
  }
}

function sizeOf(host: Host, path: string): number {
  const info = host.fs.lstat(path);
  if (info?.kind !== "directory") return info?.sizeBytes ?? 0;
  return host.fs.readDir(path).reduce((sum, { name }) => sum + sizeOf(host, join(path, name)), 0);
}
