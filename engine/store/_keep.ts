/**
 * Which manifests, blobs and checkouts a collection keeps.
 *
 * @module
 */
import type { Digest, StepId } from "../digest.ts";
import { byLastUse } from "./_reach.ts";
import type { Inventory, StoredItem, StoredManifest } from "./inventory.ts";
import type { BlobKey, References } from "./references.ts";

/** What goes. */
export interface Dropped {
  readonly manifests: readonly StoredManifest[];
  readonly checkouts: ReadonlyMap<Digest, StoredItem>;
  readonly blobs: ReadonlySet<BlobKey>;
}

/** What stays, as a count of references: a blob goes with the last that refers to it. */
export class Keep {
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

  /** What does not stay. */
  selection(): Dropped {
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
