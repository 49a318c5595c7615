/**
 * The content-addressed store: blobs by SHA-256, a manifest per finished step written last and by rename.
 *
 *     blobs/ab/cdef…      a file's bytes, read-only; ".x" behind the name where the file is executable
 *     manifests/<id>.json what a step made
 *     latest/<name>       the id last made under a step's name, for `why`
 *     checkouts/<digest>/ trees laid out as folders of hard links, for sandboxes to mount
 *     aliases/<key>       SHA-256 of sources that are pinned by another checksum
 *     used/<id>           when a manifest was used last, as the time of an empty file
 *     index/              digests of repositories' files, by what `lstat` tells of them
 *     downloads/          partial downloads
 *     containers/         what runs in a container engine, and for whom
 *     devices/            locks of devices, held by the commands that use them
 *     locks/, tmp/        kernel locks; work in progress, swept when its owner is gone
 *
 * Whatever moment a process dies at, the store holds whole entries or none: content enters by rename, and a manifest
 * counts only while every blob it names is there with its size.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { type Digest, digestOf, Hasher, isDigest, type StepId } from "../digest.ts";
import { EngineError, explainIo } from "../error.ts";
import type { FileLock, Host } from "../host.ts";
import { type FileEntry, type Tree, treeDigest } from "../tree/tree.ts";
import { formatAlias, parseAlias } from "./_alias.ts";
import { fileNameOf } from "./_file_name.ts";
import { WorkArea, type WorkFolder } from "./_work_area.ts";
import { formatManifest, type Manifest, parseManifest } from "./manifest.ts";

export { removeTree, type WorkFolder } from "./_work_area.ts";

/** Version of the layout above. */
const LAYOUT = "1";

/** Files in the store carry this time, so that no step can tell when its inputs were made (2020-01-01). */
const STORE_TIME_MS = 1577836800000;

const FOLDERS = ["blobs", "manifests", "latest", "checkouts", "aliases", "downloads", "locks", "tmp", "logs"];

/** See the module's text. */
export class Store {
  readonly root: string;
  readonly #host: Host;
  readonly #work: WorkArea;
  /** Checkouts that were found whole since the store was opened. */
  readonly #wholeCheckouts = new Set<Digest>();

  private constructor(host: Host, root: string) {
    this.#host = host;
    this.root = root;
    this.#work = new WorkArea(host, root);
  }

