/**
 * Looking after a store: what it holds, whether it is whole, what can go. A front door of its own: builds need none of
 * it.
 *
 * @module
 */
export { COLLECTED, collectGarbage, type GcOptions, type GcReport } from "./gc.ts";
export { shareStore, takeStore, type WaitOptions } from "./lease.ts";
export { type Amount, type Kind, KINDS, type StoreStats, storeStats } from "./stats.ts";
export { type Damage, repairStore, type StoreCheck, verifyStore } from "./verify_store.ts";
