/**
 * What a store holds and what it takes on the disk.
 *
 * @module
 */
import type { Host } from "../host.ts";
import { type Inventory, takeInventory } from "./inventory.ts";
import type { Manifest } from "./manifest.ts";
import type { BlobKey, References } from "./references.ts";

/** What a row of the statistics is about. A blob that several share counts for the first of them in this order. */
export const KINDS = [
  "packages",
  "images",
  "steps",
  "step logs",
  "downloads",
  "inputs",
  "checkouts",
  "partial downloads",
  "logs of failures",
  "work in progress",
  "file indexes",
  "unreferenced",
  "rest",
] as const;

/** One kind of content. */
export type Kind = typeof KINDS[number];

/** How much there is of something. */
export interface Amount {
  readonly count: number;
  /** Real use of the disk: hard links count once, files by the blocks that they take. */
  readonly diskBytes: number;
}

/** See the module's text. */
export interface StoreStats {
  readonly kinds: Readonly<Record<Kind, Amount>>;
  /** Blobs of all kinds. */
  readonly blobs: Amount;
  readonly diskBytes: number;
}

/** Counts what a store holds. */
export function storeStats(host: Host, root: string): StoreStats {
  return statsOf(takeInventory(host, root));
}

/** Counts what is on a list. */
export function statsOf(inventory: Inventory): StoreStats {
  const amounts = new Map(KINDS.map((kind) => [kind, { count: 0, diskBytes: 0 }]));
  const add = (kind: Kind, count: number, diskBytes: number) => {
    const amount = amounts.get(kind);
    if (amount === undefined) return;
    amount.count += count;
    amount.diskBytes += diskBytes;
  };
  const blobs = new Map(inventory.blobs);
  /** Counts blobs that nothing before was counted for. */
  const claim = (kind: Kind, keys: Iterable<BlobKey>, isCounted: boolean) => {
    for (const key of keys) {
      const blob = blobs.get(key);
      if (blob === undefined) continue;
      blobs.delete(key);
      add(kind, isCounted ? 1 : 0, blob.diskBytes);
    }
  };
  const manifests = [...inventory.manifests.values()];
  for (const { manifest, diskBytes } of manifests) {
    add(manifest === undefined ? "unreferenced" : ROW_OF[manifest.kind], 1, diskBytes);
  }
  for (const kind of ["package", "image", "step"] as const) {
    for (const { manifest, references } of manifests) {
      if (manifest?.kind === kind) claim(ROW_OF[kind], references.outputs, false);
    }
  }
  for (const [row, member] of REFERENCED) {
    for (const { references } of manifests) claim(row, references[member], true);
  }
  claim("unreferenced", blobs.keys(), true);
  const laidOut = new Set(manifests.flatMap(({ references }) => references.checkouts));
  for (const [digest, { diskBytes }] of inventory.checkouts) {
    add(laidOut.has(digest) ? "checkouts" : "unreferenced", 1, diskBytes);
  }
  const items = [
    ["partial downloads", inventory.downloads],
    ["logs of failures", inventory.logs],
    ["work in progress", inventory.work],
    ["file indexes", inventory.indexes],
  ] as const;
  for (const [kind, list] of items) for (const { diskBytes } of list) add(kind, 1, diskBytes);
  add("rest", 0, inventory.restBytes);
  return {
    kinds: Object.fromEntries(amounts) as Record<Kind, Amount>,
    blobs: {
      count: inventory.blobs.size,
      diskBytes: sum([...inventory.blobs.values()]),
    },
    diskBytes: sum([...amounts.values()]),
  };
}

const ROW_OF: Readonly<Record<Manifest["kind"], Kind>> = {
  package: "packages",
  image: "images",
  step: "steps",
};

const REFERENCED: ReadonlyArray<readonly [Kind, keyof Pick<References, "logs" | "sources" | "inputs">]> = [
  ["step logs", "logs"],
  ["downloads", "sources"],
  ["inputs", "inputs"],
];

function sum(items: ReadonlyArray<{ readonly diskBytes: number }>): number {
  return items.reduce((total, { diskBytes }) => total + diskBytes, 0);
}
