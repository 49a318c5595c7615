import { quantileSorted } from "../statistics.ts";

/** A point of a chart. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** More marks than this are not told apart in a chart of 340 pixels, and make the file large. */
export const MAX_POINTS = 600;

/**
 * Samples over run order (counted from 1). Beyond {@linkcode MAX_POINTS} each bucket of neighbours keeps its smallest and
 * largest sample, so that no outlier disappears.
 */
export function runOrderPoints(samples: readonly number[]): Point[] {
  const points = samples.map((y, index) => ({ x: index + 1, y }));
  if (points.length <= MAX_POINTS) return points;
  const size = Math.ceil(points.length / (MAX_POINTS / 2));
  const kept: Point[] = [];
  for (let start = 0; start < points.length; start += size) {
    const bucket = points.slice(start, start + size);
    const low = bucket.reduce((least, point) => point.y < least.y ? point : least);
    const high = bucket.reduce((most, point) => point.y > most.y ? point : most);
    kept.push(...(low === high ? [low] : [low, high].sort((a, b) => a.x - b.x)));
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
