import {
  mean,
  medianAbsoluteDeviation,
  medianSorted,
  probit,
  sampleStandardDeviation,
} from "simple-statistics";
import { seededRandom } from "./random.ts";

/** A confidence interval. */
export interface Interval {
  /** For example 0.95. */
  readonly level: number;
  readonly low: number;
  readonly high: number;
}

/** Order statistics and spread of a set of samples, in the samples' unit. */
export interface Statistics {
  readonly n: number;
  readonly min: number;
  readonly median: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
  readonly mean: number;
  /** Median absolute deviation from the median, not scaled to a normal distribution's sigma. */
  readonly mad: number;
  /** Sample standard deviation over the mean; `null` below two samples or at mean 0. */
  readonly cv: number | null;
  /** Bootstrap interval of the median; `null` below {@linkcode MIN_BOOTSTRAP_SAMPLES}. */
  readonly medianInterval: Interval | null;
}

/** Fewer samples than this say too little for a percentile interval. */
export const MIN_BOOTSTRAP_SAMPLES = 5;

/**
 * Describes `samples` (finite numbers, at least one).
 *
 * @throws {RangeError} if there is no sample or one is not finite: a missing time must not become a statistic
 */
export function describeSamples(samples: readonly number[]): Statistics {
  const sorted = sortedFinite(samples);
  const list = Array.from(sorted);
  const average = mean(list);
  return {
    n: list.length,
    min: sorted[0]!,
    median: medianSorted(list),
    p90: quantileSorted(sorted, 0.9),
    p99: quantileSorted(sorted, 0.99),
    max: sorted.at(-1)!,
    mean: average,
    mad: medianAbsoluteDeviation(list),
    cv: list.length < 2 || average === 0 ? null : sampleStandardDeviation(list) / average,
    medianInterval: bootstrapMedianInterval(samples),
  };
}

/**
 * The `p` quantile of unsorted samples, by linear interpolation between closest ranks: type 7 of Hyndman and Fan,
 * "Sample quantiles in statistical packages" (1996), the default of R and NumPy. simple-statistics' own `quantile`
 * does not interpolate and so is not used.
 *
 * @throws {RangeError} if there is no sample, one is not finite, or p lies outside [0, 1]
 */
export function quantile(samples: readonly number[], p: number): number {
  return quantileSorted(sortedFinite(samples), p);
}

/** {@linkcode quantile} of samples already sorted in ascending order. */
export function quantileSorted(sorted: ArrayLike<number>, p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`Quantile ${p} lies outside 0 to 1`);
  if (sorted.length === 0) throw new RangeError("No samples");
  const rank = (sorted.length - 1) * p;
  const below = Math.floor(rank);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (rank - below);
}

/** How {@linkcode bootstrapMedianInterval} resamples. */
export interface BootstrapOptions {
  /** Default 0.95. */
  readonly level?: number;
  /** Default 10,000, fewer beyond 500 samples (see {@linkcode DRAW_BUDGET}), none beyond {@linkcode LARGE}. */
  readonly resamples?: number;
  /** Default 1. */
  readonly seed?: number;
}

/**
 * Percentile bootstrap interval of the median (Efron and Tibshirani, "An introduction to the bootstrap", chapter 13),
 * with a seeded generator, so that the same samples always give the same interval.
 *
 * Beyond {@linkcode LARGE} samples it is what infinitely many resamples would give, without drawing any: the two order
 * statistics at n/2 ± z √n/2, since the number of draws below the k-th sample is binomial with probability k/n
 * and so close to normal.
 *
 * It takes the samples as independent. Iterations within one process are not quite: the interval says how well this
 * run's median is known, not how much the next run's will differ.
 *
 * @returns `null` below {@linkcode MIN_BOOTSTRAP_SAMPLES} samples
 * @throws {RangeError} if a sample is not finite
 */
export function bootstrapMedianInterval(
  samples: readonly number[],
  options: BootstrapOptions = {},
): Interval | null {
  if (samples.length < MIN_BOOTSTRAP_SAMPLES) return null;
  const { level = 0.95, resamples = defaultResamples(samples.length), seed = 1 } = options;
  const sorted = sortedFinite(samples);
  if (options.resamples === undefined && sorted.length > LARGE) return rankInterval(sorted, level);
  const random = seededRandom(seed);
  const counts = new Uint32Array(sorted.length);
  const medians = new Float64Array(resamples);
  for (let i = 0; i < resamples; i++) {
    counts.fill(0);
    for (let draw = 0; draw < sorted.length; draw++) counts[Math.floor(random() * sorted.length)]!++;
    medians[i] = medianOfCounts(sorted, counts);
  }
  medians.sort();
  const tail = (1 - level) / 2;
  return { level, low: quantileSorted(medians, tail), high: quantileSorted(medians, 1 - tail) };
}

/** Beyond so many samples a resampled interval and the one by ranks differ by less than a tenth of its width. */
const LARGE = 5_000;

/** Draws spent on one interval: 0.05 s. */
const DRAW_BUDGET = 5_000_000;

function rankInterval(sorted: Float64Array, level: number): Interval {
  const n = sorted.length;
  const reach = probit((1 + level) / 2) * Math.sqrt(n) / 2;
  return {
    level,
    low: sorted[Math.floor(n / 2 - reach)]!,
    high: sorted[Math.min(n - 1, Math.ceil(n / 2 + reach))]!,
  };
}

function defaultResamples(n: number): number {
  return Math.max(1_000, Math.min(10_000, Math.floor(DRAW_BUDGET / n)));
}

/** Median of a resample given as counts per rank: no sorting, O(n). */
function medianOfCounts(sorted: Float64Array, counts: Uint32Array): number {
  const n = sorted.length;
  const lowRank = Math.floor((n - 1) / 2);
  const highRank = Math.floor(n / 2);
  let seen = 0;
  let low: number | undefined;
  for (let i = 0; i < n; i++) {
    seen += counts[i]!;
    if (low === undefined && seen > lowRank) low = sorted[i]!;
    if (seen > highRank) return (low! + sorted[i]!) / 2;
  }
  return sorted[n - 1]!;
}

function sortedFinite(samples: readonly number[]): Float64Array {
  if (samples.length === 0) throw new RangeError("No samples");
  const bad = samples.find((sample) => !Number.isFinite(sample));
  if (bad !== undefined) throw new RangeError(`Sample ${bad} is not a finite number`);
  return Float64Array.from(samples).sort();
}