  /**
   * Opens the store at a folder and makes it where it is missing.
   *
   * @throws {EngineError} "store-newer" for a layout of a later version; "read-only", "permission", "disk-full"
   */
  static open(host: Host, root: string): Store {
    const store = new Store(host, root);
    const version = join(root, "version");
    let found: string | undefined;
    try {
      found = store.#read(version)?.trim();
      // Also in a store that is there: people remove folders of a cache by hand.
      for (const folder of found === undefined || found === LAYOUT ? FOLDERS : []) {
        if (host.fs.lstat(join(root, folder)) === undefined) host.fs.mkdir(join(root, folder));
      }
      if (found === undefined) {
        store.#replace(
          join(root, "CACHEDIR.TAG"),
          "Signature: 8a477f597d28d172789f06886806bc55\n# This folder is a cache of vkforge; see https://bford.info/cachedir/\n",
        );
        // Last and by rename: another process must not read half of it.
        store.#replace(version, LAYOUT);
      }
    } catch (error) {
      throw explainIo(error instanceof EngineError ? error.cause : error, `open the store at "${root}"`);
    }
    if (found !== undefined && found !== LAYOUT) {
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

  /** Moves a file whose digest the caller has verified into the store. Atomic; replaces a blob that is there already. */
  adopt(file: string, digest: Digest, executable = false): void {
    const { fs } = this.#host;
    const path = this.path(digest, executable);
    try {
      fs.chmod(file, executable ? 0o555 : 0o444);
      fs.utime(file, STORE_TIME_MS);
      try {
        fs.rename(file, path);
      } catch {
        // The folder was missing, or another process made it just now; anything else fails again.
        fs.mkdir(dirname(path));
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
    this.#work.withNewFile((temporary) => {
      try {
        this.#host.fs.writeFile(temporary, bytes);
      } catch (error) {
        throw explainIo(error, `put "${digest}" into the store`);
      }
      this.adopt(temporary, digest, executable);
    });
    return digest;
  }

  // --- aliases ---

  /** The SHA-256 recorded for another checksum, such as `sha512:…`. */
  alias(key: string): Digest | undefined {
    const name = fileNameOf(key);
    const text = this.#read(join(this.root, "aliases", name));
    return text === undefined ? undefined : parseAlias(name, text);
  }

  /** Records the SHA-256 of a source that is pinned by another checksum. */
  setAlias(key: string, digest: Digest): void {
    const name = fileNameOf(key);
    this.#replace(join(this.root, "aliases", name), formatAlias(name, digest));
  }

  // --- manifests ---

  /** The manifest of an id if it is there and every blob it names is; anything else is a miss. */
  hit(id: StepId): Manifest | undefined {
    const manifest = this.peek(id);
    if (manifest === undefined) return undefined;
    if (manifest.log !== undefined && !this.#holds({ ...manifest.log, executable: false })) return undefined;
    for (const entry of manifest.tree) {
      if (entry.kind === "file" && !this.#holds(entry)) return undefined;
    }
    return manifest;
  }

  /** The manifest of an id, whether or not its blobs are there; `undefined` too where it is damaged. */
  peek(id: StepId): Manifest | undefined {
    const text = this.#read(this.#manifestPath(id));
    return text === undefined ? undefined : parseManifest(text, id);
  }

  /** Whether an id was published here once, whatever has become of it. */
  wasPublished(id: StepId): boolean {
    return this.#host.fs.lstat(this.#manifestPath(id)) !== undefined;
  }

  /** When an id was published here, in milliseconds since 1970. */
  publishedMs(id: StepId): number | undefined {
    return this.#host.fs.lstat(this.#manifestPath(id))?.modifiedMs;
  }

  #manifestPath(id: StepId): string {
    return join(this.root, "manifests", `${id}.json`);
  }

  /** Publishes a finished step; its blobs must be in the store. */
  publish(manifest: Omit<Manifest, "schema" | "treeDigest">): Manifest {
    const whole: Manifest = { schema: 1, ...manifest, treeDigest: treeDigest(manifest.tree) };
    this.#replace(this.#manifestPath(whole.id), formatManifest(whole), { sync: true });
    if (whole.kind !== "package") this.#replace(this.#latestPath(whole.name), whole.id);
    return whole;
  }

  /** The manifest last published under a name. */
  latest(name: string): Manifest | undefined {
    const id = this.#read(this.#latestPath(name))?.trim();
    return id !== undefined && isDigest(id) ? this.peek(id as StepId) : undefined;
  }

  #latestPath(name: string): string {
    return join(this.root, "latest", fileNameOf(name));
  }

  #holds(entry: Pick<FileEntry, "digest" | "sizeBytes" | "executable">): boolean {
    const info = this.#host.fs.lstat(this.path(entry.digest, entry.executable));
    return info?.kind === "file" && info.sizeBytes === entry.sizeBytes;
  }

  // --- checkouts ---

