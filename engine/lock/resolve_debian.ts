/**
 * Which .deb files an image needs: Debian's own apt is the solver, run with a configuration of its own so that neither
 * the machine's packages nor its settings have a say.
 *
 * @module
 */
import { join } from "node:path";
import { EngineError } from "../error.ts";
import type { Host } from "../host.ts";
import { hostApt, type RunApt, writeAptFolder } from "./_apt.ts";
import { type AptPackage, parseInstallOrder, parsePackages, parseUris } from "./_apt_output.ts";
import type { DebianArchive, LockedPackage } from "./lock_file.ts";

export type { AptCommand, AptResult, RunApt } from "./_apt.ts";

/** What to resolve. */
export interface ResolveDebianRequest {
  /**
   * Names of packages by archive. Those of the first archive come with all they depend on (no recommendations); those
   * of further archives come alone.
   */
  readonly requested: Readonly<Record<string, readonly string[]>>;
  /** The archives of the lock file. */
  readonly archives: Readonly<Record<string, DebianArchive>>;
  /** Further archives, such as one of security updates, that the solver may take versions and dependencies from. */
  readonly solveWith?: readonly string[] | undefined;
}

/** Options of {@linkcode resolveDebian}. */
export interface ResolveDebianOptions {
  readonly host: Host;
  /** A folder of its own; apt's lists stay there, so that a second run over the same folder fetches only changes. */
  readonly folder: string;
  /** Runs apt; default: the machine's own. The folder must be at the same path where it runs. */
  readonly runApt?: RunApt | undefined;
  /** The keys that sign the archives. Default: Debian's, where the machine has them. */
  readonly keyring?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The closure of the requested packages in the order in which apt would unpack them, dependencies before dependents as
 * far as there are no cycles; after them the packages taken alone. The same archives give the same list.
 *
 * @throws {EngineError} "source-unavailable" if an archive cannot be read or apt does not run; "source-gone" if there is
 * no such package; "usage" if the packages cannot be installed together
 */
export async function resolveDebian(
  request: ResolveDebianRequest,
  options: ResolveDebianOptions,
): Promise<LockedPackage[]> {
  const [first, ...others] = Object.keys(request.requested);
  if (first === undefined) return [];
  const solved = await solve([first, ...request.solveWith ?? []], request.requested[first] ?? [], {
    ...options,
    request,
  });
  const locked = new Map(solved.map((one) => [one.name, one]));
  for (const archive of others) {
    for (const one of await take(archive, request.requested[archive] ?? [], { ...options, request })) {
      locked.set(one.name, one);
    }
  }
  return [...locked.values()];
}

type Options = ResolveDebianOptions & { readonly request: ResolveDebianRequest };

/** Packages of some archives with their dependencies. */
async function solve(
  keys: readonly string[],
  names: readonly string[],
  options: Options,
): Promise<LockedPackage[]> {
  if (names.length === 0) return [];
  const apt = await openApt(keys, options);
  const install = ["install", "--no-install-recommends", "--yes", "--quiet", ...names];
  const order = parseInstallOrder(await apt("apt-get", ["--simulate", ...install]));
  const urls = parseUris(await apt("apt-get", ["--print-uris", ...install]));
  const shown = await apt("apt-cache", ["show", ...order.map(({ name, version }) => `${name}=${version}`)]);
  const packages = new Map(parsePackages(shown).map((one) => [`${one.name}=${one.version}`, one]));
  return order.map(({ name, version }) => {
    const found = packages.get(`${name}=${version}`);
    const archive = found &&
      keys.find((key) => urls.has(`${baseOf(key, options)}/${found.path}`));
    return pinOf(found, { name, archive });
  });
}

/** Packages of one archive without their dependencies. */
async function take(key: string, names: readonly string[], options: Options): Promise<LockedPackage[]> {
  if (names.length === 0) return [];
  const apt = await openApt([key], options);
  const packages = parsePackages(await apt("apt-cache", ["show", "--no-all-versions", ...names]));
  return names.map((name) => pinOf(packages.find((one) => one.name === name), { name, archive: key }));
}

/** Reads the archives' lists into a folder and gives a way to ask apt about them. */
async function openApt(
  keys: readonly string[],
  options: Options,
): Promise<(program: "apt-get" | "apt-cache", args: readonly string[]) => Promise<string>> {
  const { host, signal, request, keyring } = options;
  const folder = join(options.folder, keys.join("+"));
  const archives = keys.map((key) => archiveOf(key, request));
  const env = writeAptFolder(folder, { host, archives, keyring });
  const runApt = options.runApt ?? hostApt(host);
  const run = async (args: readonly string[]) => {
    signal?.throwIfAborted();
    return await runApt(args, { env, cwd: folder, signal });
  };
  // Without the setting, lists that could not be read are a mere warning.
  const update = await run(["apt-get", "update", "--quiet", "--option=APT::Update::Error-Mode=any"]);
  if (update.code !== 0) {
    throw aptFailure(
      "source-unavailable",
      `Cannot read the archives ${keys.map((key) => `"${key}"`).join(", ")}`,
      update.stderr,
    );
  }
  return async (program, args) => {
    const { code, stdout, stderr } = await run([program, ...args]);
    if (code === 0) return stdout;
    const isUnknown = /Unable to locate package|No packages found|has no installation candidate/.test(stderr);
    throw aptFailure(isUnknown ? "source-gone" : "usage", "Cannot resolve the packages", stderr);
  };
}

function pinOf(
  found: AptPackage | undefined,
  wanted: { readonly name: string; readonly archive: string | undefined },
): LockedPackage {
  if (found === undefined || wanted.archive === undefined) {
    throw new EngineError("source-gone", `Cannot resolve "${wanted.name}": apt does not say where it is`, {
      hint: "Check the name of the package and the archive it is asked from",
    });
  }
  const { name, version, path, sha256, sizeBytes } = found;
  return { name, version, archive: wanted.archive, path, sha256, sizeBytes };
}

function archiveOf(key: string, request: ResolveDebianRequest): DebianArchive {
  const archive = request.archives[key];
  if (archive !== undefined) return archive;
  throw new EngineError("lock-malformed", `The lock has no archive "${key}"`, {
    hint: 'Add it to "archives" in the lock file',
  });
}

function baseOf(key: string, options: Options): string {
  return archiveOf(key, options.request).url.replace(/\/+$/, "");
}

function aptFailure(
  code: "source-unavailable" | "source-gone" | "usage",
  what: string,
  stderr: string,
): EngineError {
  const lines = stderr.trim().split("\n");
  const reason = lines.find((line) => line.startsWith("E: "))?.slice(3) ?? lines.at(-1) ?? "";
  const hints = {
    "source-unavailable":
      "Check the network and the proxy settings, and that debian-archive-keyring is installed",
    "source-gone": "Check the name of the package and the archive it is asked from",
    "usage": "Ask for packages that can be installed together",
  };
  return new EngineError(code, `${what}: ${reason}`, { hint: hints[code], detail: lines });
}
