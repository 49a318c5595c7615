/**
 * The drift rule: a Debian version that is gone from the archive and from the snapshot archive gives way to the nearest
 * one that the archive has now, and everything made from it says so.
 *
 * @module
 */
import { EngineError } from "../error.ts";
import type { Drift, EventSink } from "../event.ts";
import type { Host } from "../host.ts";
import type { DebianArchive, LockedPackage, LockedSource } from "../lock/lock_file.ts";
import {
  type DebianIndex,
  type DebianIndexEntry,
  loadDebianIndex,
  type SignatureVerifier,
} from "./debian_index.ts";
import { compareDebianVersions } from "./debian_version.ts";

/** A pinned .deb: from the lock of sources or from an image's lock of packages. */
export type LockedDebian = LockedPackage | (LockedSource & { readonly kind: "debian" });

/** What is used in place of a locked package, and the record of it. */
export interface Drifted<T extends LockedDebian = LockedDebian> {
  /** The new pin, in the form of the old one. */
  readonly locked: T;
  readonly drift: Drift;
}

/** Options of {@linkcode DriftResolver}. */
export interface DriftResolverOptions {
  readonly host: Host;
  readonly archives: Readonly<Record<string, DebianArchive>>;
  readonly emit?: EventSink | undefined;
  /** See `gpgvVerifier`; without one only archives with https URLs are believed. */
  readonly verify?: SignatureVerifier | undefined;
}

/** Resolves drift against the archives' current indexes, each of which is read once. */
export class DriftResolver {
  readonly #options: DriftResolverOptions;
  readonly #indexes = new Map<string, Promise<DebianIndex>>();

  constructor(options: DriftResolverOptions) {
    this.#options = options;
  }

  /**
   * The nearest version of a package that is gone, told as an event of type "drift".
   *
   * @throws {EngineError} "source-gone" if the archive has no version of it; what reading the index throws
   */
  async resolve<T extends LockedDebian>(locked: T, signal?: AbortSignal): Promise<Drifted<T>> {
    const drifted = resolveDrift(locked, await this.#index(locked, signal));
    this.#options.emit?.({ type: "drift", drift: drifted.drift });
    return drifted;
  }

  async #index(locked: LockedDebian, signal: AbortSignal | undefined): Promise<DebianIndex> {
    const archive = this.#options.archives[locked.archive];
    if (archive === undefined) {
      throw new EngineError("lock-malformed", `The lock has no archive "${locked.archive}"`, {
        hint: "Run `deno task lock`",
      });
    }
    const of = locked.path.endsWith(".deb") ? "packages" : "sources";
    const key = `${of} of ${locked.archive}`;
    const known = this.#indexes.get(key);
    if (known !== undefined) return await known;
    const loading = loadDebianIndex(archive, { ...this.#options, of, signal });
    this.#indexes.set(key, loading);
    try {
      return await loading;
    } catch (error) {
      this.#indexes.delete(key);
      throw error;
    }
  }
}

/**
 * The nearest version of a package in an index.
 *
 * @throws {EngineError} "source-gone" if there is none; "digest-mismatch" if the index has the locked version itself
 * with other bytes, which Debian never does
 */
export function resolveDrift<T extends LockedDebian>(locked: T, index: DebianIndex): Drifted<T> {
  const name = "package" in locked ? locked.package : locked.name;
  const role = fileRole(locked.path);
  const entry = nearestVersion(
    index.find(name).filter(({ path }) => fileRole(path) === role),
    locked.version,
  );
  if (entry === undefined) {
    throw new EngineError(
      "source-gone",
      `Cannot replace "${name}" ${locked.version}: the archive "${locked.archive}" has no version of it`,
      { hint: "Name a folder that has the package with --mirror, or do without it and run `deno task lock`" },
    );
  }
  if (entry.path === locked.path && entry.sha256 === locked.sha256) {
    throw new EngineError(
      "source-unavailable",
      `Cannot fetch "${name}" ${locked.version}: the archive lists it but does not give it`,
      {
        hint:
          "The archive may be in the middle of an update; try again in some minutes, or use another mirror",
      },
    );
  }
  if (entry.version === locked.version && locked.sha256 !== undefined && entry.sha256 !== locked.sha256) {
    throw new EngineError(
      "digest-mismatch",
      `Cannot use "${name}" ${locked.version}: the archive's index says sha256 ${entry.sha256}, the lock says ${locked.sha256}`,
      {
        hint: "Debian never changes a version's bytes; look at the archive and at the lock before you go on",
      },
    );
  }
  const { version, path, sha256, sizeBytes } = entry;
  return {
    // Checksums and mirrors of the old version do not fit the new one.
    locked: {
      ...without(locked, ["sha512", "sha1", "sha256Prefix", "mirrors"]),
      version,
      path,
      sha256,
      sizeBytes,
    },
    drift: {
      source: name,
      lockedVersion: locked.version,
      usedVersion: version,
      lockedSha256: locked.sha256 ?? "",
      usedSha256: sha256,
      reason:
        `${locked.version} is neither in the archive nor in the snapshot archive; ${version} is the nearest that the archive has (${
          index.trust === "signature"
            ? "its index is signed by Debian"
            : "its index came over HTTPS, its signature was not checked"
        })`,
    },
  };
}

/** What a file is to its package: ".deb", ".orig.tar.xz", ".debian.tar.xz", ".dsc" and the like. */
export function fileRole(path: string): string {
  return /\.(?:orig(?:-[\w-]+)?\.tar\.\w+(?:\.asc)?|debian\.tar\.\w+|tar\.\w+|\w+)$/.exec(path)?.[0] ?? "";
}

/** The smallest version that is not older than the wanted one, else the largest of the older ones. */
export function nearestVersion(
  entries: readonly DebianIndexEntry[],
  wanted: string,
): DebianIndexEntry | undefined {
  const sorted = entries.toSorted((a, b) => compareDebianVersions(a.version, b.version));
  return sorted.find((entry) => compareDebianVersions(entry.version, wanted) >= 0) ?? sorted.at(-1);
}

function without<T extends object>(value: T, keys: readonly string[]): T {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key))) as T;
}
