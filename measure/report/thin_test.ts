import { describe, expect, it } from "vitest";
import { ecdfPoints, MAX_POINTS, runOrderPoints } from "./_thin.ts";

describe("runOrderPoints()", () => {
  it("keeps every sample where there are few", () => {
    expect(runOrderPoints([5, 3])).toEqual([{ x: 1, y: 5 }, { x: 2, y: 3 }]);
  });

  it("keeps the extremes, in order, where there are many", () => {
    const samples = Array.from({ length: 100_000 }, (_, i) => 10 + i % 7);
    samples[54_321] = 99;
    samples[12_345] = 1;
    const points = runOrderPoints(samples);
    expect(points.length).toBeLessThanOrEqual(MAX_POINTS);
    expect(points).toContainEqual({ x: 54_322, y: 99 });
    expect(points).toContainEqual({ x: 12_346, y: 1 });
    expect(points.every((point, i) => i === 0 || point.x > points[i - 1]!.x)).toBe(true);
  });
});

describe("ecdfPoints()", () => {
  it("rises by one over n at each sample", () => {
    expect(ecdfPoints([3, 1])).toEqual([{ x: 1, y: 0 }, { x: 1, y: 0.5 }, { x: 3, y: 1 }]);
  });

  it("is drawn through quantiles where there are many", () => {
    const points = ecdfPoints(Array.from({ length: 10_001 }, (_, i) => i));
    expect(points.length).toBe(MAX_POINTS + 2);
    expect(points.at(-1)).toEqual({ x: 10_000, y: 1 });
    expect(points.find((point) => point.y === 0.5)).toEqual({ x: 5_000, y: 0.5 });
  });
});
