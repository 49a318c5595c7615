/**
 * `deno task lock gradle-dependencies`: resolves what upstream's Android build asks Gradle for, and pins every file that
 * Gradle reads to do so. Each is checked against the SHA-1 that its publisher puts beside it.
 *
 * @module
 */
import { join } from "node:path";
import { EngineError, type Host } from "../engine/mod.ts";
import { fetchDocument, Fetcher } from "../engine/source/mod.ts";
import { SharedLease, Store } from "../engine/store/mod.ts";
import {
  CONFIGURATIONS,
  GRADLE_LOCK_PATH,
  type GradleLock,
  type LockedFile,
  type PomId,
  readGradleLock,
  type REPOSITORIES,
  type Repositories,
  repositoryOf,
  resolveClosure,
  urlOf,
} from "../recipes/torch_android/java/gradle/mod.ts";
import { REPOSITORY, storeRoot } from "./_session.ts";

/** Name under which `deno task lock` knows it. */
export const GRADLE_DEPENDENCIES = "gradle-dependencies";

/** Repositories to ask in the publishers' place; the lock names the publishers all the same. */
export type RepositoryPlaces = Readonly<Partial<Record<keyof typeof REPOSITORIES, string | undefined>>>;

/**
 * Makes the lock anew; gives lines that say what changed.
 *
 * @throws {EngineError} "source-gone", "source-unavailable", "digest-mismatch"
 */
export async function lockGradle(host: Host, places: RepositoryPlaces): Promise<string[]> {
  const store = Store.open(host, storeRoot(host));
  const { signal } = new AbortController();
  using _lease = await new SharedLease({ host, root: store.root }, () => {}).take(signal);
  const fetcher = new Fetcher({ host, store, archives: {} });
  const files = new Map<string, Promise<{ readonly file: LockedFile; readonly blob: string }>>();

  const take = (id: PomId, fileName: string) => {
    const path = `${id.group.replaceAll(".", "/")}/${id.artifact}/${id.version}/${fileName}`;
    const known = files.get(path);
    if (known !== undefined) return known;
    const taken = (async () => {
      const repository = repositoryOf(id.group);
      const url = urlOf({ repository, path }, places);
      const sha1 = await publishedSha1(host, url);
      const { digest, sizeBytes } = await fetcher.learn(path, { kind: "https", url, sha1 }, signal);
      return { file: { repository, path, sha256: digest, sha1, sizeBytes }, blob: store.path(digest) };
    })();
    files.set(path, taken);
    return taken;
  };
  const repositories: Repositories = {
    text: async (id, fileName) => new TextDecoder().decode(host.fs.readFile((await take(id, fileName)).blob)),
    file: async (id, fileName) => void await take(id, fileName),
  };
  await resolveClosure(CONFIGURATIONS, repositories);

  const locked = (await Promise.all(files.values())).map(({ file }) => file)
    .toSorted((a, b) => a.path < b.path ? -1 : 1);
  const requested = CONFIGURATIONS.map((one) => one.map((request) => ({ ...request })));
  const lock: GradleLock = { schema: 1, requested, files: locked };
  const path = join(REPOSITORY, GRADLE_LOCK_PATH);
  const before = lockBefore(host, path);
  host.fs.writeFile(path, `${JSON.stringify(lock, undefined, 1)}\n`);
  return changes(before, locked);
}

async function publishedSha1(host: Host, url: string): Promise<string> {
  const text = new TextDecoder().decode(await fetchDocument(`${url}.sha1`, { host, maxSizeBytes: 4096 }));
  // Some tools write the file's name behind the checksum.
  const [sha1] = /^[0-9a-f]{40}\b/i.exec(text.trim()) ?? [];
  if (sha1 !== undefined) return sha1.toLowerCase();
  throw new EngineError("source-unavailable", `Cannot pin "${url}": its publisher gives no SHA-1`);
}

/** The files of the lock there is; none where there is no such lock. */
function lockBefore(host: Host, path: string): readonly LockedFile[] {
  try {
    return readGradleLock(host, path).files;
  } catch (error) {
    if (error instanceof EngineError && /^lock-/.test(error.code)) return [];
    throw error;
  }
}

function changes(before: readonly LockedFile[], now: readonly LockedFile[]): string[] {
  const old = new Map(before.map(({ path, sha256 }) => [path, sha256]));
  const paths = new Set(now.map(({ path }) => path));
  return [
    ...now.filter(({ path, sha256 }) => old.get(path) !== sha256).map(({ path }) =>
      `${GRADLE_DEPENDENCIES}: ${path} ${old.has(path) ? "changed" : "added"}`
    ),
    ...[...old.keys()].filter((path) => !paths.has(path)).map((path) =>
      `${GRADLE_DEPENDENCIES}: ${path} removed`
    ),
  ];
}
