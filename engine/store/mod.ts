export { removeTree, Store, type WorkFolder } from "./store.ts";
export type { Manifest } from "./manifest.ts";
