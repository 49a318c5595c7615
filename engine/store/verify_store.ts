/**
 * Checking a whole store: every byte hashed, every name followed.
 *
 * A build looks at names and sizes only. Bytes that rot under the right name and size are found here.
 *
 * @module
 */
import { join } from "node:path";
import { type Digest, isDigest, type StepId } from "../digest.ts";
import { explainIo } from "../error.ts";
import type { Host } from "../host.ts";
import { type Tree, treeDigest } from "../tree/tree.ts";
import { parseAlias } from "./_alias.ts";
import { fileNameOf } from "./_file_name.ts";
import { hashFile } from "./_hash_file.ts";
import { EXECUTABLE_MODE, FILE_MODE, readCheckout } from "./_read_checkout.ts";
import { aliasLookup } from "./inventory.ts";
import { type Manifest, parseManifest } from "./manifest.ts";
import { type BlobKey, blobKey, blobPath, referencesOf } from "./references.ts";
import { removeTree } from "./store.ts";
import { usePath } from "./uses.ts";

/** Something that is not as it should be. */
export interface Damage {
  readonly kind: "blob" | "manifest" | "latest" | "alias" | "checkout";
  /** Where, below the store's folder. */
  readonly path: string;
  /** What is wrong with it; continues a sentence that begins with the path. */
  readonly problem: string;
}

/** What a check found. */
export interface StoreCheck {
  readonly damages: readonly Damage[];
  /**
   * Paths of what manifests refer to and a hit does not need: packages, downloads, copies of inputs. They are made or
   * fetched again when they are needed.
   */
  readonly absent: readonly string[];
  readonly checked: {
    readonly blobs: number;
    readonly manifests: number;
    readonly checkouts: number;
    readonly hashedBytes: number;
  };
}

/** Checks everything. Changes nothing. */
export function verifyStore(host: Host, root: string): StoreCheck {
  return new Verifier(host, root).run();
}

/**
 * Removes what is damaged, and nothing else: what was made of it is a miss then, and made again. The store must not be
 * in use.
 */
export function repairStore(host: Host, root: string, damages: readonly Damage[]): void {
  const order: ReadonlyArray<Damage["kind"]> = ["latest", "manifest", "checkout", "alias", "blob"];
  for (const { kind, path } of damages.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))) {
    try {
      removeTree(host, join(root, path));
      const id = /^manifests\/(.*)\.json$/.exec(path)?.[1];
      if (kind === "manifest" && id !== undefined) host.fs.remove(usePath(root, id as StepId));
    } catch (error) {
      throw explainIo(error, `remove "${path}" from the store`);
    }
  }
}

/** A blob as it is. */
interface FoundBlob {
  readonly sizeBytes: number;
  readonly isWhole: boolean;
}

class Verifier {
  readonly #host: Host;
  readonly #root: string;
  readonly #damages: Damage[] = [];
  readonly #absent = new Set<string>();
  readonly #blobs = new Map<BlobKey, FoundBlob>();
  /** What the blobs' inodes really hold. */
  readonly #digests = new Map<number, Digest>();
  /** Names of whole manifests. */
  readonly #names = new Map<StepId, string>();
  /** Manifests by the digest of their tree, to say what a checkout lacks. */
  readonly #trees = new Map<Digest, StepId>();
  #manifests = 0;
  #checkouts = 0;
  #hashedBytes = 0;

  constructor(host: Host, root: string) {
    this.#host = host;
    this.#root = root;
  }

  run(): StoreCheck {
    try {
      this.#checkBlobs();
      const aliases = this.#checkAliases();
      const manifests = this.#checkManifests(aliases);
      this.#checkLatest(manifests);
      this.#checkCheckouts();
    } catch (error) {
      throw explainIo(error, `check the store at "${this.#root}"`);
    }
    return {
      damages: this.#damages,
      absent: [...this.#absent].sort(),
      checked: {
        blobs: this.#blobs.size,
        manifests: this.#manifests,
        checkouts: this.#checkouts,
        hashedBytes: this.#hashedBytes,
      },
    };
  }

  #checkBlobs(): void {
    for (const prefix of this.#list("blobs")) {
      for (const name of this.#list(`blobs/${prefix}`)) {
        const path = `blobs/${prefix}/${name}`;
        const executable = name.endsWith(".x");
        const digest = prefix + (executable ? name.slice(0, -2) : name);
        if (prefix.length !== 2 || !isDigest(digest)) {
          this.#report("blob", path, "is not named by a SHA-256");
          continue;
        }
        this.#guard("blob", path, () => this.#checkBlob(digest, executable));
      }
    }
  }

