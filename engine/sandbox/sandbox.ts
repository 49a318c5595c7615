/**
 * What a sandbox is, whichever program makes it.
 *
 * Every sandbox gives a step the same world: the image as a read-only root, inputs read-only below `/in`, `/out` and
 * `/build` to write to, an empty `/tmp`, no network, no capabilities, user 1000, host name "vkforge", and no variable
 * but the step's own.
 *
 * @module
 */
import type { Digest } from "../digest.ts";
import type { Tree } from "../tree/mod.ts";

/** A root file system, as a folder of this machine and as data. */
export interface RootImage {
  /** Host folder with its files; read only. */
  readonly root: string;
  readonly tree: Tree;
  readonly digest: Digest;
  /** Needed for one run only: a container engine must not keep it. */
  readonly temporary?: boolean;
}

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

/** Departures from the world that a step is promised, for `verify`. What a driver cannot do it does not do. */
export interface Variation {
  readonly hostName?: string;
  /** User and group inside. */
  readonly userId?: number;
  /** Second path of the build folder, where the program starts; `/build` is there as well. */
  readonly buildPath?: string;
  /** Host folder for `/tmp`, in place of memory. */
  readonly temporaryFolder?: string;
  /** The number of processors that the program sees. */
  readonly cpus?: number;
  /** `false` puts everything at the same addresses each time. */
  readonly randomizeAddresses?: boolean;
}

/**
 * What a sandbox can vary. "directoryOrder": the program sees mounted folders as the host's file system lists them, so
 * that a copy in another order is another order inside.
 */
export type VariationName = keyof Variation | "directoryOrder";

/** One program to run in a sandbox. */
export interface SandboxRun {
  readonly image: RootImage;
  readonly mounts: readonly Mount[];
  /** Empty host folder for `/build`, where the program starts. What it leaves there may or may not come back. */
  readonly buildFolder: string;
  /** Empty host folder for `/out`; holds what the program wrote there once the run has ended. */
  readonly outFolder: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly limits: Limits;
  readonly variation?: Variation;
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
  /** The variations that it can make here; none if left out. */
  variations?(): Promise<ReadonlySet<VariationName>>;
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
