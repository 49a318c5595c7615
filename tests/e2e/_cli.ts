/**
 * The command line as a user starts it: a process of its own with an environment of its own.
 *
 * @module
 */
import { join } from "node:path";

/** Folder of the repository. */
export const REPOSITORY = join(import.meta.dirname ?? ".", "..", "..");

/** Where Deno keeps npm packages; shared with the tests, so that nothing is downloaded again. */
export const DENO_DIR = Deno.env.get("DENO_DIR") ?? join(userCache(), "deno");

/** Longer than any command of the tests takes, even from an empty cache on a slow line. */
const TIMEOUT_MS = 10 * 60_000;

/** Where a command runs. */
export interface CliOptions {
  /** Folder with `cli.ts`. Default: this repository. */
  readonly repository?: string;
  /** `VKFORGE_HOME`. */
  readonly store: string;
  /** Variables besides PATH, HOME, DENO_DIR and VKFORGE_HOME. */
  readonly env?: Readonly<Record<string, string>>;
  /** Words in front of the command, such as `setpriv …`. */
  readonly wrap?: readonly string[];
  /** The runtime. Default: the one that runs the tests. */
  readonly deno?: string;
}

/** What a command left behind. */
export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs; it leads a process group, as in a shell. */
export interface RunningCli {
  readonly pid: number;
  readonly result: Promise<CliRun>;
  /** Standard error so far. */
  stderr(): string;
}

/** Runs a command to its end. */
export async function cli(args: readonly string[], options: CliOptions): Promise<CliRun> {
  return await startCli(args, options).result;
}

/** Starts a command. */
export function startCli(args: readonly string[], options: CliOptions): RunningCli {
  const { repository = REPOSITORY, store, wrap = [], deno = Deno.execPath() } = options;
  // Quiet: what Deno itself says about packages is not what is tested.
  const words = [...wrap, deno, "run", "--quiet", "-A", join(repository, "cli.ts"), ...args];
  const child = new Deno.Command(words[0] ?? deno, {
    args: words.slice(1),
    cwd: repository,
    clearEnv: true,
    env: {
      PATH: Deno.env.get("PATH") ?? "/usr/bin:/bin",
      HOME: Deno.env.get("HOME") ?? "/",
      DENO_DIR,
      DENO_NO_UPDATE_CHECK: "1",
      NO_COLOR: "1",
      VKFORGE_HOME: store,
      ...options.env,
    },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    detached: true,
  }).spawn();
  const timer = setTimeout(() => Deno.kill(-child.pid, "SIGKILL"), TIMEOUT_MS);
  let stderr = "";
  const result = (async () => {
    const [status, stdout] = await Promise.all([
      child.status,
      new Response(child.stdout).text(),
      gather(child.stderr, (text) => stderr += text),
    ]);
    clearTimeout(timer);
    return { code: status.code, stdout, stderr };
  })();
  return { pid: child.pid, result, stderr: () => stderr };
}

/** The one JSON document on standard output. */
// deno-lint-ignore no-explicit-any -- tests look at single members
export function documentOf({ stdout }: CliRun): any {
  return JSON.parse(stdout);
}

/** Waits until something is so. */
export async function until(
  what: string,
  isSo: () => boolean,
  { timeoutMs = 60_000 }: { readonly timeoutMs?: number } = {},
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error(`It did not come to be within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Processes whose command line holds a text. */
export function processesWith(text: string): number[] {
  return [...Deno.readDirSync("/proc")].map(({ name }) => Number(name)).filter((pid) => {
    try {
      return pid !== Deno.pid && Deno.readTextFileSync(`/proc/${pid}/cmdline`).includes(text);
    } catch {
      return false;
    }
  });
}

/** Whether this process is root and may mount, which some tests need. */
export const CAN_MOUNT = Deno.uid() === 0 &&
  new Deno.Command("unshare", { args: ["--mount", "true"], stdout: "null", stderr: "null" })
    .outputSync().success;

/** The user's cache folder. */
function userCache(): string {
  return Deno.env.get("XDG_CACHE_HOME") ?? join(Deno.env.get("HOME") ?? "/", ".cache");
}

async function gather(stream: ReadableStream<Uint8Array>, onText: (text: string) => void): Promise<void> {
  for await (const text of stream.pipeThrough(new TextDecoderStream())) onText(text);
}
