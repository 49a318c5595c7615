/**
 * The content-addressed store: blobs by SHA-256, a manifest per finished step written last and by rename.
 *
 *     blobs/ab/cdef…      a file's bytes, read-only; ".x" behind the name where the file is executable
 *     manifests/<id>.json what a step made
 *     latest/<name>       the id last made under a step's name, for `why`
 *     checkouts/<digest>/ trees laid out as folders of hard links, for sandboxes to mount
 *     aliases/<key>       SHA-256 of sources that are pinned by another checksum
 *     downloads/          partial downloads
 *     locks/, tmp/        kernel locks; work in progress, swept when its owner is gone
 *
 * Whatever moment a process dies at, the store holds whole entries or none: content enters by rename, and a manifest
 * counts only while every blob it names is there with its size.
 *
 * @module
 */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { type Digest, digestOf, Hasher, type StepId } from "../digest.ts";
import { EngineError, explainIo } from "../error.ts";
import type { FileLock, Host } from "../host.ts";
import { type FileEntry, type Tree, treeDigest } from "../tree/tree.ts";
import { formatManifest, type Manifest, parseManifest } from "./manifest.ts";

/** Version of the layout above. */
const LAYOUT = "1";

/** Files in the store carry this time, so that no step can tell when its inputs were made (2020-01-01). */
const STORE_TIME_MS = 1577836800000;

const FOLDERS = ["blobs", "manifests", "latest", "checkouts", "aliases", "downloads", "locks", "tmp", "logs"];

/** A folder for work in progress; removed when disposed of, swept by others when the owner dies. */
export interface WorkFolder extends Disposable {
  readonly path: string;
}

/** See the module's text. */
export class Store {
  readonly root: string;
  readonly #host: Host;

  private constructor(host: Host, root: string) {
    this.#host = host;
    this.root = root;
  }

  /**
   * Opens the store at a folder and makes it where it is missing.
   *
   * @throws {EngineError} "store-newer" for a layout of a later version; "read-only", "permission", "disk-full"
   */
  static open(host: Host, root: string): Store {
    const store = new Store(host, root);
    const version = join(root, "version");
    try {
      if (host.fs.lstat(version) === undefined) {
        for (const folder of FOLDERS) host.fs.mkdir(join(root, folder));
        host.fs.writeFile(
          join(root, "CACHEDIR.TAG"),
          "Signature: 8a477f597d28d172789f06886806bc55\n# This folder is a cache of vkforge; see https://bford.info/cachedir/\n",
        );
        host.fs.writeFile(version, LAYOUT);
      }
    } catch (error) {
      throw explainIo(error, `make the store at "${root}"`);
    }
    const found = host.fs.readTextFile(version).trim();
    if (found !== LAYOUT) {
      throw new EngineError(
        "store-newer",
        `Cannot use the store at "${root}": its layout is "${found}", this version knows "${LAYOUT}"`,
        {
          hint: "Point VKFORGE_HOME to another folder, or use the version of vkforge that made this one",
        },
      );
    }
    return store;
  }

  /** Folder of partial downloads. */
  get downloads(): string {
    return join(this.root, "downloads");
  }

  // --- blobs ---

  /** Where a blob is, or would be. */
  path(digest: Digest, executable = false): string {
    return join(this.root, "blobs", digest.slice(0, 2), digest.slice(2) + (executable ? ".x" : ""));
  }

  /** Whether a blob is there. */
  has(digest: Digest): boolean {
    return this.#host.fs.lstat(this.path(digest))?.kind === "file";
  }

  /** Moves a file whose digest the caller has verified into the store. Atomic; another's equal blob is kept. */
  adopt(file: string, digest: Digest, executable = false): void {
    const { fs } = this.#host;
    const path = this.path(digest, executable);
    try {
      fs.chmod(file, executable ? 0o555 : 0o444);
      fs.utime(file, STORE_TIME_MS);
      try {
        fs.rename(file, path);
      } catch (error) {
        if (fs.lstat(join(path, "..")) !== undefined) throw error;
        fs.mkdir(join(path, ".."));
        fs.rename(file, path);
      }
    } catch (error) {
      throw explainIo(error, `put "${digest}" into the store`);
    }
  }

