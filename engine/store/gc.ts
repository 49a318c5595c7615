/**
 * Garbage collection: what nothing leads to any more goes, and more where the store has to fit a size.
 *
 * Roots are the manifests that `latest/` names and those that were used within the grace period. What they lead to
 * stays: images, packages, steps that they read, blobs, checkouts, downloads. The caller holds the store alone, so no
 * build loses under its hands what it has just found.
 *
 * A process may be killed at any point: names go before what they name, so what is left is never half an entry that
 * looks whole, only blobs that nothing refers to, which the next collection takes.
 *
 * @module
 */
import { join } from "node:path";
import type { Digest, StepId } from "../digest.ts";
import { explainIo } from "../error.ts";
import type { Host } from "../host.ts";
import { LEASE_LOCKS } from "./lease.ts";
import { byLastUse, reachable } from "./_reach.ts";
import { type Inventory, type StoredItem, type StoredManifest, takeInventory } from "./inventory.ts";
import { type BlobKey, blobPath, type References } from "./references.ts";
import { type Amount, statsOf } from "./stats.ts";
import { removeTree, type Store } from "./store.ts";
import { usePath } from "./uses.ts";

/** How much to keep. */
export interface GcOptions {
  /** Grace period: what was used, made or begun within it stays. */
  readonly keepMs: number;
  /** Bytes on the disk that the store may take; least recently used manifests go until it fits, whoever names them. */
  readonly maxBytes?: number;
  /** Only says what would go. */
  readonly dryRun?: boolean;
}

/** What a collection can remove. */
export const COLLECTED = [
  "steps",
  "images",
  "packages",
  "damaged manifests",
  "checkouts",
  "blobs",
  "partial downloads",
  "logs of failures",
  "file indexes",
] as const;

/** What went, or would go. */
export interface GcReport {
  readonly removed: Readonly<Record<typeof COLLECTED[number], Amount>>;
  readonly freedBytes: number;
  /** What the store takes on the disk afterwards. */
  readonly keptBytes: number;
}

/**
 * Collects garbage. The caller holds the store alone; see `takeStore`.
 *
 * @throws {EngineError} "permission", "read-only", "io"
 */
export function collectGarbage(host: Host, store: Store, options: GcOptions): GcReport {
  if (options.dryRun !== true) store.sweep();
  const inventory = takeInventory(host, store.root);
  const selection = select(inventory, { ...options, nowMs: host.clock.now() });
  if (options.dryRun !== true) {
    try {
      remove(host, store, { inventory, selection });
    } catch (error) {
      throw explainIo(error, `remove from the store at "${store.root}"`);
    }
  }
  return reportOf(inventory, selection);
}

/** What is to go. */
interface Selection {
  readonly manifests: readonly StoredManifest[];
  readonly checkouts: ReadonlyMap<Digest, StoredItem>;
  readonly blobs: ReadonlySet<BlobKey>;
  readonly downloads: readonly StoredItem[];
  readonly logs: readonly StoredItem[];
  readonly indexes: readonly StoredItem[];
}

function select(inventory: Inventory, options: GcOptions & { readonly nowMs: number }): Selection {
  const cutoffMs = options.nowMs - options.keepMs;
  const isOld = ({ modifiedMs }: StoredItem) => modifiedMs < cutoffMs;
  const downloads = inventory.downloads.filter(isOld);
  const logs = inventory.logs.filter(isOld);
  const indexes = inventory.indexes.filter(isOld);
  const roots = [
    ...inventory.latest.values(),
    ...[...inventory.manifests.values()].filter(({ usedMs }) => usedMs >= cutoffMs).map(({ id }) => id),
  ];
  const kept = new Keep(inventory, reachable(roots, inventory.manifests), cutoffMs);
  if (options.maxBytes !== undefined) {
    const bytes = statsOf(inventory).diskBytes - kept.freedBytes - sum([...downloads, ...logs, ...indexes]);
    kept.shrinkTo(options.maxBytes, bytes);
  }
  return { ...kept.selection(), downloads, logs, indexes };
}

/** What stays, as a count of references: a blob goes with the last that refers to it. */
class Keep {
  readonly #inventory: Inventory;
  readonly #manifests: Set<StepId>;
  readonly #blobUsers = new Map<BlobKey, number>();
  readonly #checkoutUsers = new Map<Digest, number>();
  /** Blobs that no manifest refers to and that are too young to go: a download of a build that was interrupted. */
  readonly #young = new Set<BlobKey>();
  #freedBytes = 0;

