/**
 * The real machine, seen through Deno.
 *
 * @module
 */
import { dirname } from "node:path";
import type {
  ChildProcess,
  FileInfo,
  FileLock,
  FileSystem,
  FolderEntry,
  Host,
  SpawnOptions,
  WritableFile,
} from "./host.ts";

/** A `Host` on top of Deno's own functions. */
export function denoHost(): Host {
  return {
    fs: denoFileSystem,
    clock: {
      now: () => Date.now(),
      monotonic: () => performance.now(),
      sleep,
    },
    env: { get: (name) => Deno.env.get(name) },
    machine: {
      cpus: navigator.hardwareConcurrency,
      memoryBytes: Deno.systemMemoryInfo().total,
      architecture: Deno.build.arch === "x86_64" || Deno.build.arch === "aarch64" ? Deno.build.arch : "other",
      operatingSystem: Deno.build.os,
      pid: Deno.pid,
      userId: Deno.uid() ?? -1,
    },
    spawn,
    fetch: (url, init) => fetch(url, init),
  };
}

/** The file system through Deno's synchronous calls. */
export const denoFileSystem: FileSystem = {
  lstat(path) {
    try {
      return toFileInfo(Deno.lstatSync(path));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
        return undefined;
      }
      throw error;
    }
  },
  readDir: (path) =>
    Array.from(Deno.readDirSync(path), (entry): FolderEntry => ({ name: entry.name, kind: kindOf(entry) })),
  readFile: (path) => Deno.readFileSync(path),
  readTextFile: (path) => Deno.readTextFileSync(path),
  readLink: (path) => Deno.readLinkSync(path),
  readChunks(path, onChunk) {
    using file = Deno.openSync(path, { read: true });
    // Most files are small, and ten thousand buffers of a mebibyte are not.
    const buffer = new Uint8Array(Math.min(1 << 20, Math.max(file.statSync().size + 1, 1 << 12)));
    for (;;) {
      const count = file.readSync(buffer);
      if (count === null || count === 0) return;
      onChunk(buffer.subarray(0, count));
    }
  },
  *readBlocks(path) {
    using file = Deno.openSync(path, { read: true });
    const buffer = new Uint8Array(1 << 20);
    for (;;) {
      const count = file.readSync(buffer);
      if (count === null || count === 0) return;
      yield buffer.subarray(0, count);
    }
  },
  writeFile(path, data, options = {}) {
    if (typeof data === "string") Deno.writeTextFileSync(path, data, options);
    else Deno.writeFileSync(path, data, options);
  },
  openWrite(path, options = {}) {
    const mode = options.mode === undefined ? {} : { mode: options.mode };
    return new DenoWritableFile(
      Deno.openSync(
        path,
        options.append ? { append: true, create: true, ...mode } : { write: true, createNew: true, ...mode },
      ),
    );
  },
  mkdir: (path) => Deno.mkdirSync(path, { recursive: true }),
  rename: (from, to) => Deno.renameSync(from, to),
  link: (from, to) => Deno.linkSync(from, to),
  symlink: (target, path) => Deno.symlinkSync(target, path),
  chmod: (path, mode) => Deno.chmodSync(path, mode),
  utime: (path, timeMs) => Deno.utimeSync(path, timeMs / 1000, timeMs / 1000),
  copyFile: (from, to) => Deno.copyFileSync(from, to),
  remove(path) {
    try {
      Deno.removeSync(path, { recursive: true });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  },
  realPath: (path) => Deno.realPathSync(path),
  freeBytes(path) {
    // Loaded here: a start that does not ask for free space is 15 ms faster.
    const { statfsSync } = process.getBuiltinModule("node:fs");
    let folder = path;
    for (;;) {
      try {
        const stats = statfsSync(folder);
        return Number(stats.bavail) * Number(stats.bsize);
      } catch (error) {
        const parent = dirname(folder);
        if (parent === folder) throw error;
        folder = parent;
      }
    }
  },
  syncFolder(path) {
    using folder = Deno.openSync(path, { read: true });
    folder.syncSync();
  },
  tryLock(path, options = {}) {
    for (;;) {
      const file = Deno.openSync(path, { read: true, write: true, create: true });
      try {
        if (!file.tryLockSync(options.shared !== true)) {
          file.close();
          return undefined;
        }
        // Whoever held it may have removed the file since it was opened; a lock on what has no name keeps nobody out.
        if (file.statSync().ino === denoFileSystem.lstat(path)?.inode) return new DenoFileLock(path, file);
      } catch (error) {
        file.close();
        throw error;
      }
      file.close();
    }
  },
};

