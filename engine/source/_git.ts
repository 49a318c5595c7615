/**
 * A git commit as one archive whose bytes depend on the commit alone: not on git's version, the machine's settings or
 * the way the objects came.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { byCodePoint } from "../canonical_json.ts";
import { EngineError } from "../error.ts";
import type { Host } from "../host.ts";
import type { LockedSource } from "../lock/lock_file.ts";
import { runGit } from "./_git_process.ts";
import type { PartialFile } from "./_partial_file.ts";
import { PlaceError } from "./_place_error.ts";
import { packTree, type TarEntry } from "./_tar.ts";

/** A source of kind git. */
export type GitSource = LockedSource & { readonly kind: "git" };

/** Options of {@linkcode archiveCommit}. */
export interface ArchiveOptions {
  readonly host: Host;
  readonly name: string;
  /** Receives the archive. */
  readonly partial: PartialFile;
  readonly signal: AbortSignal | undefined;
}

/** A repository fetched into a folder, and where its files belong in the archive. */
interface Repository {
  readonly url: string;
  readonly commit: string;
  readonly folder: string;
  readonly prefix: string;
}

interface TreeEntry {
  readonly mode: string;
  readonly object: string;
  readonly path: string;
}

/** Submodules in submodules in …; more is taken for a trap. */
const MAX_DEPTH = 8;

/**
 * Fetches exactly one commit, with its submodules if the source says so, and writes its tree as a tar archive: entries by
 * code point, no owner, no time, modes 644 and 755.
 *
 * @throws {PlaceError} "gone" if the repository does not have the commit; "unreachable"
 * @throws {EngineError} "source-unavailable" if git is not installed
 */
export async function archiveCommit(source: GitSource, options: ArchiveOptions): Promise<void> {
  const { fs } = options.host;
  const work = `${options.partial.path}.git`;
  fs.remove(work);
  try {
    const entries = new Map<string, TarEntry>();
    const root = { url: source.url, commit: source.commit, folder: join(work, "0"), prefix: "" };
    const waiting: Array<Repository & { readonly depth: number }> = [{ ...root, depth: 0 }];
    for (let count = 1, next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const modules = await collect(next, entries, {
        ...options,
        submodules: source.submodules,
        root: source.url,
      });
      for (const module of modules) {
        if (next.depth >= MAX_DEPTH) {
          throw new PlaceError("refused", `its submodules nest deeper than ${MAX_DEPTH}`);
        }
        waiting.push({ ...module, folder: join(work, String(count++)), depth: next.depth + 1 });
      }
    }
    const sorted = [...entries.values()].sort((a, b) => byCodePoint(a.path, b.path));
    for await (const chunk of packTree(sorted)) options.partial.append(chunk);
  } finally {
    fs.remove(work);
  }
}

/** Fetches one repository, adds its files to the archive and gives its submodules. */
async function collect(
  repository: Repository,
  entries: Map<string, TarEntry>,
  options: ArchiveOptions & { readonly submodules: boolean; readonly root: string },
): Promise<Omit<Repository, "folder">[]> {
  const { fs } = options.host;
  const { folder, commit, prefix } = repository;
  fs.mkdir(folder);
  await fetchCommit(repository, options);
  const listing = await git(["ls-tree", "-r", "-z", "--full-tree", commit], repository, options);
  const found = listing.split("\0").filter((line) => line !== "").map(parseTreeEntry);
  await git(["checkout", "--quiet", "--force", "--detach", commit], repository, options);
  for (const entry of found) {
    if (entry.mode === "160000") continue;
    const file = toTarEntry(entry, { host: options.host, folder, prefix });
    entries.set(file.path, file);
    addParents(file.path, entries);
  }
  const modules = found.filter((entry) => entry.mode === "160000");
  for (const { path } of modules) {
    entries.set(`${prefix}${path}/`, { kind: "folder", path: `${prefix}${path}/` });
    addParents(prefix + path, entries);
  }
  if (!options.submodules || modules.length === 0) return [];
  const urls = await submoduleUrls(repository, options);
  return modules.map(({ path, object }) => {
    const url = urls.get(path);
    if (url === undefined) {
      throw new PlaceError("refused", `its .gitmodules has no URL for "${prefix}${path}"`);
    }
    return { url: resolveSubmoduleUrl(repository.url, url), commit: object, prefix: `${prefix}${path}/` };
  });
}

