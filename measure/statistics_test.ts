import { describe, expect, it } from "vitest";
import { seededRandom } from "./random.ts";
import { bootstrapMedianInterval, describeSamples, quantile } from "./statistics.ts";

describe("quantile()", () => {
  // numpy.quantile([1, 2, 4, 8, 16], p), R's default type 7.
  const type7 = [[0, 1], [0.1, 1.4], [0.5, 4], [0.9, 12.8], [0.99, 15.68], [1, 16]] as const;
  for (const [p, expected] of type7) {
    it(`interpolates as type 7 at ${p}`, () => {
      expect(quantile([16, 8, 4, 2, 1], p)).toBeCloseTo(expected, 12);
    });
  }

  it("of one sample is the sample", () => expect(quantile([3], 0.99)).toBe(3));

  it("refuses no samples, NaN and p outside 0 to 1", () => {
    expect(() => quantile([], 0.5)).toThrow("No samples");
    expect(() => quantile([1, NaN], 0.5)).toThrow("not a finite number");
    expect(() => quantile([1], 1.1)).toThrow("outside 0 to 1");
    expect(() => quantile([1], NaN)).toThrow("outside 0 to 1");
  });
});

describe("describeSamples()", () => {
  it("gives the textbook figures", () => {
    const stats = describeSamples([2, 4, 4, 4, 5, 5, 7, 9]);
    expect(stats).toMatchObject({ n: 8, min: 2, median: 4.5, max: 9, mean: 5, mad: 0.5 });
    expect(stats.cv).toBeCloseTo(Math.sqrt(32 / 7) / 5, 12);
  });

  it("of one sample has no spread to tell", () => {
    expect(describeSamples([5])).toMatchObject({ n: 1, median: 5, cv: null, medianInterval: null });
  });

  it("does not reorder its argument", () => {
    const samples = [3, 1, 2];
    describeSamples(samples);
    expect(samples).toEqual([3, 1, 2]);
  });
});

describe("bootstrapMedianInterval()", () => {
  it("gives many samples the interval that resampling would", () => {
    const random = seededRandom(4);
    const samples = Array.from({ length: 6_000 }, () => 10 - Math.log(1 - random()));
    const ranked = bootstrapMedianInterval(samples)!;
    const drawn = bootstrapMedianInterval(samples, { resamples: 2_000 })!;
    const width = drawn.high - drawn.low;
    expect(Math.abs(ranked.low - drawn.low)).toBeLessThan(width / 10);
    expect(Math.abs(ranked.high - drawn.high)).toBeLessThan(width / 10);
  });

  it("is the same for the same samples, in any order", () => {
    const samples = Array.from({ length: 20 }, seededRandom(3));
    expect(bootstrapMedianInterval(samples)).toEqual(bootstrapMedianInterval(samples.toReversed()));
  });

  it("is null below five samples", () => expect(bootstrapMedianInterval([1, 2, 3, 4])).toBe(null));

  it("of equal samples has no width", () => {
    expect(bootstrapMedianInterval([2, 2, 2, 2, 2])).toEqual({ level: 0.95, low: 2, high: 2 });
  });

  it("matches the exact bootstrap distribution", () => {
    // For odd n the resampled median is the k-th order statistic; P(median <= x_(i)) = P(Binomial(n, i/n) >= k).
    const samples = Array.from({ length: 11 }, (_, i) => i + 1);
    const cumulative = samples.map((i) => binomialAtLeast(11, i / 11, 6));
    const exactLow = samples[cumulative.findIndex((p) => p >= 0.025)];
    const exactHigh = samples[cumulative.findIndex((p) => p >= 0.975)];
    expect(bootstrapMedianInterval(samples)).toEqual({ level: 0.95, low: exactLow, high: exactHigh });
  });

  it("covers the true median about as often as its level says", () => {
    const random = seededRandom(11);
    let covered = 0;
    for (let i = 0; i < 300; i++) {
      const samples = Array.from({ length: 40 }, random);
      const interval = bootstrapMedianInterval(samples, { resamples: 1_000, seed: i })!;
      if (interval.low <= 0.5 && interval.high >= 0.5) covered++;
    }
    expect(covered / 300).toBeGreaterThan(0.9);
    expect(covered / 300).toBeLessThan(0.99);
  });
});

function binomialAtLeast(n: number, p: number, k: number): number {
  let total = 0;
  for (let i = k; i <= n; i++) total += choose(n, i) * p ** i * (1 - p) ** (n - i);
  return total;
}

function choose(n: number, k: number): number {
  return k === 0 ? 1 : choose(n - 1, k - 1) * n / k;
}
