/**
 * Garbage collection: what nothing leads to any more goes, and more where the store has to fit a size.
 *
 * Roots are the manifests that `latest/` names and those that were used within the grace period. What they lead to
 * stays: images, packages, steps that they read, blobs, checkouts, downloads. Aliases stay too: a source that comes
 * again is held to what it was. The caller holds the store alone, so no build loses what it has just found.
 *
 * A process may be killed at any point: names go before what they name, so what is left is never half an entry that
 * looks whole, only blobs that nothing refers to, which the next collection takes.
 *
 * @module
 */
import { join } from "node:path";
import type { StepId } from "../digest.ts";
import { explainIo } from "../error.ts";
import type { Host } from "../host.ts";
import { type Dropped, Keep } from "./_keep.ts";
import { reachable } from "./_reach.ts";
import { type Inventory, type StoredItem, takeInventory } from "./inventory.ts";
import { LEASE_LOCKS } from "./lease.ts";
import { blobPath } from "./references.ts";
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
interface Selection extends Dropped {
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
