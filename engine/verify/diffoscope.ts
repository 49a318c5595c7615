/**
 * diffoscope, where the machine has it: it knows far more formats than this project.
 *
 * @module
 */
import { join } from "node:path";
import type { Host } from "../host.ts";

const TIMEOUT_MS = 120_000;
const MAX_LINES = 60;
const MAX_OUTPUT_BYTES = 2 ** 20;

/** Where diffoscope is on the host's PATH; `undefined` if it is not. */
export function findDiffoscope(host: Host): string | undefined {
  return (host.env.get("PATH") ?? "").split(":").filter((folder) => folder.startsWith("/"))
    .map((folder) => join(folder, "diffoscope")).find((path) => host.fs.lstat(path) !== undefined);
}

/** Options of {@linkcode runDiffoscope}. */
export interface DiffoscopeOptions {
  readonly program: string;
  readonly before: string;
  readonly now: string;
  readonly signal: AbortSignal;
}

/** What diffoscope says of two files; `undefined` where it fails, takes too long or sees no difference. */
export async function runDiffoscope(host: Host, options: DiffoscopeOptions): Promise<string[] | undefined> {
  const { program, before, now, signal } = options;
  const decoder = new TextDecoder();
  let text = "";
  try {
    const child = host.spawn(program, {
      args: ["--text", "-", "--no-progress", "--max-text-report-size", String(MAX_OUTPUT_BYTES), before, now],
      cwd: "/",
      env: { PATH: host.env.get("PATH") ?? "", LC_ALL: "C.UTF-8", HOME: host.env.get("HOME") ?? "/" },
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      onStdout: (chunk) => {
        if (text.length < MAX_OUTPUT_BYTES) text += decoder.decode(chunk, { stream: true });
      },
    });
    // 1 means that they differ.
    if ((await child.exit).code !== 1) return undefined;
  } catch {
    return undefined;
  }
  const lines = text.trimEnd().split("\n");
  return lines.length > MAX_LINES
    ? [...lines.slice(0, MAX_LINES), `and ${lines.length - MAX_LINES} more lines of diffoscope`]
    : lines;
}
