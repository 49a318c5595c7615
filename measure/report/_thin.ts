import { quantileSorted } from "../statistics.ts";

/** A point of a chart. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** More marks than this are not told apart in a chart of 340 pixels, and make the file large. */
export const MAX_POINTS = 600;

/**
 * Points in the order given. Beyond {@linkcode MAX_POINTS} each bucket of neighbours keeps its smallest and largest one,
 * so that no outlier disappears.
 */
export function thinned(points: readonly Point[]): Point[] {
  if (points.length <= MAX_POINTS) return [...points];
  const size = Math.ceil(points.length / (MAX_POINTS / 2));
  const kept: Point[] = [];
  for (let start = 0; start < points.length; start += size) {
    let [low, high] = [start, start];
    for (let i = start; i < Math.min(points.length, start + size); i++) {
      if (points[i]!.y < points[low]!.y) low = i;
      if (points[i]!.y > points[high]!.y) high = i;
    }
    kept.push(...[...new Set([Math.min(low, high), Math.max(low, high)])].map((index) => points[index]!));
  }
  return kept;
}

/**
 * Empirical distribution: y is the share of samples that took at most x. Beyond {@linkcode MAX_POINTS} it is drawn through
 * that many evenly spaced quantiles.
 */
export function ecdfPoints(samples: readonly number[]): Point[] {
  const sorted = Float64Array.from(samples).sort();
  const n = sorted.length;
  // The line starts at zero, where the first sample lies.
  const start = { x: sorted[0]!, y: 0 };
  if (n <= MAX_POINTS) return [start, ...Array.from(sorted, (x, index) => ({ x, y: (index + 1) / n }))];
  const steps = Array.from({ length: MAX_POINTS + 1 }, (_, i) => i / MAX_POINTS);
  return [start, ...steps.map((y) => ({ x: quantileSorted(sorted, y), y }))];
}

/** The samples in ascending order, or so many evenly spaced quantiles of them, extremes included. */
export function quantilesOf(samples: readonly number[], count: number): number[] {
  const sorted = Float64Array.from(samples).sort();
  if (sorted.length <= count) return Array.from(sorted);
  return Array.from({ length: count }, (_, i) => quantileSorted(sorted, i / (count - 1)));
}
