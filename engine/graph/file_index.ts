/**
 * Digests of files that were hashed before, by what `lstat` tells of them: a build that changes nothing reads no file.
 *
 * One file in the store for each repository. It is written at once and carries its own checksum; one that is damaged, of
 * another version or of another repository counts as empty.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { type Digest, digestOf, shortDigest } from "../digest.ts";
import type { FileInfo, Host } from "../host.ts";

/**
 * Two changes of a file within one tick of the clock leave the same times; git calls such entries racy. Times come in
 * whole seconds (`ctime`), and on some file systems in steps of two. A file that was changed so shortly before it was
 * hashed is hashed again the next time.
 */
const RACY_MS = 2_000;

const MAGIC = "vkforge file index 1\n";
const DIGEST_LENGTH = 64;
/** Inode, size, modification time, change time. */
const FIELDS = 4;

/** See the module's text. */
export class FileIndex {
  readonly #host: Host;
  readonly #file: string;
  readonly #repository: string;
  #old: StoredEntries | undefined;
  readonly #new = new Map<string, Entry>();
  #isChanged = false;

  private constructor(host: Host, file: string, repository: string) {
    this.#host = host;
    this.#file = file;
    this.#repository = repository;
  }

  /**
   * Opens the index of a repository.
   *
   * @param storeRoot folder of the store
   * @param repository folder that paths are relative to
   */
  static open(host: Host, storeRoot: string, repository: string): FileIndex {
    return new FileIndex(host, indexPath(storeRoot, repository), repository);
  }

  /**
   * The digest of a file: the one that is known if the file has not changed since it was hashed.
   *
   * @param path relative to the repository
   * @param info what `lstat` says of it now
   * @param hash reads and hashes it
   */
  digestOf(path: string, info: FileInfo, hash: () => Digest): Digest {
    this.#old ??= this.#read();
    const old = this.#old.find(path, info);
    if (old !== undefined) return old;
    const known = this.#new.get(path);
    if (known !== undefined && isSame(known, info)) return known.digest;
    // Before the bytes are read: what changes later has a later time.
    const now = this.#host.clock.now();
    const digest = hash();
    if (Math.max(info.modifiedMs, info.changedMs) < now - RACY_MS) {
      this.#new.set(path, entryOf(info, digest));
      this.#isChanged = true;
    }
    return digest;
  }

  /** Writes what was learnt. Never fails: without the index everything is only slower. */
  save(): void {
    if (!this.#isChanged) return;
    this.#isChanged = false;
    const entries = new Map(this.#new);
    for (const [path, entry] of this.#old?.entries() ?? []) {
      if (!entries.has(path) && this.#isCurrent(path, entry)) entries.set(path, entry);
    }
    const temporary = `${this.#file}.${this.#host.machine.pid}.${this.#host.clock.monotonic()}`;
    const { fs } = this.#host;
    try {
      fs.mkdir(dirname(this.#file));
      fs.writeFile(temporary, encode(this.#repository, entries));
      fs.rename(temporary, this.#file);
    } catch {
      try {
        fs.remove(temporary);
      } catch {
        // A read-only store.
      }
    }
  }

  /** Whether a file is still as it was: entries of files that are gone must not pile up. */
  #isCurrent(path: string, entry: Entry): boolean {
    const info = this.#host.fs.lstat(join(this.#repository, path));
    return info !== undefined && isSame(entry, info);
  }

  #read(): StoredEntries {
    const { fs } = this.#host;
    try {
      if (fs.lstat(this.#file) === undefined) return NO_ENTRIES;
      return decode(fs.readFile(this.#file), this.#repository) ?? NO_ENTRIES;
    } catch {
      return NO_ENTRIES;
    }
  }
}

/** Where the index of a repository is. */
export function indexPath(storeRoot: string, repository: string): string {
  return join(storeRoot, "index", shortDigest(digestOf(repository)));
}

interface Entry {
  readonly inode: number;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly changedMs: number;
  readonly digest: Digest;
}

/** Entries as they lie in the file: a hundred thousand of them must not become as many objects. */
interface StoredEntries {
  find(path: string, info: FileInfo): Digest | undefined;
  entries(): Iterable<[path: string, entry: Entry]>;
}

const NO_ENTRIES: StoredEntries = { find: () => undefined, entries: () => [] };

function entryOf({ inode, sizeBytes, modifiedMs, changedMs }: FileInfo, digest: Digest): Entry {
  return { inode, sizeBytes, modifiedMs, changedMs, digest };
}

function isSame(entry: Entry, info: FileInfo): boolean {
  return entry.inode === info.inode && entry.sizeBytes === info.sizeBytes &&
    entry.modifiedMs === info.modifiedMs && entry.changedMs === info.changedMs;
}

/** Magic, SHA-256 of all that follows, lengths, repository and paths, digests, numbers. */
function encode(repository: string, entries: ReadonlyMap<string, Entry>): Uint8Array {
  const numbers = new Float64Array(entries.size * FIELDS);
  const digests: string[] = [];
  for (const { inode, sizeBytes, modifiedMs, changedMs, digest } of entries.values()) {
    numbers.set([inode, sizeBytes, modifiedMs, changedMs], digests.length * FIELDS);
    digests.push(digest);
  }
  const encoder = new TextEncoder();
  const names = encoder.encode([repository, ...entries.keys()].join("\0"));
  const body = concat([
    encoder.encode(`${entries.size} ${names.length}\n`),
    names,
    encoder.encode(digests.join("")),
    new Uint8Array(numbers.buffer),
  ]);
  return concat([encoder.encode(`${MAGIC}${digestOf(body)}\n`), body]);
}

function decode(bytes: Uint8Array, repository: string): StoredEntries | undefined {
  const bodyStart = MAGIC.length + DIGEST_LENGTH + 1;
  const body = bytes.subarray(bodyStart);
  if (text(bytes.subarray(0, bodyStart)) !== `${MAGIC}${digestOf(body)}\n`) return undefined;
  const namesStart = body.indexOf("\n".charCodeAt(0)) + 1;
  const [count = 0, namesLength = 0] = text(body.subarray(0, namesStart)).split(" ").map(Number);
  const digestsStart = namesStart + namesLength;
  const numbersStart = digestsStart + count * DIGEST_LENGTH;
  const [owner, ...paths] = text(body.subarray(namesStart, digestsStart)).split("\0");
  if (owner !== repository) return undefined;
  const digests = text(body.subarray(digestsStart, numbersStart));
  const numbers = new Float64Array(body.slice(numbersStart).buffer);
  const places = new Map(paths.map((path, index) => [path, index]));
  const digestAt = (index: number) =>
    digests.slice(index * DIGEST_LENGTH, (index + 1) * DIGEST_LENGTH) as Digest;
  return {
    find(path, info) {
      const index = places.get(path);
      if (index === undefined) return undefined;
      const field = index * FIELDS;
      const isKnown = numbers[field] === info.inode && numbers[field + 1] === info.sizeBytes &&
        numbers[field + 2] === info.modifiedMs && numbers[field + 3] === info.changedMs;
      return isKnown ? digestAt(index) : undefined;
    },
    *entries() {
      for (const [path, index] of places) {
        const [inode = 0, sizeBytes = 0, modifiedMs = 0, changedMs = 0] = numbers.subarray(index * FIELDS);
        yield [path, { inode, sizeBytes, modifiedMs, changedMs, digest: digestAt(index) }];
      }
    },
  };
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
