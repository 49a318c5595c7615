import { describe, expect, it } from "vitest";
import { noiseOf, ratioInterval, ratioOf } from "./ratio.ts";

const GROUP = [10, 10.1, 9.9, 10.05, 9.95, 10.02, 9.98];

describe("ratioOf()", () => {
  it("divides the medians", () => {
    expect(ratioOf([10, 20, 30], [5, 40, 10])).toBe(0.5);
  });

  it("refuses what is no time", () => {
    expect(() => ratioOf([], [1])).toThrow(RangeError);
    expect(() => ratioOf([1], [0])).toThrow(RangeError);
    expect(() => ratioOf([1], [Infinity])).toThrow(RangeError);
  });
});

describe("ratioInterval()", () => {
  it("holds the ratio, and is the same each time", () => {
    const slower = GROUP.map((time) => time * 1.1);
    const interval = ratioInterval(GROUP, slower);
    expect(interval.low).toBeLessThanOrEqual(1.1);
    expect(interval.high).toBeGreaterThanOrEqual(1.1);
    expect(interval.high - interval.low).toBeLessThan(0.05);
    expect(ratioInterval(GROUP, slower)).toEqual(interval);
  });
});

describe("noiseOf()", () => {
  it("is nothing where all processes are alike, and grows with their spread", () => {
    expect(noiseOf([5, 5, 5, 5])).toBe(0);
    const wide = GROUP.map((time) => 10 + (time - 10) * 10);
    expect(noiseOf(wide)!).toBeGreaterThan(noiseOf(GROUP)! * 5);
  });

  it("needs four processes", () => {
    expect(noiseOf([1, 2, 3])).toBeNull();
  });
});
