export { removeTree, Store, type WorkFolder } from "./store.ts";
export type { Manifest } from "./manifest.ts";
export { SharedLease } from "./lease.ts";
export { recordUses } from "./uses.ts";
