/**
 * Everything the engine needs from the machine. One `Host` is built in cli.ts and handed down; tests hand in others.
 * File calls are synchronous: on local disks a call takes 10 to 20 µs, less than the turn of an event loop.
 *
 * @module
 */

/** What `lstat` tells. Times are whole milliseconds; `changed` is when the inode changed. */
export interface FileInfo {
  readonly kind: "file" | "directory" | "symlink" | "other";
  readonly sizeBytes: number;
  /** What it takes on the disk, without what it points to. */
  readonly allocatedBytes: number;
  readonly mode: number;
  readonly inode: number;
  readonly device: number;
  readonly links: number;
  readonly modifiedMs: number;
  readonly changedMs: number;
}

/** One entry of a folder. */
export interface FolderEntry {
  readonly name: string;
  readonly kind: FileInfo["kind"];
}

/** A file open for writing. */
export interface WritableFile extends Disposable {
  /** Writes all of the chunk at the current position. */
  write(chunk: Uint8Array): void;
  /** Forces the content to the disk. */
  sync(): void;
}

/** A kernel lock on a file; the kernel frees it when the process dies. */
export interface FileLock extends Disposable {
  readonly path: string;
}

/** The file system. Paths are absolute. Errors are those of the runtime; see `explainIo`. */
export interface FileSystem {
  lstat(path: string): FileInfo | undefined;
  readDir(path: string): FolderEntry[];
  readFile(path: string): Uint8Array;
  readTextFile(path: string): string;
  readLink(path: string): string;
  /** Reads a file in chunks; the chunk's memory is used again for the next one. */
  readChunks(path: string, onChunk: (chunk: Uint8Array) => void): void;
  /** Reads a file in blocks, one as it is asked for; the block's memory is used again for the next one. */
  readBlocks(path: string): Iterable<Uint8Array>;
  writeFile(path: string, data: Uint8Array | string, options?: { mode?: number }): void;
  /** Opens for writing; appends if asked, otherwise the file must not exist. */
  openWrite(path: string, options?: { append?: boolean; mode?: number }): WritableFile;
  mkdir(path: string): void;
  rename(from: string, to: string): void;
  link(from: string, to: string): void;
  symlink(target: string, path: string): void;
  chmod(path: string, mode: number): void;
  /** Sets access and modification time. */
  utime(path: string, timeMs: number): void;
  copyFile(from: string, to: string): void;
  /** Removes a file or a whole folder; a missing path is not an error. */
  remove(path: string): void;
  realPath(path: string): string;
  /** Free bytes for an ordinary user on the file system that holds the path. */
  freeBytes(path: string): number;
  /** Forces a folder's entries to the disk. */
  syncFolder(path: string): void;
  /**
   * Takes an exclusive (default) or shared kernel lock, or gives `undefined` where another holds it. The file is made
   * where it is missing; its holder may remove it before letting go.
   */
  tryLock(path: string, options?: { shared?: boolean }): FileLock | undefined;
}

/** Options of {@linkcode Host.spawn}. */
export interface SpawnOptions {
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment of the child; nothing else is passed on. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends the child (SIGKILL) when aborted. */
  readonly signal?: AbortSignal;
  readonly onStdout?: (chunk: Uint8Array) => void;
  readonly onStderr?: (chunk: Uint8Array) => void;
}

/** A running child. */
export interface ChildProcess {
  readonly pid: number;
  readonly exit: Promise<{ readonly code: number; readonly signal: string | null }>;
  kill(signal: "SIGTERM" | "SIGKILL" | "SIGINT"): void;
}

/** The machine. */
export interface Host {
  readonly fs: FileSystem;
  readonly clock: {
    /** Milliseconds since 1970. */
    now(): number;
    /** Milliseconds that never jump. */
    monotonic(): number;
    sleep(ms: number, signal?: AbortSignal): Promise<void>;
  };
  readonly env: { get(name: string): string | undefined };
  readonly machine: {
    readonly cpus: number;
    readonly memoryBytes: number;
    readonly architecture: "x86_64" | "aarch64" | "other";
    readonly operatingSystem: string;
    readonly pid: number;
    readonly userId: number;
  };
  spawn(program: string, options: SpawnOptions): ChildProcess;
  fetch(url: string, init: { headers?: Record<string, string>; signal?: AbortSignal }): Promise<Response>;
}
