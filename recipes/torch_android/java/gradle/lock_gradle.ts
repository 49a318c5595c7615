/**
 * Makes `gradle.lock.json` anew: resolves what upstream's Android build asks Gradle for, and pins every file that Gradle
 * reads to do so. Each is checked against the SHA-1 that its publisher puts beside it.
 *
 *     deno run -A recipes/torch_android/java/gradle/lock_gradle.ts [--google URL] [--central URL]
 *
 * The options name repositories to ask in the publishers' place, such as a proxy of one's own; the lock names the
 * publishers all the same.
 *
 * @module
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { denoHost } from "../../../../engine/deno_host.ts";
import { EngineError } from "../../../../engine/mod.ts";
import { fetchDocument, Fetcher } from "../../../../engine/source/mod.ts";
import { SharedLease, Store } from "../../../../engine/store/mod.ts";
import { storeRoot } from "../../../../tasks/_session.ts";
import { type Repositories, resolveClosure } from "./closure.ts";
import { GRADLE_LOCK, type GradleLock, type LockedFile, REPOSITORIES, repositoryOf, urlOf } from "./lock.ts";
import type { PomId } from "./pom.ts";
import { CONFIGURATIONS } from "./requests.ts";

if (import.meta.main) await main(Deno.args);

async function main(args: readonly string[]): Promise<void> {
  const { values: places } = parseArgs({
    args: [...args],
    options: { google: { type: "string" }, central: { type: "string" } },
  });
  const host = denoHost();
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
      const sha1 = await publishedSha1(url);
      const { digest, sizeBytes } = await fetcher.learn(path, { kind: "https", url, sha1 }, signal);
      return { file: { repository, path, sha256: digest, sha1, sizeBytes }, blob: store.path(digest) };
    })();
    files.set(path, taken);
    return taken;
  };
  const publishedSha1 = async (url: string): Promise<string> => {
    const text = new TextDecoder().decode(
      await fetchDocument(`${url}.sha1`, { host, maxSizeBytes: 4096, signal }),
    );
    const [sha1] = /^[0-9a-f]{40}\b/i.exec(text.trim()) ?? [];
    if (sha1 !== undefined) return sha1.toLowerCase();
    throw new EngineError("source-unavailable", `Cannot pin "${url}": its publisher gives no SHA-1`);
  };
  const repositories: Repositories = {
    text: async (id, fileName) => new TextDecoder().decode(host.fs.readFile((await take(id, fileName)).blob)),
    file: async (id, fileName) => void await take(id, fileName),
  };

  await resolveClosure(CONFIGURATIONS, repositories);
  const locked = (await Promise.all(files.values())).map(({ file }) => file)
    .toSorted((a, b) => a.path < b.path ? -1 : 1);
  const lock: GradleLock = {
    schema: 1,
    requested: CONFIGURATIONS.map((one) => one.map((request) => ({ ...request }))),
    files: locked,
  };
  host.fs.writeFile(join(import.meta.dirname ?? ".", GRADLE_LOCK), `${JSON.stringify(lock, undefined, 1)}\n`);
  const sizeBytes = locked.reduce((sum, file) => sum + file.sizeBytes, 0);
  for (const name of Object.keys(REPOSITORIES)) {
    console.log(`${name}: ${locked.filter(({ repository }) => repository === name).length} files`);
  }
  console.log(`${locked.length} files, ${(sizeBytes / 1e6).toFixed(1)} MB`);
}
