/**
 * All that a store holds, as one list; what statistics and garbage collection start from.
 *
 * @module
 */
import { join } from "node:path";
import { type Digest, isDigest, type StepId } from "../digest.ts";
import { explainIo } from "../error.ts";
import type { FileInfo, Host } from "../host.ts";
import { parseAlias } from "./_alias.ts";
import { fileNameOf } from "./_file_name.ts";
import { type Manifest, parseManifest } from "./manifest.ts";
import { type AliasOf, type BlobKey, blobKey, type References, referencesOf } from "./references.ts";
import { lastUseMs } from "./uses.ts";

/** A manifest with what it refers to. */
export interface StoredManifest {
  readonly id: StepId;
  /** `undefined` where the file is damaged or of a later version. */
  readonly manifest: Pick<Manifest, "kind" | "name"> | undefined;
  readonly references: References;
  /** When a build used it last, or else when it was made; milliseconds since 1970. */
  readonly usedMs: number;
  readonly diskBytes: number;
}

/** A blob. */
export interface StoredBlob {
  readonly diskBytes: number;
  /** When it was made, or its inode last changed. */
  readonly changedMs: number;
}

/** Something else: a file or a whole folder. */
export interface StoredItem {
  readonly name: string;
  readonly diskBytes: number;
  /** The latest time of its files. */
  readonly modifiedMs: number;
}

/** See the module's text. */
export interface Inventory {
  readonly manifests: ReadonlyMap<StepId, StoredManifest>;
  /** The ids that `latest/` names, by file name. */
  readonly latest: ReadonlyMap<string, StepId>;
  readonly blobs: ReadonlyMap<BlobKey, StoredBlob>;
  /** Checkouts by the digest of their tree; bytes are those that blobs do not have already. */
  readonly checkouts: ReadonlyMap<Digest, StoredItem>;
  /** Digests by the file name of the alias. */
  readonly aliases: ReadonlyMap<string, Digest>;
  /** Partial downloads. */
  readonly downloads: readonly StoredItem[];
  /** Logs of steps that failed. */
  readonly logs: readonly StoredItem[];
  /** Work in progress, or left by a process that died. */
  readonly work: readonly StoredItem[];
  /** Digests of repositories' files; see engine/graph/file_index.ts. */
  readonly indexes: readonly StoredItem[];
  /** Disk use of all the rest: the folders themselves, locks, names. */
  readonly restBytes: number;
}

/** Folders whose entries have a meaning of their own. */
const KNOWN = ["blobs", "manifests", "latest", "checkouts", "aliases", "downloads", "logs", "tmp", "index"];

/** Reads what a store holds. What vanishes meanwhile is left out. */
export function takeInventory(host: Host, root: string): Inventory {
  try {
    return new Survey(host, root).take();
  } catch (error) {
    throw explainIo(error, `read the store at "${root}"`);
  }
}

class Survey {
  readonly #host: Host;
  readonly #root: string;
  /** Inodes that have been counted: hard links of blobs take no more room. */
  readonly #counted = new Set<number>();
  #restBytes = 0;

  constructor(host: Host, root: string) {
    this.#host = host;
    this.#root = root;
  }