  constructor(inventory: Inventory, manifests: Set<StepId>, cutoffMs: number) {
    this.#inventory = inventory;
    this.#manifests = manifests;
    const known = new Set<BlobKey>();
    for (const { id, references, diskBytes } of inventory.manifests.values()) {
      for (const key of blobsOf(references)) known.add(key);
      if (manifests.has(id)) this.#count(references);
      else this.#freedBytes += diskBytes;
    }
    for (const [key, { changedMs, diskBytes }] of inventory.blobs) {
      if (this.#blobUsers.has(key)) continue;
      if (!known.has(key) && changedMs >= cutoffMs) this.#young.add(key);
      else this.#freedBytes += diskBytes;
    }
    for (const [digest, { diskBytes }] of inventory.checkouts) {
      if (!this.#checkoutUsers.has(digest)) this.#freedBytes += diskBytes;
    }
  }

  /** What goes so far, on the disk. */
  get freedBytes(): number {
    return this.#freedBytes;
  }

  /** Drops more until the store takes no more than `maxBytes`, of which it would take `bytes` now. */
  shrinkTo(maxBytes: number, bytes: number): void {
    const before = this.#freedBytes;
    const isTooLarge = () => bytes - (this.#freedBytes - before) > maxBytes;
    for (const key of this.#young) {
      if (!isTooLarge()) return;
      this.#young.delete(key);
      this.#freedBytes += this.#inventory.blobs.get(key)?.diskBytes ?? 0;
    }
    for (const { manifest } of byLastUse(this.#inventory.manifests)) {
      if (!isTooLarge()) return;
      if (this.#manifests.has(manifest.id)) this.#drop(manifest);
    }
  }

  selection(): Pick<Selection, "manifests" | "checkouts" | "blobs"> {
    const { manifests, checkouts, blobs } = this.#inventory;
    return {
      manifests: [...manifests.values()].filter(({ id }) => !this.#manifests.has(id)),
      checkouts: new Map([...checkouts].filter(([digest]) => !this.#checkoutUsers.has(digest))),
      blobs: new Set([...blobs.keys()].filter((key) => !this.#blobUsers.has(key) && !this.#young.has(key))),
    };
  }

  #drop({ id, references, diskBytes }: StoredManifest): void {
    this.#manifests.delete(id);
    this.#freedBytes += diskBytes;
    for (const key of blobsOf(references)) {
      if (release(this.#blobUsers, key)) this.#freedBytes += this.#inventory.blobs.get(key)?.diskBytes ?? 0;
    }
    for (const digest of new Set(references.checkouts)) {
      if (release(this.#checkoutUsers, digest)) {
        this.#freedBytes += this.#inventory.checkouts.get(digest)?.diskBytes ?? 0;
      }
    }
  }

  #count(references: References): void {
    for (const key of blobsOf(references)) this.#blobUsers.set(key, (this.#blobUsers.get(key) ?? 0) + 1);
    for (const digest of new Set(references.checkouts)) {
      this.#checkoutUsers.set(digest, (this.#checkoutUsers.get(digest) ?? 0) + 1);
    }
  }
}

function blobsOf({ outputs, logs, inputs, sources }: References): Set<BlobKey> {
  return new Set([...outputs, ...logs, ...inputs, ...sources]);
}

/** Takes one user away; whether it was the last. */
function release<Key>(users: Map<Key, number>, key: Key): boolean {
  const left = (users.get(key) ?? 1) - 1;
  if (left > 0) {
    users.set(key, left);
    return false;
  }
  return users.delete(key);
}

function remove(
  host: Host,
  store: Store,
  { inventory, selection }: { readonly inventory: Inventory; readonly selection: Selection },
): void {
  const { fs } = host;
  const at = (...parts: string[]) => join(store.root, ...parts);
  const gone = new Set(selection.manifests.map(({ id }) => id));
  for (const [name, id] of inventory.latest) if (gone.has(id)) fs.remove(at("latest", name));
  for (const id of gone) fs.remove(at("manifests", `${id}.json`));
  removeForgottenUses(host, store.root);
  for (const digest of selection.checkouts.keys()) {
    // By one rename, so that no half of it is ever found under its name; the rest is swept if this process dies.
    using work = store.workFolder();
    fs.rename(at("checkouts", digest), join(work.path, "checkout"));
  }
  for (const key of selection.blobs) fs.remove(at(blobPath(key)));
  for (const [name, digest] of inventory.aliases) {
    if (fs.lstat(store.path(digest)) === undefined) fs.remove(at("aliases", name));
  }
  for (const { name } of selection.downloads) removeTree(host, at("downloads", name));
  for (const { name } of selection.logs) removeTree(host, at("logs", name));
  for (const { name } of selection.indexes) fs.remove(at("index", name));
  removeForgottenLocks(host, at("locks"));
}

/** Records of uses of what is not there any more. */
function removeForgottenUses(host: Host, root: string): void {
  if (host.fs.lstat(join(root, "used")) === undefined) return;
  for (const { name } of host.fs.readDir(join(root, "used"))) {
    if (host.fs.lstat(join(root, "manifests", `${name}.json`)) === undefined) {
      host.fs.remove(usePath(root, name as StepId));
    }
  }
}

/** Lock files of processes that were killed: empty, harmless, but ever more of them. */
function removeForgottenLocks(host: Host, folder: string): void {
  for (const { name } of host.fs.readDir(folder)) {
    if (LEASE_LOCKS.includes(name)) continue;
    const path = join(folder, name);
    using lock = host.fs.tryLock(path);
    if (lock !== undefined) host.fs.remove(path);
  }
}

function reportOf(inventory: Inventory, selection: Selection): GcReport {
  const blobs = [...selection.blobs].flatMap((key) => inventory.blobs.get(key) ?? []);
  const manifestsOf = (kind: "step" | "image" | "package" | undefined) =>
    amountOf(selection.manifests.filter(({ manifest }) => manifest?.kind === kind));
  const removed: GcReport["removed"] = {
    steps: manifestsOf("step"),
    images: manifestsOf("image"),
    packages: manifestsOf("package"),
    "damaged manifests": manifestsOf(undefined),
    checkouts: amountOf([...selection.checkouts.values()]),
    blobs: amountOf(blobs),
    "partial downloads": amountOf(selection.downloads),
    "logs of failures": amountOf(selection.logs),
    "file indexes": amountOf(selection.indexes),
  };
  const freedBytes = sum(Object.values(removed));
  return { removed, freedBytes, keptBytes: statsOf(inventory).diskBytes - freedBytes };
}

function amountOf(items: ReadonlyArray<{ readonly diskBytes: number }>): Amount {
  return { count: items.length, diskBytes: sum(items) };
}

function sum(items: ReadonlyArray<{ readonly diskBytes: number }>): number {
  return items.reduce((total, { diskBytes }) => total + diskBytes, 0);
}