  /** Hashes a file of the store's own file system and moves it into the store. */
  ingest(file: string, executable = false): { digest: Digest; sizeBytes: number } {
    const hasher = new Hasher();
    let sizeBytes = 0;
    try {
      this.#host.fs.readChunks(file, (chunk) => {
        hasher.update(chunk);
        sizeBytes += chunk.length;
      });
    } catch (error) {
      throw explainIo(error, `read "${file}"`);
    }
    const digest = hasher.digest();
    this.adopt(file, digest, executable);
    return { digest, sizeBytes };
  }

  /** Puts bytes into the store. */
  putBytes(bytes: Uint8Array, executable = false): Digest {
    const digest = digestOf(bytes);
    if (this.#host.fs.lstat(this.path(digest, executable))?.sizeBytes === bytes.length) return digest;
    const temporary = join(this.root, "tmp", `${randomUUID()}.new`);
    try {
      this.#host.fs.writeFile(temporary, bytes);
    } catch (error) {
      this.#host.fs.remove(temporary);
      throw explainIo(error, `put "${digest}" into the store`);
    }
    this.adopt(temporary, digest, executable);
    return digest;
  }

  // --- aliases ---

  /** The SHA-256 recorded for another checksum, such as `sha512:…`. */
  alias(key: string): Digest | undefined {
    const path = this.#aliasPath(key);
    return this.#host.fs.lstat(path) === undefined
      ? undefined
      : this.#host.fs.readTextFile(path).trim() as Digest;
  }

  /** Records the SHA-256 of a source that is pinned by another checksum. */
  setAlias(key: string, digest: Digest): void {
    this.#replace(this.#aliasPath(key), digest);
  }

  #aliasPath(key: string): string {
    return join(this.root, "aliases", encodeURIComponent(key));
  }

  // --- manifests ---

  /** The manifest of an id if it is there and every blob it names is; anything else is a miss. */
  hit(id: StepId): Manifest | undefined {
    const manifest = this.peek(id);
    if (manifest === undefined) return undefined;
    for (const entry of manifest.tree) {
      if (entry.kind === "file" && !this.#holds(entry)) return undefined;
    }
    return manifest;
  }

  /** The manifest of an id, whether or not its blobs are there. */
  peek(id: StepId): Manifest | undefined {
    const path = join(this.root, "manifests", `${id}.json`);
    if (this.#host.fs.lstat(path) === undefined) return undefined;
    return parseManifest(this.#host.fs.readTextFile(path), id);
  }

  /** Publishes a finished step; its blobs must be in the store. */
  publish(manifest: Omit<Manifest, "schema" | "treeDigest">): Manifest {
    const whole: Manifest = { schema: 1, ...manifest, treeDigest: treeDigest(manifest.tree) };
    this.#replace(join(this.root, "manifests", `${whole.id}.json`), formatManifest(whole), { sync: true });
    if (whole.kind !== "package") this.#replace(this.#latestPath(whole.name), whole.id);
    return whole;
  }

  /** The manifest last published under a name. */
  latest(name: string): Manifest | undefined {
    const path = this.#latestPath(name);
    if (this.#host.fs.lstat(path) === undefined) return undefined;
    return this.peek(this.#host.fs.readTextFile(path).trim() as StepId);
  }

  #latestPath(name: string): string {
    return join(this.root, "latest", encodeURIComponent(name));
  }

  #holds(entry: FileEntry): boolean {
    const info = this.#host.fs.lstat(this.path(entry.digest, entry.executable));
    return info?.kind === "file" && info.sizeBytes === entry.sizeBytes;
  }

  // --- checkouts ---

  /**
   * A tree as a folder of hard links. Made once per tree and kept; must be mounted or read, never written.
   *
   * @param extend may add to the folder before it gets its name, and gives the tree it made of it
   */
  checkout(tree: Tree): string {
    const digest = treeDigest(tree);
    const path = this.checkoutPath(digest);
    if (this.#host.fs.lstat(path) !== undefined) return path;
    using work = this.workFolder();
    const folder = join(work.path, "tree");
    this.layOut(tree, folder);
    this.keepCheckout(folder, digest);
    return path;
  }

  /** Where the checkout of a tree is, or would be. */
  checkoutPath(digest: Digest): string {
    return join(this.root, "checkouts", digest);
  }

  /** Gives a folder made by {@linkcode layOut} its final name. */
  keepCheckout(folder: string, digest: Digest): void {
    const path = this.checkoutPath(digest);
    try {
      this.#host.fs.rename(folder, path);
    } catch (error) {
      // Another process was first: equal content, nothing lost.
      if (this.#host.fs.lstat(path) === undefined) throw explainIo(error, `lay out "${path}"`);
    }
  }

  /** Lays out a tree as a new folder; files are hard links to blobs. */
  layOut(tree: Tree, folder: string): void {
    const { fs } = this.#host;
    try {
      fs.mkdir(folder);
      const made = new Set<string>();
      for (const entry of tree) {
        const path = join(folder, entry.path);
        const parent = entry.kind === "folder" ? path : join(path, "..");
        if (!made.has(parent)) {
          fs.mkdir(parent);
          made.add(parent);
        }
        if (entry.kind === "file") this.#linkBlob(entry, path);
        else if (entry.kind === "link") fs.symlink(entry.target, path);
      }
    } catch (error) {
      throw explainIo(error, `lay out "${folder}"`);
    }
  }

  #linkBlob(entry: FileEntry, path: string): void {
    const { fs } = this.#host;
    const blob = this.path(entry.digest, entry.executable);
    try {
      fs.link(blob, path);
    } catch (error) {
      if (!isTooManyLinks(error)) throw error;
      fs.copyFile(blob, path);
    }
  }

  // --- work in progress ---

  /** A new folder on the store's file system. */
  workFolder(): WorkFolder {
    const { fs } = this.#host;
    const path = join(this.root, "tmp", `${this.#host.machine.pid}-${randomUUID()}`);
    try {
      const lock = fs.tryLock(`${path}.lock`);
      fs.mkdir(path);
      return {
        path,
        [Symbol.dispose]: () => {
          removeTree(this.#host, path);
          fs.remove(`${path}.lock`);
          lock?.[Symbol.dispose]();
        },
      };
    } catch (error) {
      throw explainIo(error, `make a work folder in "${this.root}"`);
    }
  }

  /** Removes work folders whose owners are gone. */
  sweep(): void {
    const { fs } = this.#host;
    const folder = join(this.root, "tmp");
    for (const { name } of fs.readDir(folder)) {
      if (!name.endsWith(".lock")) continue;
      const lockPath = join(folder, name);
      try {
        using lock = fs.tryLock(lockPath);
        if (lock === undefined) continue;
        removeTree(this.#host, lockPath.slice(0, -".lock".length));
        fs.remove(lockPath);
      } catch {
        // Another user's or a read-only store; harmless leftovers.
      }
    }
  }

  /**
   * Takes the lock of a name, waiting for another process where need be.
   *
   * @param onWait called once if it has to wait
   */
  async lock(name: string, signal: AbortSignal, onWait: () => void = () => {}): Promise<FileLock> {
    const path = join(this.root, "locks", `${encodeURIComponent(name)}.lock`);
    for (let tries = 0;; tries++) {
      let lock: FileLock | undefined;
      try {
        lock = this.#host.fs.tryLock(path);
      } catch (error) {
        throw explainIo(error, `lock "${path}"`);
      }
      if (lock !== undefined) return lock;
      if (tries === 0) onWait();
      await this.#host.clock.sleep(100, signal);
    }
  }

  /** Keeps a failed step's output where people can read it, and gives its path. */
  keepLog(name: string, file: string): string {
    const path = join(this.root, "logs", `${encodeURIComponent(name)}.log`);
    this.#host.fs.rename(file, path);
    return path;
  }

  /** Writes a small file so that readers see the old or the new content, nothing between. */
  #replace(path: string, text: string, options: { sync?: boolean } = {}): void {
    const { fs } = this.#host;
    const temporary = join(this.root, "tmp", `${randomUUID()}.new`);
    try {
      {
        using file = fs.openWrite(temporary);
        file.write(new TextEncoder().encode(text));
        if (options.sync) file.sync();
      }
      fs.rename(temporary, path);
    } catch (error) {
      try {
        fs.remove(temporary);
      } catch {
        // The first error says more.
      }
      throw explainIo(error, `write "${path}"`);
    }
  }
}

/** Removes a folder even where a step left folders without write permission. */
export function removeTree(host: Host, path: string): void {
  try {
    host.fs.remove(path);
  } catch {
    makeWritable(host, path);
    host.fs.remove(path);
  }
}

function makeWritable(host: Host, path: string): void {
  const info = host.fs.lstat(path);
  if (info?.kind !== "directory") return;
  host.fs.chmod(path, 0o700);
  for (const entry of host.fs.readDir(path)) {
    if (entry.kind === "directory") makeWritable(host, join(path, entry.name));
  }
}

function isTooManyLinks(error: unknown): boolean {
  return error instanceof Error && error.message.includes("os error 31");
}
