/**
 * Brings pinned sources into the store: from the first place that gives the right bytes, several at a time, taking up
 * what an interrupted download left.
 *
 * @module
 */
import { join } from "node:path";
import type { Digest } from "../digest.ts";
import { EngineError, explainIo } from "../error.ts";
import type { EventSink } from "../event.ts";
import type { FileLock, Host } from "../host.ts";
import type { LockedSource } from "../lock/lock_file.ts";
import type { Expected } from "./_checksums.ts";
import { download } from "./_download.ts";
import { type Failure, sourceFailure } from "./_failure.ts";
import { FetchReport } from "./_fetch_report.ts";
import type { GitSource } from "./_git.ts";
import { PartialFile } from "./_partial_file.ts";
import { fileKeyOf, knownDigest, pinOf } from "./_pin.ts";
import { PlaceError } from "./_place_error.ts";
import { retrying } from "./_retry.ts";
import { Slots } from "./_slots.ts";
import type { BlobStore } from "./blob_store.ts";
import { candidates, fileNameOf, publishers, type SourceConfig } from "./candidates.ts";

/** Options of {@linkcode Fetcher}. */
export interface FetcherOptions extends SourceConfig {
  readonly host: Host;
  readonly store: BlobStore;
  readonly emit?: EventSink | undefined;
  /** Takes nothing but what is in the store or in a local folder named as mirror. */
  readonly offline?: boolean | undefined;
  /** Downloads at once. Default: 8. */
  readonly concurrency?: number | undefined;
  /** Tries per place where the failure may pass. Default: 3. */
  readonly attempts?: number | undefined;
  /** Gives up on a connection that brings nothing for this long. Default: 30 s. */
  readonly stallTimeoutMs?: number | undefined;
  /** The most bytes to take for a source whose size the lock does not have. Default: 4 GiB. */
  readonly maxSizeBytes?: number | undefined;
  /** What to do when a source cannot be had, by its name; stands in the error in place of the general hint. */
  readonly hints?: Readonly<Record<string, string>> | undefined;
}

/** A source in the store. */
export interface FetchedSource {
  /** SHA-256, under which the store has it. */
  readonly digest: Digest;
  readonly sizeBytes: number;
  /** The publisher's name for the file, a single path segment. */
  readonly fileName: string;
}

/** See the module's text. */
export class Fetcher {
  readonly #options: FetcherOptions;
  readonly #slots: Slots;
  /** Fetches under way, by pin: a second one of the same pin waits for the first. */
  readonly #underWay = new Map<string, Promise<unknown>>();
  /** Origins that did not answer; tried once and not three times from then on. */
  readonly #silent = new Set<string>();
  readonly #validators = new Map<string, string>();

  constructor(options: FetcherOptions) {
    this.#options = options;
    this.#slots = new Slots(options.concurrency ?? 8);
  }

  /**
   * Brings a pinned source into the store. Costs two stat calls where it is there already.
   *
   * @param name under which events and errors speak of it
   * @throws {EngineError} "digest-mismatch" if a place gave other bytes than the lock says and no other gave the right
   * ones; "source-gone" if it is nowhere any more; "source-unavailable"; "offline"; "interrupted"
   */
  async fetch(name: string, source: LockedSource, signal?: AbortSignal): Promise<FetchedSource> {
    if (pinOf(source) === undefined) {
      throw new EngineError("lock-malformed", `Cannot fetch "${name}": the lock has no checksum of it`, {
        hint: "Run `deno task lock`",
      });
    }
    return this.#find(source) ?? await this.#bring(name, source, signal);
  }

  /**
   * Downloads a source of which nothing or little is known yet, to learn its SHA-256 and size. Whatever checksum it
   * carries is verified. For making pins, never for using them.
   *
   * @throws {EngineError} as {@linkcode fetch}
   */
  async learn(name: string, source: LockedSource, signal?: AbortSignal): Promise<FetchedSource> {
    return await this.#bring(name, source, signal);
  }

  /** Whether a source is in the store already. */
  has(source: LockedSource): boolean {
    return this.#find(source) !== undefined;
  }