  /**
   * A tree as a folder of hard links. Made once per tree and kept; must be mounted or read, never written. One that has
   * lost something is made anew: its files are the blobs' own inodes, so what damages a blob damages it too, and it
   * stays damaged when the blob is replaced.
   */
  checkout(tree: Tree): string {
    const digest = treeDigest(tree);
    const path = this.checkoutPath(digest);
    if (this.#wholeCheckouts.has(digest)) return path;
    const exists = this.#host.fs.lstat(path) !== undefined;
    if (!exists || !this.#isWhole(tree, path)) {
      using work = this.workFolder();
      const folder = join(work.path, "tree");
      this.layOut(tree, folder);
      if (exists) this.#setAside(path, join(work.path, "damaged"));
      this.keepCheckout(folder, digest);
    }
    this.#wholeCheckouts.add(digest);
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

  #isWhole(tree: Tree, folder: string): boolean {
    const { fs } = this.#host;
    return tree.every((entry) => {
      const info = fs.lstat(join(folder, entry.path));
      switch (entry.kind) {
        case "file":
          return info?.kind === "file" && info.sizeBytes === entry.sizeBytes;
        case "link":
          return info?.kind === "symlink";
        case "folder":
          return info?.kind === "directory";
      }
    });
  }

  #setAside(path: string, to: string): void {
    try {
      this.#host.fs.rename(path, to);
    } catch (error) {
      // Another process was first.
      if (this.#host.fs.lstat(path) !== undefined) throw explainIo(error, `replace "${path}"`);
    }
  }

  /** Lays out a tree as a new folder; files are hard links to blobs. */
  layOut(tree: Tree, folder: string): void {
    const { fs } = this.#host;
    try {
      fs.mkdir(folder);
      const made = new Set<string>(["."]);
      for (const entry of tree) {
        const path = join(folder, entry.path);
        const parent = entry.kind === "folder" ? entry.path : dirname(entry.path);
        if (!made.has(parent)) {
          fs.mkdir(join(folder, parent));
          for (let above = parent; !made.has(above); above = dirname(above)) made.add(above);
        }
        if (entry.kind === "file") this.#linkBlob(entry, path);
        else if (entry.kind === "link") fs.symlink(entry.target, path);
      }
      for (const path of made) fs.utime(join(folder, path), STORE_TIME_MS);
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
      fs.utime(path, STORE_TIME_MS);
    }
  }

  // --- work in progress ---

  /** A new folder on the store's file system. */
  workFolder(): WorkFolder {
    return this.#work.folder();
  }

  /** Removes what processes left that are gone: work in progress and locks. */
  sweep(): void {
    this.#work.sweep();
  }

  /**
   * Takes the lock of a name, waiting for another process where need be.
   *
   * @param onWait called once if it has to wait
   */
  async lock(name: string, signal: AbortSignal, onWait: () => void = () => {}): Promise<FileLock> {
    const path = join(this.root, "locks", `${fileNameOf(name)}.lock`);
    for (let tries = 0;; tries++) {
      let lock: FileLock | undefined;
      try {
        lock = this.#host.fs.tryLock(path);
      } catch (error) {
        throw explainIo(error, `lock "${path}"`);
      }
      if (lock !== undefined) return this.#removedWhenFreed(lock);
      if (tries === 0) onWait();
      await this.#host.clock.sleep(100, signal);
    }
  }

  /** Locks are many and short-lived: one for every id. `tryLock` knows that files of locks may vanish. */
  #removedWhenFreed(lock: FileLock): FileLock {
    return {
      path: lock.path,
      [Symbol.dispose]: () => {
        try {
          this.#host.fs.remove(lock.path);
        } catch {
          // An empty file stays; it keeps nobody out.
        }
        lock[Symbol.dispose]();
      },
    };
  }

  /** Keeps a failed step's output where people can read it, and gives its path. */
  keepLog(name: string, file: string): string {
    const path = join(this.root, "logs", `${fileNameOf(name)}.log`);
    try {
      this.#host.fs.rename(file, path);
    } catch (error) {
      throw explainIo(error, `keep the log of "${name}"`);
    }
    return path;
  }

  /** A small file's text; `undefined` where it is not there. */
  #read(path: string): string | undefined {
    const { fs } = this.#host;
    if (fs.lstat(path) === undefined) return undefined;
    try {
      return fs.readTextFile(path);
    } catch (error) {
      // It may have been removed since.
      if (fs.lstat(path) === undefined) return undefined;
      throw explainIo(error, `read "${path}"`);
    }
  }

  /** Writes a small file so that readers see the old or the new content, nothing between. */
  #replace(path: string, text: string, options: { sync?: boolean } = {}): void {
    const { fs } = this.#host;
    this.#work.withNewFile((temporary) => {
      try {
        {
          using file = fs.openWrite(temporary, { append: true });
          file.write(new TextEncoder().encode(text));
          if (options.sync) file.sync();
        }
        fs.rename(temporary, path);
      } catch (error) {
        throw explainIo(error, `write "${path}"`);
      }
    });
  }
}

function isTooManyLinks(error: unknown): boolean {
  return error instanceof Error && error.message.includes("os error 31");
}
