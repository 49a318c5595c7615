import type { Interval } from "../statistics.ts";
import { holm } from "./holm.ts";
import { mannWhitney, smallestP } from "./mann_whitney.ts";
import { noiseOf, ratioInterval, ratioOf } from "./ratio.ts";

/** What a comparison comes to. */
export type VerdictKind = "faster" | "slower" | "no-difference" | "invalid";

/** Two groups of processes, one value each: the median time of its steady state. */
export interface Groups {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** A comparison, with its evidence. */
export interface Comparison {
  /** after / before; `null` where there is nothing to divide. */
  readonly ratio: number | null;
  /** Of the ratio, 99 %. */
  readonly interval: Interval | null;
  /** Mann-Whitney, two-sided, not yet adjusted for other comparisons; `null` where it was not done. */
  readonly p: number | null;
  /** The ratio must lie beyond 1 + this, or below its inverse: the larger of {@linkcode MIN_EFFECT} and the noise. */
  readonly threshold: number;
  /** What was measured as noise, as a fraction; `null` below four processes a group. */
  readonly noise: number | null;
  readonly processes: { readonly before: number; readonly after: number };
  /** Why nothing can be said. */
  readonly invalid?: string;
}

/** Below this p, adjusted, a difference is no chance; asv's level. */
export const LEVEL = 0.002;

/** Smaller differences than this are nobody's concern, however sure they are. */
export const MIN_EFFECT = 0.03;

/** Processes that each group needs: of six against six even groups that do not overlap give p = 0.0022. */
export const MIN_PROCESSES = 7;

/** Compares two groups of processes; the verdict follows once all p-values are known: {@linkcode verdictOf}. */
export function compareGroups({ before, after }: Groups): Comparison {
  const processes = { before: before.length, after: after.length };
  const noises = [noiseOf(before), noiseOf(after)].filter((noise) => noise !== null);
  const noise = noises.length === 0 ? null : Math.max(...noises);
  const threshold = Math.max(MIN_EFFECT, noise ?? 0);
  const nothing = { interval: null, p: null, threshold, noise, processes };
  const fewer = Math.min(before.length, after.length);
  if (fewer === 0) {
    return {
      ...nothing,
      ratio: null,
      invalid: `No time was measured ${before.length === 0 ? "before" : "after"}`,
    };
  }
  const ratio = ratioOf(before, after);
  if (fewer < MIN_PROCESSES || smallestP(before.length, after.length) >= LEVEL) {
    return {
      ...nothing,
      ratio,
      invalid: `${fewer} ${fewer === 1 ? "process" : "processes"} a side; a verdict needs ${MIN_PROCESSES}`,
    };
  }
  return {
    ratio,
    interval: ratioInterval(before, after),
    p: mannWhitney(before, after).p,
    threshold,
    noise,
    processes,
  };
}

/**
 * Says what a comparison comes to: faster or slower only where the adjusted p lies below {@linkcode LEVEL} and the whole
 * interval beyond the threshold.
 */
export function verdictOf(comparison: Comparison, adjustedP: number | null): VerdictKind {
  const { interval, threshold } = comparison;
  if (comparison.invalid !== undefined || interval === null || adjustedP === null) return "invalid";
  if (adjustedP < LEVEL && interval.low > 1 + threshold) return "slower";
  if (adjustedP < LEVEL && interval.high < 1 / (1 + threshold)) return "faster";
  return "no-difference";
}

/** A comparison among others. */
export interface JudgedComparison extends Comparison {
  /** Adjusted for all comparisons made together, by Holm's method. */
  readonly adjustedP: number | null;
  readonly verdict: VerdictKind;
}

/**
 * Judges comparisons that are made together. Where the processes are so few that no outcome could reach the level, or where
 * the ratio lies beyond the threshold but chance is not ruled out, there is no verdict: it would say "no difference" of
 * arms that differ.
 */
export function judgeComparisons<T extends Comparison>(
  comparisons: readonly T[],
): Array<T & JudgedComparison> {
  const tests = comparisons.filter(({ p }) => p !== null).length;
  const adjusted = holm(comparisons.flatMap(({ p }) => p ?? []));
  return comparisons.map((comparison) => {
    const adjustedP = comparison.p === null ? null : adjusted.shift()!;
    const verdict = verdictOf(comparison, adjustedP);
    const doubt = verdict === "no-difference" ? doubtOf(comparison, tests, adjustedP!) : undefined;
    return doubt === undefined
      ? { ...comparison, adjustedP, verdict }
      : { ...comparison, adjustedP, verdict: "invalid", invalid: doubt };
  });
}

function doubtOf({ interval, threshold, processes }: Comparison, tests: number, adjustedP: number) {
  const { before, after } = processes;
  if (smallestP(before, after) * tests >= LEVEL) {
    return `${Math.min(before, after)} processes a side cannot tell in ${tests} comparisons; ${
      processesFor(tests)
    } can`;
  }
  const isBeyond = interval !== null && (interval.low > 1 + threshold || interval.high < 1 / (1 + threshold));
  return isBeyond ? `p ${adjustedP.toPrecision(1)}: the processes of both overlap too much` : undefined;
}

/** The fewest processes a side that can reach the level in so many comparisons. */
export function processesFor(tests: number): number {
  let processes = MIN_PROCESSES;
  while (smallestP(processes, processes) * tests >= LEVEL) processes++;
  return processes;
}
