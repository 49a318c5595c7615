import { describe, expect, it } from "vitest";
import { mannWhitney, smallestP } from "./mann_whitney.ts";

describe("mannWhitney()", () => {
  it("gives what R's wilcox.test gives", () => {
    // wilcox.test(c(1.1,2.2,3.3,4.4), c(2.5,3.5,4.5,5.5,6.5)): W = 3, p-value = 0.1111
    expect(mannWhitney([1.1, 2.2, 3.3, 4.4], [2.5, 3.5, 4.5, 5.5, 6.5])).toEqual({
      u: 3,
      p: expect.closeTo(14 / 126, 12),
      exact: true,
    });
  });

  it("is symmetric", () => {
    const [a, b] = [[3, 1, 4, 1.5, 9], [2, 6, 5, 3.5]];
    expect(mannWhitney(a, b).p).toBeCloseTo(mannWhitney(b, a).p, 12);
    expect(mannWhitney(a, b).u + mannWhitney(b, a).u).toBe(20);
  });

  it("gives the smallest p there is where groups do not overlap", () => {
    const group = (start: number) => Array.from({ length: 7 }, (_, i) => start + i);
    expect(mannWhitney(group(0), group(10)).p).toBeCloseTo(smallestP(7, 7), 12);
    expect(smallestP(7, 7)).toBeCloseTo(2 / 3432, 12);
    expect(smallestP(6, 6)).toBeGreaterThan(0.002);
  });

  it("takes ties into account, by the normal approximation", () => {
    const { p, exact } = mannWhitney([1, 2, 2, 3, 3, 3], [2, 3, 3, 4, 4, 5]);
    expect(exact).toBe(false);
    // Ranks by hand: U = 7, variance 36 / 12 * (13 - 240 / 132).
    expect(p).toBeGreaterThan(0.05);
    expect(p).toBeLessThan(0.12);
    expect(mannWhitney([5, 5, 5], [5, 5, 5]).p).toBe(1);
  });

  it("agrees with itself about large groups, exact and approximate", () => {
    const a = Array.from({ length: 50 }, (_, i) => i);
    const b = Array.from({ length: 50 }, (_, i) => i + 10.5);
    const exact = mannWhitney(a, b);
    const approximate = mannWhitney([...a, 100], [...b, 100.5]);
    expect(exact.exact).toBe(true);
    expect(approximate.exact).toBe(false);
    expect(approximate.p / exact.p).toBeGreaterThan(0.5);
    expect(approximate.p / exact.p).toBeLessThan(2);
  });

  it("refuses empty groups and what is no number", () => {
    expect(() => mannWhitney([], [1])).toThrow(RangeError);
    expect(() => mannWhitney([NaN], [1])).toThrow(RangeError);
  });
});
