/**
 * Runs git apart from the user's and the machine's settings.
 *
 * @module
 */
import { EngineError } from "../error.ts";
import type { Host } from "../host.ts";
import { redactText } from "./redact.ts";

/** Options of {@linkcode runGit}. */
export interface GitOptions {
  readonly host: Host;
  /** What the commit is wanted for; stands in errors. */
  readonly name: string;
  readonly cwd: string;
  /** URL of the outermost repository. Only a local one may have local submodules. */
  readonly root: string;
  readonly signal: AbortSignal | undefined;
}

/** What git needs of the user's environment to get through to a server. */
const PASSED_ON = [
  "PATH",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "ALL_PROXY",
  "all_proxy",
  "GIT_SSL_CAINFO",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "SSH_AUTH_SOCK",
];

const SETTINGS = [
  "core.autocrlf=false",
  "core.eol=lf",
  "core.symlinks=true",
  "core.hooksPath=/dev/null",
  "gc.auto=0",
  // A server that sends less than a byte a second for 30 s has stalled.
  "http.lowSpeedLimit=1",
  "http.lowSpeedTime=30",
];

/**
 * Runs git to its end.
 *
 * @returns exit code, standard output, and the last line of standard error with secrets left out
 * @throws {EngineError} "source-unavailable" if git is not installed
 */
export async function runGit(
  args: readonly string[],
  options: GitOptions,
): Promise<{ readonly code: number; readonly stdout: string; readonly reason: string }> {
  const { host, name, cwd, root, signal } = options;
  signal?.throwIfAborted();
  const stdout: Uint8Array[] = [];
  const stderr: Uint8Array[] = [];
  let exit;
  try {
    exit = host.spawn("git", {
      args: [...SETTINGS.flatMap((setting) => ["-c", setting]), ...args],
      cwd,
      env: environment(host, { home: cwd, isLocal: root.startsWith("file:") }),
      ...(signal && { signal }),
      onStdout: (chunk) => stdout.push(chunk.slice()),
      onStderr: (chunk) => stderr.push(chunk.slice()),
    }).exit;
  } catch (error) {
    throw new EngineError("source-unavailable", `Cannot fetch "${name}": git does not run`, {
      hint: "Install git, such as with `apt-get install git`",
      cause: error,
    });
  }
  const { code } = await exit;
  signal?.throwIfAborted();
  const lines = (await new Blob(stderr as BlobPart[]).text()).trim().split("\n");
  return {
    code,
    stdout: await new Blob(stdout as BlobPart[]).text(),
    reason: redactText(lines.at(-1) ?? ""),
  };
}

function environment(
  host: Host,
  { home, isLocal }: { readonly home: string; readonly isLocal: boolean },
): Record<string, string> {
  const env: Record<string, string> = {
    HOME: home,
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    GIT_SSH_COMMAND: "ssh -oBatchMode=yes",
    // "ext" and "fd" run programs that a repository's .gitmodules would name.
    GIT_ALLOW_PROTOCOL: isLocal ? "file:https:http:ssh:git" : "https:http:ssh:git",
  };
  for (const name of PASSED_ON) {
    const value = host.env.get(name);
    if (value !== undefined) env[name] = value;
  }
  return env;
}