  take(): Inventory {
    this.#restBytes += this.#allocated(this.#root);
    const blobs = this.#blobs();
    const aliases = new Map(
      this.#texts("aliases").flatMap(([name, text]): Array<[string, Digest]> => {
        const digest = parseAlias(name, text);
        return digest === undefined ? [] : [[name, digest]];
      }),
    );
    const latest = new Map(
      this.#texts("latest").map(([name, text]) => [name, text.trim()] as const)
        .filter((item): item is [string, StepId] => isDigest(item[1])),
    );
    const manifests = this.#manifests(aliasLookup(aliases));
    const checkouts = new Map(this.#items("checkouts").map((item) => [item.name as Digest, item]));
    const items = {
      downloads: this.#items("downloads"),
      logs: this.#items("logs"),
      work: this.#items("tmp"),
      indexes: this.#items("index"),
    };
    for (const { name } of this.#host.fs.readDir(this.#root)) {
      if (!KNOWN.includes(name)) this.#restBytes += this.#item("", name)?.diskBytes ?? 0;
    }
    return { manifests, latest, blobs, checkouts, aliases, ...items, restBytes: this.#restBytes };
  }

  #blobs(): Map<BlobKey, StoredBlob> {
    const blobs = new Map<BlobKey, StoredBlob>();
    for (const prefix of this.#names("blobs")) {
      this.#restBytes += this.#allocated(join(this.#root, "blobs", prefix));
      for (const name of this.#names(join("blobs", prefix))) {
        const info = this.#host.fs.lstat(join(this.#root, "blobs", prefix, name));
        if (info === undefined) continue;
        this.#counted.add(info.inode);
        const key = blobKey(`${prefix}${name}`.slice(0, 64) as Digest, name.endsWith(".x"));
        if (key !== `${prefix}${name}`) this.#restBytes += info.allocatedBytes;
        else blobs.set(key, { diskBytes: info.allocatedBytes, changedMs: info.changedMs });
      }
    }
    return blobs;
  }

  #manifests(aliasOf: AliasOf): Map<StepId, StoredManifest> {
    const manifests = new Map<StepId, StoredManifest>();
    for (const name of this.#names("manifests")) {
      const path = join(this.#root, "manifests", name);
      const id = name.replace(/\.json$/, "");
      const info = this.#host.fs.lstat(path);
      if (info?.kind !== "file") continue;
      if (!isDigest(id) || id === name) {
        this.#restBytes += info.allocatedBytes;
        continue;
      }
      manifests.set(id as StepId, this.#manifest(id as StepId, { path, info, aliasOf }));
    }
    return manifests;
  }

  #manifest(
    id: StepId,
    { path, info, aliasOf }: { readonly path: string; readonly info: FileInfo; readonly aliasOf: AliasOf },
  ): StoredManifest {
    const text = this.#text(path);
    const manifest = text === undefined ? undefined : parseManifest(text, id);
    const usedMs = Math.max(info.modifiedMs, lastUseMs(this.#host, this.#root, id) ?? 0);
    const common = { id, usedMs, diskBytes: info.allocatedBytes };
    if (manifest === undefined) return { ...common, manifest: undefined, references: NOTHING };
    return {
      ...common,
      // Not the whole tree: an image has tens of thousands of entries.
      manifest: { kind: manifest.kind, name: manifest.name },
      references: referencesOf(manifest, aliasOf),
    };
  }

  /** Small files of a folder with their text; they and the folder count as rest. */
  #texts(folder: string): Array<[name: string, text: string]> {
    return this.#names(folder).flatMap((name): Array<[string, string]> => {
      const path = join(this.#root, folder, name);
      this.#restBytes += this.#allocated(path);
      const text = this.#text(path);
      return text === undefined ? [] : [[name, text]];
    });
  }

  #items(folder: string): StoredItem[] {
    return this.#names(folder).flatMap((name) => this.#item(folder, name) ?? []);
  }

  #item(folder: string, name: string): StoredItem | undefined {
    let diskBytes = 0;
    let modifiedMs = 0;
    const visit = (path: string): boolean => {
      const info = this.#host.fs.lstat(path);
      if (info === undefined) return false;
      if (info.kind === "directory" || info.links === 1 || !this.#counted.has(info.inode)) {
        diskBytes += info.allocatedBytes;
        if (info.links > 1) this.#counted.add(info.inode);
      }
      modifiedMs = Math.max(modifiedMs, info.modifiedMs);
      if (info.kind === "directory") {
        for (const entry of this.#namesOf(path)) visit(join(path, entry));
      }
      return true;
    };
    return visit(join(this.#root, folder, name)) ? { name, diskBytes, modifiedMs } : undefined;
  }

  /** The entries of one of the store's folders; the folder itself counts as rest. */
  #names(folder: string): string[] {
    const path = join(this.#root, folder);
    if (KNOWN.includes(folder)) this.#restBytes += this.#allocated(path);
    return this.#namesOf(path);
  }

  #namesOf(path: string): string[] {
    try {
      return this.#host.fs.readDir(path).map(({ name }) => name).sort();
    } catch (error) {
      if (this.#host.fs.lstat(path)?.kind !== "directory") return [];
      throw error;
    }
  }

  #allocated(path: string): number {
    return this.#host.fs.lstat(path)?.allocatedBytes ?? 0;
  }

  #text(path: string): string | undefined {
    try {
      return this.#host.fs.readTextFile(path);
    } catch (error) {
      if (this.#host.fs.lstat(path) === undefined) return undefined;
      throw error;
    }
  }
}

const NOTHING: References = { outputs: [], logs: [], inputs: [], sources: [], manifests: [], checkouts: [] };

/** Finds the SHA-256 of a source by the pin that a step's inputs name, which says less than the alias's own key. */
export function aliasLookup(aliases: ReadonlyMap<string, Digest>): AliasOf {
  return (pin) => {
    const names = [pin, pin.replace(/^git:/, "git+submodules:")].map(fileNameOf);
    const exact = names.map((name) => aliases.get(name)).find((digest) => digest !== undefined);
    if (exact !== undefined || !pin.startsWith("sha256-prefix:")) return exact;
    const prefix = fileNameOf(`${pin}:`);
    return [...aliases].find(([name]) => name.startsWith(prefix))?.[1];
  };
}
