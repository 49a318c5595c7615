/**
 * `deno task lock`: resolve what the images ask for, and refresh pins.
 *
 * @module
 */
import { join } from "node:path";
import { dockerfileOf, IMAGES, type ImageSpec } from "../docker/mod.ts";
import { EngineError, type Host, type LockFile, type PackagesLock } from "../engine/mod.ts";
import {
  readLockFile,
  readPackagesLock,
  resolveDebian,
  resolveSource,
  writeLockFile,
  writePackagesLock,
} from "../engine/lock/mod.ts";
import { Fetcher } from "../engine/source/mod.ts";
import { Store } from "../engine/store/mod.ts";
import { shareStore } from "../engine/store/upkeep.ts";
import { LOCK_FILE, packagesLockPath } from "../recipes/project.ts";
import { GRADLE_DEPENDENCIES, lockGradle } from "./_lock_gradle.ts";
import { baseCommand } from "./_options.ts";
import { REPOSITORY, storeRoot } from "./_session.ts";

/** The command. */
export function command(host: Host) {
  return baseCommand("lock", "Resolve and refresh pins")
    .argument("[names...]", "images and sources to refresh; all images if none is named")
    .addHelpText("after", EXAMPLES)
    .option("--google <url>", "gradle-dependencies: a repository to ask in the place of Google's")
    .option("--central <url>", "gradle-dependencies: a repository to ask in the place of Maven Central")
    .action(async (all, { json, ...places }) => {
      const names = all.filter((name) => name !== GRADLE_DEPENDENCIES);
      const isOnlyGradle = names.length < all.length && names.length === 0;
      const lockPath = join(REPOSITORY, LOCK_FILE);
      const lock = await readLockFile(host, lockPath);
      const images = isOnlyGradle
        ? []
        : IMAGES.filter(({ name }) => names.length === 0 || names.includes(name));
      const sources = names.filter((name) => lock.sources[name] !== undefined);
      const unknown = names.find((name) =>
        !sources.includes(name) && !images.some((image) => image.name === name)
      );
      if (unknown !== undefined) throw unknownName(unknown, lock);
      const changes = [
        ...await lockImages(host, images, lock),
        ...await lockSources(host, sources, lock),
        ...(names.length < all.length ? await lockGradle(host, places) : []),
      ];
      if (json) console.log(JSON.stringify({ schema: 1, command: "lock", ok: true, changes }));
      else for (const line of changes.length === 0 ? ["Nothing changed"] : changes) console.log(line);
    });
}

const EXAMPLES = `
Examples:
  deno task lock                 resolve every image anew
  deno task lock vulkan-sdk      one image
  deno task lock swiftshader     one source, same version
  deno task lock gradle-dependencies   what Gradle resolves for the AARs

Needs apt-get (any Debian or Ubuntu, no root): Debian's own solver picks the packages.
`;

async function lockImages(host: Host, images: readonly ImageSpec[], lock: LockFile): Promise<string[]> {
  const changes: string[] = [];
  const stop = new AbortController();
  for (const image of images) {
    const path = packagesLockPath(REPOSITORY, image);
    const folder = join(storeRoot(host), "apt", image.name);
    host.fs.mkdir(folder);
    const packages = await resolveDebian(
      { requested: image.requested, archives: lock.archives },
      { host, folder, signal: stop.signal },
    );
    const before = await readPackagesLock(host, path).catch(() => undefined);
    const requested = Object.fromEntries(
      Object.entries(image.requested).map(([archive, names]) => [archive, [...names]]),
    );
    const packagesLock: PackagesLock = { schema: 1, requested, packages };
    writePackagesLock(host, path, packagesLock);
    if (image.dockerfile) {
      const dockerfile = dockerfileOf(image, packagesLock, lock);
      host.fs.writeFile(join(REPOSITORY, image.folder, "Dockerfile"), dockerfile);
    }
    changes.push(...packageChanges(image.name, before, packages));
  }
  return changes;
}

function packageChanges(
  image: string,
  before: PackagesLock | undefined,
  now: PackagesLock["packages"],
): string[] {
  const old = new Map(before?.packages.map((locked) => [locked.name, locked.version]));
  const current = new Map(now.map((locked) => [locked.name, locked.version]));
  return [
    ...now.flatMap(({ name, version }) => {
      const was = old.get(name);
      if (was === version) return [];
      return [
        was === undefined ? `${image}: ${name} ${version} added` : `${image}: ${name} ${was} → ${version}`,
      ];
    }),
    ...[...old.keys()].filter((name) => !current.has(name)).map((name) => `${image}: ${name} removed`),
  ];
}

async function lockSources(host: Host, names: readonly string[], lock: LockFile): Promise<string[]> {
  if (names.length === 0) return [];
  const store = Store.open(host, storeRoot(host));
  const { signal } = new AbortController();
  using _lease = await shareStore({ host, root: store.root }, { signal });
  using work = store.workFolder();
  const fetcher = new Fetcher({ host, store, archives: lock.archives });
  const sources = { ...lock.sources };
  const changes: string[] = [];
  for (const name of names) {
    const old = sources[name];
    if (old === undefined) continue;
    const pin = await resolveSource(name, old, { host, fetcher, folder: work.path, archives: lock.archives });
    if (JSON.stringify(pin) !== JSON.stringify(old)) changes.push(`${name}: refreshed`);
    sources[name] = pin;
  }
  writeLockFile(host, join(REPOSITORY, LOCK_FILE), { ...lock, sources });
  return changes;
}

function unknownName(name: string, lock: LockFile): EngineError {
  return new EngineError("usage", `Unknown image or source "${name}"`, {
    hint: `There are: ${
      [...IMAGES.map((image) => image.name), ...Object.keys(lock.sources), GRADLE_DEPENDENCIES].join(", ")
    }`,
  });
}