async function fetchCommit(
  repository: Repository,
  options: ArchiveOptions & { readonly root: string },
): Promise<void> {
  const { fs } = options.host;
  const { commit, folder, url } = repository;
  await git(["init", "--quiet", "--template=", "."], repository, options);
  // The files of a tree can ask for other line ends, encodings and filters; the archive has what was committed.
  fs.mkdir(join(folder, ".git", "info"));
  fs.writeFile(join(folder, ".git", "info", "attributes"), "* -text -ident !filter !working-tree-encoding\n");
  try {
    await git(["fetch", "--quiet", "--no-tags", "--depth", "1", "--", url, commit], repository, options);
    return;
  } catch (error) {
    if (!(error instanceof PlaceError)) throw error;
    // Some servers give no commit that is not the tip of a branch or tag.
  }
  await git(["fetch", "--quiet", "--no-tags", "--", url, "+refs/*:refs/fetched/*"], repository, options);
  try {
    await git(["cat-file", "-e", `${commit}^{commit}`], repository, options);
  } catch (error) {
    if (!(error instanceof PlaceError)) throw error;
    throw new PlaceError("gone", `the repository does not have commit ${commit}`);
  }
}

async function git(
  args: readonly string[],
  repository: Repository,
  options: ArchiveOptions & { readonly root: string },
): Promise<string> {
  const { host, name, signal, root } = options;
  const { code, stdout, reason } = await runGit(args, { host, name, cwd: repository.folder, signal, root });
  if (code === 0) return stdout;
  throw new PlaceError("unreachable", `git ${args[0]} failed: ${reason}`, { retry: true });
}

function parseTreeEntry(line: string): TreeEntry {
  const match = /^(\d{6}) \w+ ([0-9a-f]{40})\t(.+)$/s.exec(line);
  if (match === null || line.includes("\uFFFD")) {
    throw new PlaceError("refused", `it has a file name that is not UTF-8: ${line}`);
  }
  const [, mode = "", object = "", path = ""] = match;
  return { mode, object, path };
}

function toTarEntry(
  entry: TreeEntry,
  { host, folder, prefix }: { readonly host: Host; readonly folder: string; readonly prefix: string },
): TarEntry {
  const path = prefix + entry.path;
  const onDisk = join(folder, entry.path);
  if (entry.mode === "120000") {
    const target = host.fs.readLink(onDisk);
    expectObject(entry, new TextEncoder().encode(target));
    return { kind: "link", path, target };
  }
  const read = () => {
    const data = host.fs.readFile(onDisk);
    expectObject(entry, data);
    return data;
  };
  return { kind: "file", path, executable: entry.mode === "100755", read };
}

/** Whatever git's settings made of the file on its way to disk, only the committed bytes pass. */
function expectObject(entry: TreeEntry, data: Uint8Array): void {
  const object = createHash("sha1").update(`blob ${data.length}\0`).update(data).digest("hex");
  if (object === entry.object) return;
  throw new EngineError(
    "io",
    `Cannot read "${entry.path}" as committed: object is ${object}, the tree says ${entry.object}`,
  );
}

function addParents(path: string, entries: Map<string, TarEntry>): void {
  const parts = path.split("/").slice(0, -1);
  for (let count = 1; count <= parts.length; count++) {
    const folder = `${parts.slice(0, count).join("/")}/`;
    entries.set(folder, { kind: "folder", path: folder });
  }
}

/** URLs by path, from the commit's .gitmodules. */
async function submoduleUrls(
  repository: Repository,
  options: ArchiveOptions & { readonly root: string },
): Promise<Map<string, string>> {
  const listing = await git(
    ["config", "--blob", `${repository.commit}:.gitmodules`, "-z", "--list"],
    repository,
    options,
  );
  const modules = new Map<string, { path?: string; url?: string }>();
  for (const line of listing.split("\0")) {
    const match = /^submodule\.(.+)\.(path|url)\n(.*)$/s.exec(line);
    if (match === null) continue;
    const [, name = "", key = "", value = ""] = match;
    modules.set(name, { ...modules.get(name), [key]: value });
  }
  const urls = new Map<string, string>();
  for (const { path, url } of modules.values()) {
    if (path !== undefined && url !== undefined) urls.set(path, url);
  }
  return urls;
}

/** A submodule's URL; one that begins with "./" or "../" is relative to that of the repository it stands in. */
export function resolveSubmoduleUrl(parent: string, url: string): string {
  if (!url.startsWith("./") && !url.startsWith("../")) return url;
  const base = new URL(`${parent.replace(/\/+$/, "")}/`);
  return new URL(url, base).href;
}