class DenoWritableFile implements WritableFile {
  readonly #file: Deno.FsFile;

  constructor(file: Deno.FsFile) {
    this.#file = file;
  }

  write(chunk: Uint8Array): void {
    for (let offset = 0; offset < chunk.length;) offset += this.#file.writeSync(chunk.subarray(offset));
  }

  sync(): void {
    this.#file.syncSync();
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}

class DenoFileLock implements FileLock {
  readonly path: string;
  readonly #file: Deno.FsFile;

  constructor(path: string, file: Deno.FsFile) {
    this.path = path;
    this.#file = file;
  }

  [Symbol.dispose](): void {
    this.#file.unlockSync();
    this.#file.close();
  }
}

function spawn(program: string, options: SpawnOptions): ChildProcess {
  const child = new Deno.Command(program, {
    args: [...options.args],
    cwd: options.cwd,
    env: { ...options.env },
    clearEnv: true,
    stdin: "null",
    stdout: options.onStdout === undefined ? "null" : "piped",
    stderr: options.onStderr === undefined ? "null" : "piped",
    // A group of its own: Ctrl-C on a terminal must reach it through `signal`, not on its own and first.
    detached: true,
  }).spawn();
  let hasEnded = false;
  const kill = (signal: "SIGTERM" | "SIGKILL" | "SIGINT") => {
    if (hasEnded) return;
    try {
      // The whole group, so that helpers of the child go with it.
      Deno.kill(-child.pid, signal);
    } catch {
      // It has ended already.
    }
  };
  const onAbort = () => kill("SIGKILL");
  options.signal?.addEventListener("abort", onAbort, { once: true });
  if (options.signal?.aborted) onAbort();
  const status = child.status.finally(() => hasEnded = true);
  const drained = Promise.all([
    options.onStdout && drain(child.stdout, options.onStdout),
    options.onStderr && drain(child.stderr, options.onStderr),
  ]).catch(async (error) => {
    // Nobody takes its output any more: it must not go on alone, nor block on a full pipe.
    kill("SIGKILL");
    await status;
    throw error;
  });
  const exit = (async () => {
    try {
      const [{ code, signal }] = await Promise.all([status, drained]);
      return { code, signal };
    } finally {
      options.signal?.removeEventListener("abort", onAbort);
    }
  })();
  return { pid: child.pid, exit, kill };
}

async function drain(
  stream: ReadableStream<Uint8Array>,
  onChunk: (chunk: Uint8Array) => void,
): Promise<void> {
  for await (const chunk of stream) onChunk(chunk);
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

function toFileInfo(stat: Deno.FileInfo): FileInfo {
  return {
    kind: kindOf(stat),
    sizeBytes: stat.size,
    // The unit is fixed, whatever the file system's block size.
    allocatedBytes: (stat.blocks ?? 0) * 512,
    mode: stat.mode ?? 0,
    inode: stat.ino ?? 0,
    device: stat.dev,
    links: stat.nlink ?? 1,
    modifiedMs: stat.mtime?.getTime() ?? 0,
    changedMs: stat.ctime?.getTime() ?? 0,
  };
}

function kindOf(entry: { isFile: boolean; isDirectory: boolean; isSymlink: boolean }): FileInfo["kind"] {
  if (entry.isSymlink) return "symlink";
  if (entry.isDirectory) return "directory";
  return entry.isFile ? "file" : "other";
}
