/**
 * Work in progress: folders and files in the store's `tmp`, each under a kernel lock of its process, so that a sweep can
 * tell what was left by the dead from what the living are writing.
 *
 * @module
 */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { explainIo } from "../error.ts";
import type { FileLock, FolderEntry, Host } from "../host.ts";
import { LEASE_LOCKS } from "./lease.ts";

/** A folder for work in progress; removed when disposed of, swept by others when the owner dies. */
export interface WorkFolder extends Disposable {
  readonly path: string;
}

/** The `tmp` and `locks` of a store. */
export class WorkArea {
  readonly #host: Host;
  readonly #root: string;

  constructor(host: Host, root: string) {
    this.#host = host;
    this.#root = root;
  }

  /** A new folder on the store's file system. */
  folder(): WorkFolder {
    const { fs } = this.#host;
    try {
      const { lock, path } = this.#lockNew((name) => `${name}.lock`);
      const folder = path.slice(0, -".lock".length);
      const release = () => {
        fs.remove(path);
        lock[Symbol.dispose]();
      };
      try {
        fs.mkdir(folder);
      } catch (error) {
        release();
        throw error;
      }
      return {
        path: folder,
        [Symbol.dispose]: () => {
          try {
            removeTree(this.#host, folder);
            release();
          } catch {
            // What was done in it is done; a sweep takes the rest once the lock is gone.
            lock[Symbol.dispose]();
          }
        },
      };
    } catch (error) {
      throw explainIo(error, `make a work folder in "${this.#root}"`);
    }
  }

  /** Removes what processes left that are gone: work in progress and locks. */
  sweep(): void {
    const { fs } = this.#host;
    for (const { name } of this.#list("locks")) {
      if (!LEASE_LOCKS.includes(name)) this.#sweepFile(join(this.#root, "locks", name));
    }
    for (const { name } of this.#list("tmp")) {
      const path = join(this.#root, "tmp", name);
      try {
        if (name.endsWith(".new")) this.#sweepFile(path);
        else if (name.endsWith(".lock")) this.#sweepFolder(path.slice(0, -".lock".length));
        // The lock is made before the folder and removed after it; this one lost it to something else.
        else if (fs.lstat(`${path}.lock`) === undefined) this.#sweepFolder(path);
      } catch {
        // Another user's or a read-only store; harmless leftovers.
      }
    }
  }

  #sweepFile(path: string): void {
    try {
      using lock = this.#host.fs.tryLock(path);
      if (lock !== undefined) this.#host.fs.remove(path);
    } catch {
      // As above.
    }
  }

  #list(folder: string): FolderEntry[] {
    try {
      return this.#host.fs.readDir(join(this.#root, folder));
    } catch (error) {
      throw explainIo(error, `read "${folder}" of the store at "${this.#root}"`);
    }
  }

  #sweepFolder(path: string): void {
    using lock = this.#host.fs.tryLock(`${path}.lock`);
    if (lock === undefined) return;
    removeTree(this.#host, path);
    this.#host.fs.remove(`${path}.lock`);
  }

  /** A new, locked file in `tmp`. */
  #lockNew(nameOf: (unique: string) => string): { lock: FileLock; path: string } {
    for (;;) {
      const path = join(this.#root, "tmp", nameOf(`${this.#host.machine.pid}-${randomUUID()}`));
      const lock = this.#host.fs.tryLock(path);
      if (lock !== undefined) return { lock, path };
      // A sweep took it in the moment between its making and its locking.
    }
  }

  /** Gives an action a new file to write and move; it is locked meanwhile, so that no sweep takes it for a leftover. */
  withNewFile(act: (path: string) => void): void {
    const { fs } = this.#host;
    let locked: { lock: FileLock; path: string };
    try {
      locked = this.#lockNew((name) => `${name}.new`);
    } catch (error) {
      throw explainIo(error, `write to "${this.#root}"`);
    }
    using _lock = locked.lock;
    try {
      act(locked.path);
    } catch (error) {
      try {
        fs.remove(locked.path);
      } catch {
        // The first error says more; the next sweep takes the file.
      }
      throw error;
    }
  }
}

/** Removes a folder even where a step left folders without write permission. */
export function removeTree(host: Host, path: string): void {
  try {
    host.fs.remove(path);
  } catch {
    makeWritable(host, path);
    host.fs.remove(path);
  }
}

function makeWritable(host: Host, path: string): void {
  const info = host.fs.lstat(path);
  if (info?.kind !== "directory") return;
  host.fs.chmod(path, 0o700);
  for (const entry of host.fs.readDir(path)) {
    if (entry.kind === "directory") makeWritable(host, join(path, entry.name));
  }
}