  #find(source: LockedSource): FetchedSource | undefined {
    const { store, host } = this.#options;
    const digest = knownDigest(source, store);
    if (digest === undefined || !store.has(digest)) return undefined;
    const sizeBytes = host.fs.lstat(store.path(digest))?.sizeBytes;
    // A blob cut short by a power loss has its name but not its size.
    if (sizeBytes === undefined || sizeBytes !== (source.sizeBytes ?? sizeBytes)) return undefined;
    return { digest, sizeBytes, fileName: fileNameOf(source) };
  }

  /** Brings it under this process's queue and the lock that keeps other processes from doing the same. */
  async #bring(name: string, source: LockedSource, signal: AbortSignal | undefined): Promise<FetchedSource> {
    const { store, host } = this.#options;
    const key = fileKeyOf(source);
    const turn = (this.#underWay.get(key) ?? Promise.resolve()).then(async () => {
      const found = this.#find(source);
      if (found !== undefined) return found;
      using _slot = await this.#slots.take(signal);
      using lock = await this.#lock(name, join(store.downloads, `${key}.lock`), signal);
      const fetched = this.#find(source) ?? await this.#fetchLocked(name, source, { key, signal });
      // Whoever waits for this lock finds the blob; nobody writes under a lock file that is gone.
      host.fs.remove(lock.path);
      return fetched;
    });
    const settled = turn.catch(() => {});
    this.#underWay.set(key, settled);
    try {
      return await turn;
    } catch (error) {
      if (signal?.aborted && !(error instanceof EngineError)) {
        throw signal.reason instanceof EngineError
          ? signal.reason
          : new EngineError("interrupted", `Cannot fetch "${name}": interrupted`);
      }
      throw error;
    } finally {
      if (this.#underWay.get(key) === settled) this.#underWay.delete(key);
    }
  }

  async #lock(name: string, path: string, signal: AbortSignal | undefined): Promise<FileLock> {
    const { host, store, emit } = this.#options;
    for (let tries = 0;; tries++) {
      let lock: FileLock | undefined;
      try {
        if (tries === 0) host.fs.mkdir(store.downloads);
        lock = host.fs.tryLock(path);
      } catch (error) {
        throw explainIo(error, `lock "${path}"`);
      }
      if (lock !== undefined) return lock;
      if (tries === 0) emit?.({ type: "waiting", name, reason: "another process downloads it" });
      await host.clock.sleep(100, signal);
    }
  }

  async #fetchLocked(
    name: string,
    source: LockedSource,
    { key, signal }: { readonly key: string; readonly signal: AbortSignal | undefined },
  ): Promise<FetchedSource> {
    const { host, store, emit } = this.#options;
    const report = new FetchReport(name, { sizeBytes: source.sizeBytes, clock: host.clock, emit });
    const expected: Expected = { ...source, sha256: knownDigest(source, store) };
    const path = join(store.downloads, `${key}.part`);
    const pin = pinOf(source);
    // Without a checksum nothing could tell whether an earlier part belongs to the same file.
    if (pin === undefined) host.fs.remove(path);
    this.#expectRoom(name, source, path);
    const digest = await this.#fromPlaces({ name, source, expected, path, report, signal });
    const sizeBytes = host.fs.lstat(path)?.sizeBytes ?? 0;
    store.adopt(path, digest);
    if (pin !== undefined && source.sha256 === undefined) store.setAlias(pin, digest);
    report.end(sizeBytes);
    return { digest, sizeBytes, fileName: fileNameOf(source) };
  }

  /** Tries one place after the other and gives the digest of what then lies at the job's path. */
  async #fromPlaces(job: Job): Promise<Digest> {
    const { name, source, report } = job;
    const failures: Failure[] = [];
    for (const { url, run } of this.#places(job)) {
      const last = failures.at(-1);
      if (last === undefined) report.start(url);
      else report.move(url, last);
      try {
        const digest = await run();
        report.warnOfWrongBytes(failures);
        return digest;
      } catch (error) {
        if (!(error instanceof PlaceError)) throw error;
        failures.push({ url, error });
      }
    }
    const { offline, hints } = this.#options;
    throw sourceFailure(name, source, {
      failures,
      isOffline: offline === true,
      publishers: publishers(source, this.#options),
      hint: hints?.[name],
    });
  }

  /** The places to try in order; a git repository is the last. */
  #places(job: Job): { readonly url: string; readonly run: () => Promise<Digest> }[] {
    const { source } = job;
    const { offline } = this.#options;
    const urls = candidates(source, this.#options).filter((url) => !offline || url.startsWith("file:"));
    const places = urls.map((url) => ({ url, run: () => this.#fromPlace(url, job) }));
    if (source.kind !== "git" || offline) return places;
    return [...places, { url: source.url, run: () => this.#fromRepository(source, job) }];
  }

  /** Downloads from one place and verifies. */
  async #fromPlace(url: string, job: Job): Promise<Digest> {
    const { host, stallTimeoutMs = 30_000, maxSizeBytes = 4 * 2 ** 30 } = this.#options;
    const { expected, path, report, signal } = job;
    using partial = new PartialFile(host.fs, path, expected);
    const options = {
      host,
      sizeBytes: expected.sizeBytes,
      limitBytes: expected.sizeBytes ?? maxSizeBytes,
      stallTimeoutMs,
      validators: this.#validators,
      isPinned: pinOf(job.source) !== undefined,
      onBytes: () => report.progress(partial.sizeBytes),
      signal,
    };
    let mayStartOver = true;
    return await this.#retrying(url, job, async () => {
      for (;;) {
        try {
          await download(url, partial, options);
          const { sha256, mismatch } = partial.finish();
          if (mismatch === undefined) return sha256;
          throw new PlaceError("mismatch", mismatch);
        } catch (error) {
          if (!(error instanceof PlaceError) || error.failure !== "mismatch") throw error;
          const { hasEarlierBytes } = partial;
          partial.reset();
          // Not this place's bytes may be to blame: once more, all from here.
          if (!hasEarlierBytes || !mayStartOver) throw error;
          mayStartOver = false;
          report.retry(url, error.message, 0);
        }
      }
    });
  }

  /** Makes the archive of a commit from its repository and verifies it. */
  async #fromRepository(source: GitSource, job: Job): Promise<Digest> {
    const { host } = this.#options;
    const { archiveCommit } = await import("./_git.ts");
    return await this.#retrying(source.url, job, async () => {
      using partial = new PartialFile(host.fs, job.path, job.expected);
      partial.reset();
      await archiveCommit(source, { host, name: job.name, partial, signal: job.signal });
      const { sha256, mismatch } = partial.finish();
      if (mismatch === undefined) return sha256;
      partial.reset();
      throw new PlaceError("mismatch", mismatch);
    });
  }

  /** Repeats what may pass; an origin that has not answered before gets one try only. */
  async #retrying<T>(url: string, { report, signal }: Job, action: () => Promise<T>): Promise<T> {
    const { host, attempts = 3 } = this.#options;
    const origin = URL.parse(url)?.host ?? "";
    try {
      const result = await retrying(action, {
        host,
        attempts: this.#silent.has(origin) ? 1 : attempts,
        signal,
        onRetry: (error, attempt) => report.retry(url, error.message, attempt),
      });
      this.#silent.delete(origin);
      return result;
    } catch (error) {
      if (error instanceof PlaceError && error.failure === "unreachable") this.#silent.add(origin);
      throw error;
    }
  }

  /** Tells before the first byte, rather than after the last that fits, that the disk is too small. */
  #expectRoom(name: string, source: LockedSource, path: string): void {
    const { fs } = this.#options.host;
    if (source.sizeBytes === undefined) return;
    const neededBytes = source.sizeBytes - (fs.lstat(path)?.sizeBytes ?? 0);
    const freeBytes = fs.freeBytes(path);
    if (freeBytes >= neededBytes) return;
    throw new EngineError(
      "disk-full",
      `Cannot fetch "${name}": it needs ${neededBytes} bytes, ${freeBytes} are free at "${path}"`,
      { hint: "Free some space or point VKFORGE_HOME to a larger disk; nothing that was finished is lost" },
    );
  }
}

interface Job {
  readonly name: string;
  readonly source: LockedSource;
  readonly expected: Expected;
  /** Where the bytes are gathered. */
  readonly path: string;
  readonly report: FetchReport;
  readonly signal: AbortSignal | undefined;
}
