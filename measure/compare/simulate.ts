import { type Random, seededRandom } from "../random.ts";
import { holm } from "./holm.ts";
import { compareGroups, verdictOf } from "./verdict.ts";

/** One process's median, drawn anew at each call. */
export type Source = (random: Random) => number;

/** How the drawing went. */
export interface Rates {
  readonly source: string;
  /** Put onto one arm: 0 for equal arms. */
  readonly slowdown: number;
  readonly comparisons: number;
  readonly alarms: number;
}

/** Options of {@linkcode simulate}. */
export interface SimulateOptions {
  readonly slowdown: number;
  readonly comparisons: number;
  /** In each arm. */
  readonly processes: number;
  readonly seed: number;
  /**
   * How often an alarm must repeat with new draws: 1 asks for the rerun that a regression is confirmed with, as
   * `compare --again` does.
   */
  readonly confirmations?: number;
}

/** Counts the comparisons that say "slower", or for equal arms "slower" or "faster". */
export function simulate(source: Source, options: SimulateOptions): number {
  const random = seededRandom(options.seed);
  let alarms = 0;
  for (let i = 0; i < options.comparisons; i++) {
    let alarmed = true;
    for (let round = 0; alarmed && round <= (options.confirmations ?? 0); round++) {
      alarmed = raisesAlarm(source, options, random);
    }
    if (alarmed) alarms++;
  }
  return alarms;
}

/**
 * Made-up processes: medians that vary by `spread` (sigma of their logarithm), and in one process of twenty by a
 * disturbance of up to half as much again, as neighbours on a shared machine make.
 */
export function syntheticSource(spread: number): Source {
  return (random) => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const disturbance = random() < 0.05 ? 1 + random() / 2 : 1;
    return 10 * Math.exp(spread * normal) * disturbance;
  };
}

/** Recorded processes, drawn with replacement. */
export function recordedSource(medians: readonly number[]): Source {
  return (random) => medians[Math.floor(random() * medians.length)]!;
}

function raisesAlarm(source: Source, { processes, slowdown }: SimulateOptions, random: Random): boolean {
  const draw = (factor: number) => Array.from({ length: processes }, () => source(random) * factor);
  const comparison = compareGroups({ before: draw(1), after: draw(1 + slowdown) });
  const verdict = verdictOf(comparison, comparison.p === null ? null : holm([comparison.p])[0]!);
  return verdict === "slower" || (slowdown === 0 && verdict === "faster");
}

/** The goals: at most 4 false alarms of 1,000, at least 95 % of the slowdowns found. */
export function isMet({ slowdown, comparisons, alarms }: Rates): boolean {
  return slowdown === 0 ? alarms <= comparisons * 0.004 : alarms >= comparisons * 0.95;
}
