/**
 * What a build would do, and why.
 *
 * @module
 */
import type { Host } from "../host.ts";
import { type Image, imageId, imageInputs } from "../image/mod.ts";
import type { Manifest, Store } from "../store/mod.ts";
import { damagedEntries } from "./damage.ts";
import { explainDifference } from "./explain.ts";
import type { FileIndex } from "./file_index.ts";
import { fingerprint, type FingerprintedStep } from "./fingerprint.ts";
import { describeReason, type Reason } from "./reason.ts";
import { type Step, stepInputs } from "./step.ts";

/** One step of a plan. */
export interface PlannedStep extends FingerprintedStep {
  readonly status: "hit" | "miss";
  /** Whether a build has to run it. A miss that only hits depend on is not needed. */
  readonly needed: boolean;
  /** Why it is a miss; "" for a hit. */
  readonly reason: string;
  /** All reasons, as data. */
  readonly reasons: readonly Reason[];
  /** What the store has for it. */
  readonly manifest: Manifest | undefined;
}

/** Options of {@linkcode plan}. */
export interface PlanOptions {
  readonly host: Host;
  readonly store: Store;
  readonly repository: string;
  /** Knows the digests of files that did not change. */
  readonly index?: FileIndex | undefined;
}

/** The steps that the targets need, in order, each with its status. */
export function plan(targets: readonly Step[], options: PlanOptions): PlannedStep[] {
  const { store } = options;
  const fingerprinted = fingerprint(targets, options);
  const manifests = new Map(fingerprinted.map(({ step, id }) => [step, store.hit(id)]));
  const needed = neededSteps(targets, (step) => manifests.get(step) !== undefined);
  const images = new Map(
    [...new Set(fingerprinted.map(({ step }) => step.image))].map((
      image,
    ) => [imageId(image) as string, image]),
  );
  return fingerprinted.map((found) => {
    const manifest = manifests.get(found.step);
    const reasons = manifest === undefined ? missReasons(found, images, options) : [];
    return {
      ...found,
      status: manifest === undefined ? "miss" : "hit",
      needed: needed.has(found.step),
      reason: summarize(reasons),
      reasons,
      manifest,
    };
  });
}

function neededSteps(targets: readonly Step[], isHit: (step: Step) => boolean): Set<Step> {
  const needed = new Set<Step>();
  const pending = [...targets];
  for (let step = pending.pop(); step !== undefined; step = pending.pop()) {
    if (needed.has(step) || isHit(step)) continue;
    needed.add(step);
    pending.push(...stepInputs(step));
  }
  return needed;
}

/** The first reasons in words, and how many more there are. */
function summarize(reasons: readonly Reason[]): string {
  const words = reasons.slice(0, 3).map(describeReason).join(", ");
  return reasons.length > 3 ? `${words} and ${reasons.length - 3} more` : words;
}

function missReasons(
  found: FingerprintedStep,
  images: ReadonlyMap<string, Image>,
  { host, store }: PlanOptions,
): Reason[] {
  if (store.wasPublished(found.id)) {
    const damaged = store.peek(found.id);
    const entries = damaged === undefined ? [] : damagedEntries(damaged, host, store);
    return [{ kind: "damaged", manifest: damaged === undefined, entries }];
  }
  const last = store.latest(found.step.name);
  if (last === undefined) return [{ kind: "never-built" }];
  return explainDifference(last.inputs, found.inputs, {
    imageInputs: (id) => {
      const image = images.get(id);
      return image === undefined ? store.peek(id as Manifest["id"])?.inputs : imageInputs(image);
    },
  });
}
