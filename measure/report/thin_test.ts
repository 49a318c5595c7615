import { describe, expect, it } from "vitest";
import { ecdfPoints, MAX_POINTS, quantilesOf, thinned } from "./_thin.ts";

describe("thinned()", () => {
  it("keeps every point where there are few", () => {
    const points = [{ x: 1, y: 5 }, { x: 2, y: 3 }];
    expect(thinned(points)).toEqual(points);
  });

  it("keeps the extremes, in order, where there are many", () => {
    const points = Array.from({ length: 100_000 }, (_, i) => ({ x: i + 1, y: 10 + i % 7 }));
    points[54_321] = { x: 54_322, y: 99 };
    points[12_345] = { x: 12_346, y: 1 };
    const kept = thinned(points);
    expect(kept.length).toBeLessThanOrEqual(MAX_POINTS);
    expect(kept).toContainEqual({ x: 54_322, y: 99 });
    expect(kept).toContainEqual({ x: 12_346, y: 1 });
    expect(kept.every((point, i) => i === 0 || point.x > kept[i - 1]!.x)).toBe(true);
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

describe("quantilesOf()", () => {
  it("gives few samples as they are, in order", () => expect(quantilesOf([3, 1, 2], 5)).toEqual([1, 2, 3]));

  it("gives many as evenly spaced quantiles, extremes included", () => {
    expect(quantilesOf(Array.from({ length: 101 }, (_, i) => 100 - i), 5)).toEqual([0, 25, 50, 75, 100]);
  });
});
