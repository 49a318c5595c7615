/**
 * Which manifests lead to which, and when each was used last, directly or through another.
 *
 * @module
 */
import type { StepId } from "../digest.ts";
import type { StoredManifest } from "./inventory.ts";

/** A manifest and its place among the others. */
export interface RankedManifest {
  readonly manifest: StoredManifest;
  /** The last use of the manifest or of anything that refers to it. */
  readonly usedMs: number;
}

/**
 * All manifests, least recently used first, and never one before those that refer to it: dropping them from the front
 * takes a step before its image, and an image before its packages.
 */
export function byLastUse(manifests: ReadonlyMap<StepId, StoredManifest>): RankedManifest[] {
  const recentFirst = [...manifests.values()].sort((a, b) => b.usedMs - a.usedMs || (a.id < b.id ? -1 : 1));
  const ranked: RankedManifest[] = [];
  const seen = new Set<StepId>();
  for (const start of recentFirst) {
    // What is met for the first time on the way from here was not used later than this.
    ranked.push(
      ...finishOrder(start, manifests, seen).map((manifest) => ({ manifest, usedMs: start.usedMs })),
    );
  }
  return ranked.reverse();
}

/** All manifests that the roots lead to. */
export function reachable(
  roots: Iterable<StepId>,
  manifests: ReadonlyMap<StepId, StoredManifest>,
): Set<StepId> {
  const seen = new Set<StepId>();
  const pending = [...roots];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const found = manifests.get(id);
    if (found === undefined || seen.has(id)) continue;
    seen.add(id);
    pending.push(...found.references.manifests);
  }
  return seen;
}

/** What a manifest leads to and was not seen yet, each after what it refers to. */
function finishOrder(
  start: StoredManifest,
  manifests: ReadonlyMap<StepId, StoredManifest>,
  seen: Set<StepId>,
): StoredManifest[] {
  const finished: StoredManifest[] = [];
  // Own stack: chains of thousands of steps would overflow the call stack.
  const stack: Array<{ readonly manifest: StoredManifest; next: number }> = [];
  const enter = (manifest: StoredManifest | undefined) => {
    if (manifest === undefined || seen.has(manifest.id)) return;
    seen.add(manifest.id);
    stack.push({ manifest, next: 0 });
  };
  enter(start);
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    const { references } = frame.manifest;
    const id = references.manifests[frame.next++];
    if (id !== undefined) {
      enter(manifests.get(id));
      continue;
    }
    stack.pop();
    finished.push(frame.manifest);
  }
  return finished;
}
