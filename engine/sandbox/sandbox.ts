/**
 * What a sandbox is, whichever program makes it.
 *
 * Every sandbox gives a step the same world: the image as a read-only root, inputs read-only below `/in`, `/out` and
 * `/build` to write to, an empty `/tmp`, no network, no capabilities, user 1000, host name "vkforge", and no variable
 * but the step's own.
 *
 * @module
 */

/** A host folder or file that the sandbox sees read-only. */
export interface Mount {
  readonly source: string;
  /** Absolute path inside. */
  readonly target: string;
}

/** Bounds of one run. */
export interface Limits {
  /** Memory of all processes together, in bytes. */
  readonly memoryBytes: number;
  /** Processes and threads at one time. */
  readonly processes: number;
  readonly timeoutMs: number;
}

/** One program to run in a sandbox. */
export interface SandboxRun {
  /** Host folder with the root file system. */
  readonly root: string;
  readonly mounts: readonly Mount[];
  /** Host folder mounted at `/build`, where the program starts. */
  readonly buildFolder: string;
  /** Host folder mounted at `/out`. */
  readonly outFolder: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly limits: Limits;
  readonly signal: AbortSignal;
  /** Receives the program's stdout and stderr as they come. */
  readonly onOutput: (chunk: Uint8Array) => void;
}

/** How a program ended. */
export type SandboxExit =
  | { readonly kind: "exit"; readonly code: number }
  | { readonly kind: "timeout" }
  | { readonly kind: "out-of-memory"; readonly usedBytes: number }
  | { readonly kind: "too-many-processes" }
  | { readonly kind: "cancelled" };

/** How it ended, and what it took. */
export interface SandboxResult {
  readonly exit: SandboxExit;
  readonly durationMs: number;
  /** The most memory seen at once, sampled; short peaks can be missed. */
  readonly peakMemoryBytes: number;
}

/** A way to run programs apart from the machine. */
export interface Sandbox {
  /** "bwrap" or "docker". */
  readonly name: string;
  run(run: SandboxRun): Promise<SandboxResult>;
}

/** Folders that every image has for the sandbox to mount on. */
export const MOUNT_POINTS: readonly string[] = ["build", "dev", "in", "out", "proc", "sys", "tmp"];

/** Variables that every program gets. */
export const BASE_ENVIRONMENT: Readonly<Record<string, string>> = {
  HOME: "/build",
  LC_ALL: "C.UTF-8",
  PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
  // 2020-01-01; the same as the time of files in the store.
  SOURCE_DATE_EPOCH: "1577836800",
  TMPDIR: "/tmp",
  TZ: "UTC",
  USER: "build",
};
