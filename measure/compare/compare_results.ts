import { plural } from "../format.ts";
import { mainArms } from "../headline.ts";
import type { Arm, ModelResult, Result } from "../schema.ts";
import { assertRerun, comparableModels, type ModelPair, type Rerun } from "./comparable.ts";
import { processMedians } from "./groups.ts";
import { compareGroups, type Comparison, judgeComparisons, type JudgedComparison } from "./verdict.ts";

/** One arm of one model, before and after. */
export interface ArmComparison extends JudgedComparison {
  readonly model: string;
  readonly arm: string;
  readonly backend: Arm["backend"];
  /**
   * What the rerun says of a slowdown: it is there again, or not. Absent where there is no slowdown, no rerun, or no
   * verdict in it.
   */
  readonly confirmed?: boolean;
}

/** Two results compared. */
export interface ResultComparison {
  readonly before: string;
  readonly after: string;
  readonly arms: readonly ArmComparison[];
  /** What a reader should know: other devices, models that only one of them has. */
  readonly notes: readonly string[];
  /** Slowdowns that a rerun shows again. */
  readonly regressions: readonly ArmComparison[];
  /** Slowdowns that no rerun has confirmed or contradicted yet. */
  readonly unconfirmed: readonly ArmComparison[];
  /** What else keeps the second from passing: models that passed their checks before and do not any more, models not run. */
  readonly failures: readonly string[];
  /** Whether there is at least one verdict and nothing of the above. */
  readonly ok: boolean;
}

/**
 * Compares two results, arm by arm: the times of the processes of `before` with those of `after`.
 *
 * @throws {MeasureError} `not-comparable` if they have no model in common that was made from the same weights for the
 * same inputs, or if the rerun is one of something else
 */
export function compareResults(before: Result, after: Result, rerun?: Rerun): ResultComparison {
  const first = compareOnce(before, after);
  if (rerun !== undefined) assertRerun(before, after, rerun);
  const again = rerun === undefined ? undefined : compareOnce(rerun.before, rerun.after);
  const arms = first.arms.map((one) => confirm(one, again?.arms));
  const slower = arms.filter(({ verdict }) => verdict === "slower");
  const regressions = slower.filter(({ confirmed }) => confirmed === true);
  const unconfirmed = slower.filter(({ confirmed }) => confirmed === undefined);
  const failures = failuresOf(first.pairs, after);
  return {
    before: before.id,
    after: after.id,
    arms,
    notes: [
      ...first.notes,
      ...(again === undefined ? [] : [
        ...again.notes.map((note) => `Rerun: ${note}`),
        ...unconfirmed.map((one) => noVerdict(one, again)),
      ]),
    ],
    regressions,
    unconfirmed,
    failures,
    ok: [regressions, unconfirmed, failures].every(({ length }) => length === 0) &&
      arms.some(({ verdict }) => verdict !== "invalid"),
  };
}

/** Only a verdict contradicts: a rerun that says nothing of an arm does not acquit it. */
function confirm(one: ArmComparison, again: readonly ArmComparison[] | undefined): ArmComparison {
  if (one.verdict !== "slower" || again === undefined) return one;
  const second = sameArm(one, again);
  if (second === undefined || second.verdict === "invalid") return one;
  return { ...one, confirmed: second.verdict === "slower" };
}

/** By backend: another count of threads may be the CPU's fastest in the rerun. */
function sameArm({ model, backend }: ArmComparison, arms: readonly ArmComparison[]) {
  return arms.find((arm) => arm.model === model && arm.backend === backend);
}

function noVerdict(one: ArmComparison, again: { readonly arms: readonly ArmComparison[] }): string {
  const reason = sameArm(one, again.arms)?.invalid ?? "it was not measured";
  return `Rerun: no verdict on ${one.model} on ${one.backend}: ${reason}`;
}

/** A slowdown of a model that fails cannot be seen, and must not pass unseen. */
function failuresOf(pairs: readonly ModelPair[], after: Result): string[] {
  return [
    ...pairs.filter(({ model, other }) => model.ok && !other.ok)
      .map(({ other }) => `${other.name} does not pass its checks any more`),
    ...(after.complete ? [] : [`"${after.id}" is incomplete`]),
  ];
}

function compareOnce(before: Result, after: Result) {
  const pairs = comparableModels(before, after);
  const compared = pairs.flatMap(({ model, other }) => compareModel(model, other));
  const arms: ArmComparison[] = judgeComparisons(compared);
  return { pairs, arms, notes: notesOn(before, after) };
}

/** The arms that a table has room for: the fastest CPU arm of each side, and the Vulkan arm. */
function compareModel(before: ModelResult, after: ModelResult) {
  const [first, second] = [mainArms(before), mainArms(after)];
  return (["cpu", "vulkan"] as const).flatMap((backend) => {
    const [one, other] = [first[backend], second[backend]];
    if (one === undefined || other === undefined) return [];
    const comparison = compareGroups({ before: processMedians(one), after: processMedians(other) });
    return [{ ...refuseFailed(comparison, before, after), model: before.name, arm: one.name, backend }];
  });
}

/** Times of a model with wrong numbers are no times of that model. */
function refuseFailed(comparison: Comparison, before: ModelResult, after: ModelResult): Comparison {
  const failed = [!before.ok && "before", !after.ok && "after"].filter((side) => side !== false);
  if (failed.length === 0) return comparison;
  return {
    ...comparison,
    interval: null,
    p: null,
    invalid: `The model failed its checks ${failed.join(" and ")}`,
  };
}

function notesOn(before: Result, after: Result): string[] {
  const notes: string[] = [];
  const [one, other] = [deviceText(before), deviceText(after)];
  if (one !== other) notes.push(`Other devices: ${one} and ${other}`);
  if (before.environment.cpu.model !== after.environment.cpu.model) {
    notes.push(`Other processors: ${before.environment.cpu.model} and ${after.environment.cpu.model}`);
  }
  const names = new Set(after.models.map(({ name }) => name));
  const missing = before.models.filter(({ name }) => !names.has(name));
  if (missing.length > 0) {
    notes.push(
      `${plural(missing.length, "model")} not in the second: ${missing.map(({ name }) => name).join(", ")}`,
    );
  }
  if (!before.complete) notes.push(`Incomplete: ${before.id}`);
  for (const result of [before, after]) {
    if (result.device?.software) notes.push(`${result.id} ran on Vulkan in software: no times of a GPU`);
  }
  return notes;
}

function deviceText({ device, target }: Result): string {
  return device === null ? target.name : `${device.name}, ${device.driver}`;
}