  #checkBlob(digest: Digest, executable: boolean): void {
    const key = blobKey(digest, executable);
    const path = blobPath(key);
    const info = this.#host.fs.lstat(join(this.#root, path));
    if (info === undefined) return;
    if (info.kind !== "file") return this.#report("blob", path, `is a ${info.kind}, not a file`);
    const found = hashFile(this.#host, join(this.#root, path));
    this.#hashedBytes += info.sizeBytes;
    this.#digests.set(info.inode, found);
    const mode = info.mode & 0o7777;
    const rightMode = executable ? EXECUTABLE_MODE : FILE_MODE;
    if (found !== digest) {
      this.#report("blob", path, `holds ${info.sizeBytes} bytes of another SHA-256: ${found}`);
    } else if (mode !== rightMode) {
      this.#report("blob", path, `has the mode ${mode.toString(8)}, not ${rightMode.toString(8)}`);
    }
    this.#blobs.set(key, { sizeBytes: info.sizeBytes, isWhole: found === digest && mode === rightMode });
  }

  #checkAliases(): Map<string, Digest> {
    const aliases = new Map<string, Digest>();
    for (const name of this.#list("aliases")) {
      const path = `aliases/${name}`;
      this.#guard("alias", path, () => {
        const text = this.#text(path);
        if (text === undefined) return;
        const digest = parseAlias(name, text);
        if (digest === undefined) return this.#report("alias", path, "is cut off or altered");
        if (!this.#blobs.has(blobKey(digest))) this.#absent.add(blobPath(blobKey(digest)));
        aliases.set(name, digest);
      });
    }
    return aliases;
  }

  /** The ids of all manifests that are whole. */
  #checkManifests(aliases: ReadonlyMap<string, Digest>): Set<StepId> {
    const aliasOf = aliasLookup(aliases);
    const whole = new Set<StepId>();
    const wanted = new Set<StepId>();
    const reported = new Set<BlobKey>();
    for (const name of this.#list("manifests")) {
      const path = `manifests/${name}`;
      this.#guard("manifest", path, () => {
        const id = name.replace(/\.json$/, "");
        if (!isDigest(id) || id === name) {
          return this.#report("manifest", path, "is not named by a step's id");
        }
        const text = this.#text(path);
        if (text === undefined) return;
        this.#manifests++;
        const manifest = parseManifest(text, id as StepId);
        if (manifest === undefined) {
          return this.#report(
            "manifest",
            path,
            "is cut off, altered or of another id: its checksum does not fit",
          );
        }
        this.#names.set(manifest.id, manifest.name);
        const problem = this.#problemOf(manifest, reported);
        if (problem !== undefined) return this.#report("manifest", path, problem);
        whole.add(manifest.id);
        this.#trees.set(manifest.treeDigest, manifest.id);
        const references = referencesOf(manifest, aliasOf);
        for (const wants of references.manifests) wanted.add(wants);
        for (const key of [...references.sources, ...references.inputs]) {
          if (!this.#blobs.has(key)) this.#absent.add(blobPath(key));
        }
      });
    }
    for (const id of wanted) if (!this.#names.has(id)) this.#absent.add(`manifests/${id}.json`);
    return whole;
  }

  /** What is wrong with a manifest whose text is whole. */
  #problemOf(manifest: Manifest, reported: Set<BlobKey>): string | undefined {
    const who = `(${manifest.kind} "${manifest.name}")`;
    if (treeDigest(manifest.tree) !== manifest.treeDigest) {
      return `${who} says that its tree is ${manifest.treeDigest}, which it is not`;
    }
    const files = manifest.tree.flatMap((entry) => entry.kind === "file" ? [entry] : []);
    const log = manifest.log === undefined ? [] : [{ path: "log", executable: false, ...manifest.log }];
    const problems = [...files, ...log].flatMap(({ path, digest, executable, sizeBytes }) => {
      const key = blobKey(digest, executable);
      const blob = this.#blobs.get(key);
      if (blob === undefined) {
        if (!reported.has(key)) {
          this.#report("blob", blobPath(key), `is not there; ${who} needs it as "${path}"`);
        }
        reported.add(key);
        return [`"${path}", which is not there`];
      }
      if (blob.sizeBytes !== sizeBytes) {
        return [`"${path}", which has ${blob.sizeBytes} bytes, not ${sizeBytes}`];
      }
      return blob.isWhole ? [] : [`"${path}", which is damaged`];
    });
    if (problems.length === 0) return undefined;
    const more = problems.length === 1 ? "" : `, and ${problems.length - 1} more like it`;
    return `${who} names ${problems[0]}${more}`;
  }

  #checkLatest(manifests: ReadonlySet<StepId>): void {
    for (const file of this.#list("latest")) {
      const path = `latest/${file}`;
      this.#guard("latest", path, () => {
        const id = this.#text(path)?.trim();
        if (id === undefined) return;
        if (!isDigest(id)) return this.#report("latest", path, "does not hold a step's id");
        const name = this.#names.get(id as StepId);
        if (name === undefined) {
          this.#absent.add(`manifests/${id}.json`);
          this.#report("latest", path, `names the manifest ${id}, which is not there or damaged`);
        } else if (fileNameOf(name) !== file) {
          this.#report("latest", path, `names a manifest of "${name}"`);
        } else if (!manifests.has(id as StepId)) {
          this.#report("latest", path, `names the manifest ${id}, which is damaged`);
        }
      });
    }
  }

  #checkCheckouts(): void {
    for (const name of this.#list("checkouts")) {
      const path = `checkouts/${name}`;
      if (!isDigest(name)) {
        this.#report("checkout", path, "is not named by a tree's digest");
        continue;
      }
      this.#checkouts++;
      this.#guard("checkout", path, () => {
        if (this.#checkoutProblem(name, (inode) => this.#digests.get(inode)) === undefined) return;
        // Once more, from the bytes: a build may have replaced it, or a blob, while it was read.
        const problem = this.#checkoutProblem(name, () => undefined);
        if (problem !== undefined) this.#report("checkout", path, problem);
      });
    }
  }

  #checkoutProblem(
    digest: Digest,
    digestOfInode: (inode: number) => Digest | undefined,
  ): string | undefined {
    const folder = join(this.#root, "checkouts", digest);
    const info = this.#host.fs.lstat(folder);
    if (info === undefined) return undefined;
    if (info.kind !== "directory") return `is a ${info.kind}, not a folder`;
    const { tree, odd } = readCheckout(folder, { host: this.#host, digestOfInode });
    if (odd.length > 0) return `holds "${odd[0]}", whose kind or mode a tree cannot have`;
    if (treeDigest(tree) === digest) return undefined;
    return this.#difference(digest, tree) ?? "does not hold the tree that it is named by";
  }

  #difference(digest: Digest, found: Tree): string | undefined {
    const id = this.#trees.get(digest);
    const text = id === undefined ? undefined : this.#text(`manifests/${id}.json`);
    const wanted = id === undefined || text === undefined ? undefined : parseManifest(text, id)?.tree;
    if (wanted === undefined) return undefined;
    const entries = new Map(found.map((entry) => [entry.path, treeDigest([entry])]));
    for (const entry of wanted) {
      const other = entries.get(entry.path);
      entries.delete(entry.path);
      if (other === undefined) return `lacks "${entry.path}"`;
      if (other !== treeDigest([entry])) return `holds another "${entry.path}" than its tree`;
    }
    return `holds "${[...entries.keys()][0]}", which is not in its tree`;
  }

  #report(kind: Damage["kind"], path: string, problem: string): void {
    this.#damages.push({ kind, path, problem });
  }

  /** A disk that cannot give the bytes back has damaged them too. */
  #guard(kind: Damage["kind"], path: string, check: () => void): void {
    try {
      check();
    } catch (error) {
      // Whoever uses the store may have removed it meanwhile.
      if (this.#host.fs.lstat(join(this.#root, path)) === undefined) return;
      this.#report(kind, path, `cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #list(folder: string): string[] {
    const path = join(this.#root, folder);
    if (this.#host.fs.lstat(path)?.kind !== "directory") return [];
    return this.#host.fs.readDir(path).map(({ name }) => name).sort();
  }

  #text(path: string): string | undefined {
    const absolute = join(this.#root, path);
    return this.#host.fs.lstat(absolute) === undefined ? undefined : this.#host.fs.readTextFile(absolute);
  }
}
