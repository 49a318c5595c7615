import { median } from "simple-statistics";
import { type Random, seededRandom } from "../random.ts";
import { type Interval, quantileSorted } from "../statistics.ts";

/** How {@linkcode ratioInterval} resamples. */
export interface RatioOptions {
  /** Default 0.99. */
  readonly level?: number;
  /** Default 10,000. */
  readonly resamples?: number;
  /** Default 1. */
  readonly seed?: number;
}

/**
 * Median of `after` over median of `before`: each value stands for one process (its median time), since iterations
 * within a process are not independent.
 *
 * @throws {RangeError} if a group is empty or holds what is not a time
 */
export function ratioOf(before: readonly number[], after: readonly number[]): number {
  return median(times(after)) / median(times(before));
}

/**
 * Percentile bootstrap interval of {@linkcode ratioOf}: processes of each group are drawn with replacement. The same
 * values always give the same interval.
 */
export function ratioInterval(
  before: readonly number[],
  after: readonly number[],
  { level = 0.99, resamples = 10_000, seed = 1 }: RatioOptions = {},
): Interval {
  const random = seededRandom(seed);
  const draw = [times(before), times(after)].map((group) => medianOfDraw(group, random));
  const ratios = new Float64Array(resamples);
  for (let i = 0; i < resamples; i++) {
    const base = draw[0]!();
    ratios[i] = draw[1]!() / base;
  }
  ratios.sort();
  const tail = (1 - level) / 2;
  return { level, low: quantileSorted(ratios, tail), high: quantileSorted(ratios, 1 - tail) };
}

/**
 * How far the ratio of two groups strays from 1 although nothing differs, as one arm's own processes show: they are
 * halved at random many times; of max(r, 1/r) - 1 the 95 % quantile is taken, and divided by √2, since whole groups have
 * twice the processes of halves. 0.02 says that 2 % are noise. `null` below four processes.
 */
export function noiseOf(group: readonly number[], { halvings = 1_000, seed = 1 } = {}): number | null {
  if (group.length < 4) return null;
  const random = seededRandom(seed);
  const values = times(group);
  const half = Math.floor(values.length / 2);
  const strays = new Float64Array(halvings);
  for (let i = 0; i < halvings; i++) {
    shuffle(values, random);
    const ratio = median(values.slice(0, half)) / median(values.slice(half));
    strays[i] = Math.max(ratio, 1 / ratio) - 1;
  }
  return quantileSorted(strays.sort(), 0.95) / Math.SQRT2;
}

function medianOfDraw(group: readonly number[], random: Random): () => number {
  const n = group.length;
  const drawn = new Float64Array(n);
  return () => {
    for (let i = 0; i < n; i++) drawn[i] = group[Math.floor(random() * n)]!;
    drawn.sort();
    return (drawn[(n - 1) >> 1]! + drawn[n >> 1]!) / 2;
  };
}

/** Fisher and Yates. */
function shuffle(values: number[], random: Random): void {
  for (let i = values.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [values[i], values[j]] = [values[j]!, values[i]!];
  }
}

function times(values: readonly number[]): number[] {
  if (values.length === 0) throw new RangeError("No values");
  const bad = values.find((value) => !(value > 0 && Number.isFinite(value)));
  if (bad !== undefined) throw new RangeError(`Value ${bad} is not a time`);
  return [...values];
}
