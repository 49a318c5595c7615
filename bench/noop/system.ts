/**
 * A build system under test.
 *
 * @module
 */
/** See the module's text. */
export interface System {
  readonly name: string;
  readonly version: string;
  /** The command that builds all; with nothing to do it is a no-op. */
  readonly command: Command;
}

/** A process to run. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** What a run took and printed. */
export interface Run {
  readonly ms: number;
  readonly stdout: string;
}

/**
 * Runs a command to its end.
 *
 * @throws {Error} if it fails
 */
export async function run({ program, args, cwd, env }: Command): Promise<Run> {
  const started = performance.now();
  const { success, code, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    cwd,
    env: { ...env },
    clearEnv: true,
    stdin: "null",
  }).output();
  const ms = performance.now() - started;
  if (success) return { ms, stdout: new TextDecoder().decode(stdout) };
  const text = new TextDecoder().decode(stderr) || new TextDecoder().decode(stdout);
  throw new Error(`"${program} ${args.join(" ")}" ended with ${code}:\n${text.slice(-2000)}`);
}

/** Variables that every system needs: where programs and its own caches are. */
export function environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const env: Record<string, string> = { NO_COLOR: "1", CI: "1", ...more };
  for (
    const name of ["PATH", "HOME", "DENO_DIR", "npm_config_registry", "XDG_CACHE_HOME", "NODE_EXTRA_CA_CERTS"]
  ) {
    const value = Deno.env.get(name);
    if (value !== undefined) env[name] = value;
  }
  return env;
}

/** Where a program is. */
export function which(name: string): string | undefined {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    try {
      if (Deno.statSync(`${folder}/${name}`).isFile) return `${folder}/${name}`;
    } catch {
      // Not here.
    }
  }
  return undefined;
}
