/**
 * Running a program of this machine to its end.
 *
 * @module
 */
import type { Host } from "../../engine/mod.ts";

/** A program and what it is started with. */
export interface Program {
  readonly program: string;
  /** Before the arguments of a call. */
  readonly prefix: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** How a program ended. */
export interface ProgramEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

/** Bounds of a run. */
export interface ProgramOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Runs it; ends it where it takes too long.
 *
 * @throws the signal's reason where that is aborted
 */
export async function runProgram(
  host: Host,
  { program, args, env }: Omit<Program, "prefix"> & { readonly args: readonly string[] },
  { timeoutMs, signal }: ProgramOptions,
): Promise<ProgramEnd> {
  signal.throwIfAborted();
  const timer = new AbortController();
  const timeout = setTimeout(() => timer.abort(), timeoutMs);
  const [stdout, stderr] = [textOf(), textOf()];
  try {
    const child = host.spawn(program, {
      args,
      cwd: "/",
      env,
      signal: AbortSignal.any([signal, timer.signal]),
      onStdout: stdout.add,
      onStderr: stderr.add,
    });
    const { code } = await child.exit;
    signal.throwIfAborted();
    return { code, stdout: stdout.text(), stderr: stderr.text(), timedOut: timer.signal.aborted };
  } finally {
    clearTimeout(timeout);
  }
}

/** A program by name on the `PATH`. */
export function findProgram(host: Host, name: string): string | undefined {
  return (host.env.get("PATH") ?? "").split(":").filter((folder) => folder.startsWith("/"))
    .map((folder) => `${folder}/${name}`).find((path) => {
      const kind = host.fs.lstat(path)?.kind;
      return kind === "file" || kind === "symlink";
    });
}

/** The variables of this process that programs which know the user need. */
export function userEnvironment(host: Host, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(["HOME", "USER", "LOGNAME", "PATH", "TMPDIR", ...names].flatMap((name) => {
    const value = host.env.get(name);
    return value === undefined ? [] : [[name, value]];
  }));
}

function textOf() {
  const decoder = new TextDecoder();
  let text = "";
  return {
    add: (chunk: Uint8Array) => void (text += decoder.decode(chunk, { stream: true })),
    text: () => text,
  };
}
