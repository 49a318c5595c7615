/**
 * What a build would do, and why.
 *
 * @module
 */
import type { Host } from "../host.ts";
import { imageId, imageInputs } from "../image/mod.ts";
import type { Manifest, Store } from "../store/mod.ts";
import { explainDifference } from "./explain.ts";
import { fingerprint, type FingerprintedStep } from "./fingerprint.ts";
import { type Step, stepInputs } from "./step.ts";

/** One step of a plan. */
export interface PlannedStep extends FingerprintedStep {
  readonly status: "hit" | "miss";
  /** Whether a build has to run it. A miss that only hits depend on is not needed. */
  readonly needed: boolean;
  /** Why it is a miss; "" for a hit. */
  readonly reason: string;
  /** All reasons. */
  readonly reasons: readonly string[];
  /** What the store has for it. */
  readonly manifest: Manifest | undefined;
}

/** Options of {@linkcode plan}. */
export interface PlanOptions {
  readonly host: Host;
  readonly store: Store;
  readonly repository: string;
}

/** The steps that the targets need, in order, each with its status. */
export function plan(targets: readonly Step[], options: PlanOptions): PlannedStep[] {
  const { store } = options;
  const fingerprinted = fingerprint(targets, options);
  const manifests = new Map(fingerprinted.map(({ step, id }) => [step, store.hit(id)]));
  const needed = neededSteps(targets, (step) => manifests.get(step) !== undefined);
  return fingerprinted.map((found) => {
    const manifest = manifests.get(found.step);
    const reasons = manifest === undefined ? missReasons(found, store, fingerprinted) : [];
    return {
      ...found,
      status: manifest === undefined ? "miss" : "hit",
      needed: needed.has(found.step),
      reason: reasons.length > 3
        ? `${reasons.slice(0, 3).join(", ")} and ${reasons.length - 3} more`
        : reasons.join(", "),
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

function missReasons(found: FingerprintedStep, store: Store, all: readonly FingerprintedStep[]): string[] {
  if (store.peek(found.id) !== undefined) return ["its output in the store is damaged or incomplete"];
  const last = store.latest(found.step.name);
  if (last === undefined) return ["never built here"];
  const images = new Map(all.map(({ step }) => [imageId(step.image) as string, step.image]));
  return explainDifference(last.inputs, found.inputs, {
    imageInputs: (id) => {
      const image = images.get(id);
      return image === undefined ? store.peek(id as Manifest["id"])?.inputs : imageInputs(image);
    },
  });
}
