import type { Host } from "../../engine/host.ts";

/** A program that takes longer to answer is not waited for. */
const PROBE_TIMEOUT_MS = 5000;

/** What a program said. */
export interface ProbeResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a small program for its answer.
 *
 * @returns undefined where there is no such program, it cannot be started, or it does not answer in time
 */
export async function probe(
  host: Host,
  program: string,
  options: { readonly args: readonly string[]; readonly env?: Readonly<Record<string, string>> },
): Promise<ProbeResult | undefined> {
  const path = findProgram(host, program);
  if (path === undefined) return undefined;
  const stop = new AbortController();
  const done = new AbortController();
  const output = { stdout: "", stderr: "" };
  const collect = (stream: keyof typeof output) => {
    const decoder = new TextDecoder();
    return (chunk: Uint8Array) => output[stream] += decoder.decode(chunk, { stream: true });
  };
  try {
    const child = host.spawn(path, {
      args: options.args,
      cwd: "/",
      env: { LC_ALL: "C.UTF-8", ...options.env },
      signal: stop.signal,
      onStdout: collect("stdout"),
      onStderr: collect("stderr"),
    });
    const timeout = host.clock.sleep(PROBE_TIMEOUT_MS, done.signal).then(() => undefined, () => undefined);
    // The timeout wins even if a grandchild keeps the pipes open after the kill.
    const exit = await Promise.race([child.exit, timeout]);
    return exit === undefined ? undefined : { code: exit.code, ...output };
  } catch {
    return undefined;
  } finally {
    stop.abort();
    done.abort();
  }
}

/** The absolute path of a program on PATH. */
export function findProgram(host: Host, program: string): string | undefined {
  const folders = (host.env.get("PATH") ?? "/usr/local/bin:/usr/bin:/bin").split(":");
  for (const folder of folders) {
    if (folder.startsWith("/") && exists(host, `${folder}/${program}`)) return `${folder}/${program}`;
  }
  return undefined;
}

/** Whether there is something at the path; what may not be looked at is not there. */
export function exists(host: Host, path: string): boolean {
  try {
    return host.fs.lstat(path) !== undefined;
  } catch {
    return false;
  }
}

/** The content of a small file of the kernel, trimmed; undefined where there is none. */
export function readSetting(host: Host, path: string): string | undefined {
  try {
    return host.fs.readTextFile(path).trim();
  } catch {
    return undefined;
  }
}
