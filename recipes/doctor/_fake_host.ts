import type { Host, SpawnOptions } from "../../engine/host.ts";

/** What a program answers in a test. */
export interface FakeAnswer {
  readonly code?: number;
  readonly stdout?: string;
  readonly stderr?: string;
  /** Never ends by itself. */
  readonly hangs?: boolean;
}

/** A machine for tests of checks. */
export interface FakeMachine {
  readonly files?: Readonly<Record<string, string>>;
  readonly folders?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly machine?: Partial<Host["machine"]>;
  readonly freeBytes?: number;
  readonly nowMs?: number;
  /** By name; each is found in /usr/bin. */
  readonly programs?: Readonly<Record<string, FakeAnswer>>;
  /** Thrown by writes. */
  readonly writeError?: Error;
  /** Receives what happened to files and programs. */
  readonly journal?: string[];
}

/** The parts of a `Host` that checks use. */
export function fakeHost(fake: FakeMachine = {}): Host {
  const files = fake.files ?? {};
  const folders = new Set(["/", ...(fake.folders ?? [])]);
  const programs = fake.programs ?? {};
  const journal = fake.journal ?? [];
  const isThere = (path: string) =>
    folders.has(path) || path in files || path.replace("/usr/bin/", "") in programs;
  const host = {
    fs: {
      lstat: (path: string) => isThere(path) ? {} : undefined,
      readTextFile: (path: string) => {
        const text = files[path];
        if (text === undefined) throw new Deno.errors.NotFound(path);
        return text;
      },
      readDir: (path: string) => {
        if (!folders.has(path)) throw new Deno.errors.NotFound(path);
        return Object.keys(files)
          .filter((file) => file.startsWith(`${path}/`))
          .map((file) => ({ name: file.slice(path.length + 1), kind: "file" }));
      },
      writeFile: (path: string) => {
        if (fake.writeError !== undefined) throw fake.writeError;
        journal.push(`write ${path}`);
      },
      remove: (path: string) => void journal.push(`remove ${path}`),
      freeBytes: (path: string) => {
        journal.push(`free ${path}`);
        return fake.freeBytes ?? 1e12;
      },
    },
    clock: {
      now: () => fake.nowMs ?? Date.UTC(2026, 5, 1),
      monotonic: () => 0,
      sleep: (_ms: number, signal?: AbortSignal) =>
        new Promise<void>((resolve, reject) => {
          signal?.addEventListener("abort", () => reject(signal.reason));
          // Only what hangs is waited for; for it the five seconds are over at once.
          if (Object.values(programs).some((program) => program.hangs)) resolve();
        }),
    },
    env: {
      get: (name: string) =>
        ({ HOME: "/home/me", PATH: "/usr/bin", ...fake.env } as Record<string, string>)[name],
    },
    machine: {
      cpus: 2,
      memoryBytes: 8 * 2 ** 30,
      architecture: "x86_64",
      operatingSystem: "linux",
      pid: 42,
      userId: 1000,
      ...fake.machine,
    },
    spawn: (program: string, options: SpawnOptions) => {
      const { code = 0, stdout = "", stderr = "", hangs = false } =
        programs[program.replace("/usr/bin/", "")] ?? {};
      const encoder = new TextEncoder();
      options.onStdout?.(encoder.encode(stdout));
      options.onStderr?.(encoder.encode(stderr));
      options.signal?.addEventListener("abort", () => journal.push(`end ${program}`));
      return {
        pid: 43,
        kill: () => {},
        exit: hangs ? new Promise(() => {}) : Promise.resolve({ code, signal: null }),
      };
    },
  };
  return host as unknown as Host;
}
