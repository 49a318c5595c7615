/**
 * apt with a configuration of its own.
 *
 * @module
 */
import { join } from "node:path";
import { EngineError } from "../error.ts";
import type { Host } from "../host.ts";
import type { DebianArchive } from "./lock_file.ts";

/** How one command of apt is to be run. */
export interface AptCommand {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly signal: AbortSignal | undefined;
}

/** How it ended. */
export interface AptResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command; the first argument is the program, `apt-get` or `apt-cache`. */
export type RunApt = (args: readonly string[], command: AptCommand) => Promise<AptResult>;

/** Options of {@linkcode writeAptFolder}. */
export interface AptFolderOptions {
  readonly host: Host;
  readonly archives: readonly DebianArchive[];
  readonly keyring: string | undefined;
}

const KEYRINGS = [
  "/usr/share/keyrings/debian-archive-keyring.gpg",
  "/usr/share/keyrings/debian-archive-keyring.pgp",
];

const PROXY_VARIABLES = ["http_proxy", "https_proxy", "no_proxy", "all_proxy"];

/** Makes apt's folders and settings, and gives the environment that makes apt use them and nothing else. */
export function writeAptFolder(folder: string, options: AptFolderOptions): Record<string, string> {
  const { host, archives, keyring = KEYRINGS.find((path) => host.fs.lstat(path) !== undefined) } = options;
  const { fs } = host;
  const architecture = archives[0]?.architecture ?? "amd64";
  for (const name of ["etc", "state/lists/partial", "cache/archives/partial", "log"]) {
    fs.mkdir(join(folder, name));
  }
  const signedBy = keyring === undefined ? "" : ` signed-by=${keyring}`;
  const sources = archives.map(({ url, suite, components }) =>
    `deb [arch=${architecture}${signedBy}] ${url} ${suite} ${components.join(" ")}\n`
  );
  fs.writeFile(join(folder, "etc", "sources.list"), sources.join(""));
  // No package is installed, so that the closure is whole.
  fs.writeFile(join(folder, "state", "status"), "");
  fs.writeFile(join(folder, "apt.conf"), configuration(folder, architecture));
  const env: Record<string, string> = {
    APT_CONFIG: join(folder, "apt.conf"),
    HOME: folder,
    LC_ALL: "C.UTF-8",
    PATH: host.env.get("PATH") ?? "/usr/sbin:/usr/bin:/sbin:/bin",
  };
  for (const name of PROXY_VARIABLES) {
    const value = host.env.get(name);
    if (value !== undefined) env[name] = value;
  }
  return env;
}

/** Read before the machine's own settings, which it leads apt away from. */
function configuration(folder: string, architecture: string): string {
  return `Dir "${folder}/";
Dir::Etc "etc";
Dir::Etc::main "/dev/null";
Dir::Etc::parts "/dev/null";
Dir::Etc::sourcelist "sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::Etc::trusted "/dev/null";
Dir::Etc::trustedparts "/dev/null";
Dir::Etc::netrc "/dev/null";
Dir::Etc::netrcparts "/dev/null";
Dir::State "state";
Dir::State::status "${folder}/state/status";
Dir::Cache "cache";
Dir::Log "log";
APT::Architecture "${architecture}";
APT::Architectures { "${architecture}"; };
APT::Install-Recommends "false";
APT::Install-Suggests "false";
APT::Sandbox::User "";
Acquire::Languages "none";
Acquire::Retries "3";
`;
}

/** The machine's own apt. */
export function hostApt(host: Host): RunApt {
  return async ([program = "apt-get", ...args], { env, cwd, signal }) => {
    const stdout: Uint8Array[] = [];
    const stderr: Uint8Array[] = [];
    let exit;
    try {
      exit = host.spawn(program, {
        args,
        cwd,
        env,
        ...(signal && { signal }),
        onStdout: (chunk) => stdout.push(chunk.slice()),
        onStderr: (chunk) => stderr.push(chunk.slice()),
      }).exit;
    } catch (error) {
      throw new EngineError("source-unavailable", `Cannot resolve Debian packages: ${program} does not run`, {
        hint: "Make the lock on Debian or Ubuntu, where apt is",
        cause: error,
      });
    }
    const { code } = await exit;
    signal?.throwIfAborted();
    return { code, stdout: await text(stdout), stderr: await text(stderr) };
  };
}

function text(chunks: readonly Uint8Array[]): Promise<string> {
  return new Blob(chunks as readonly BlobPart[] as BlobPart[]).text();
}
