/**
 * What of a finished step the store has lost.
 *
 * @module
 */
import type { Host } from "../host.ts";
import type { Manifest, Store } from "../store/mod.ts";
import type { FileEntry } from "../tree/mod.ts";

/** The files of a manifest whose blobs are gone or of another size; the step's log counts as the file "log". */
export function damagedEntries(manifest: Manifest, host: Host, store: Store): FileEntry[] {
  const log: FileEntry[] = manifest.log === undefined
    ? []
    : [{ kind: "file", path: "log", executable: false, ...manifest.log }];
  return [...manifest.tree, ...log].filter((entry): entry is FileEntry => {
    if (entry.kind !== "file") return false;
    const info = host.fs.lstat(store.path(entry.digest, entry.executable));
    return info?.kind !== "file" || info.sizeBytes !== entry.sizeBytes;
  });
}
