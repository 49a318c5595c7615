import { describe, expect, it } from "vitest";
import { simulate, syntheticSource } from "./simulate.ts";
import { compareGroups, judgeComparisons, processesFor, verdictOf } from "./verdict.ts";

const BASE = [10, 10.1, 9.9, 10.05, 9.95, 10.02, 9.98, 10.03];
const scaled = (factor: number) => BASE.map((time) => time * factor);

describe("compareGroups() and verdictOf()", () => {
  it.each([
    [1.1, "slower"],
    [0.9, "faster"],
    [1, "no-difference"],
    // Sure, but too small to matter.
    [1.02, "no-difference"],
  ])("a factor of %s", (factor, verdict) => {
    const comparison = compareGroups({ before: BASE, after: scaled(factor) });
    expect(verdictOf(comparison, comparison.p)).toBe(verdict);
  });

  it("says nothing of few processes", () => {
    const comparison = compareGroups({ before: BASE.slice(0, 3), after: scaled(2) });
    expect(comparison).toMatchObject({ p: null, invalid: "3 processes a side; a verdict needs 7" });
    expect(comparison.ratio).toBeCloseTo(2, 1);
    expect(verdictOf(comparison, null)).toBe("invalid");
  });

  it("says which side was not measured", () => {
    expect(compareGroups({ before: [], after: BASE }).invalid).toBe("No time was measured before");
  });

  it("asks more of a slowdown where noise is larger", () => {
    const noisy = BASE.map((time, i) => time * (1 + (i % 2) * 0.3));
    expect(compareGroups({ before: noisy, after: noisy }).threshold).toBeGreaterThan(0.05);
  });
});

describe("judgeComparisons()", () => {
  const differ = compareGroups({ before: BASE, after: scaled(3) });

  it("adjusts over all that were tested", () => {
    const untested = compareGroups({ before: BASE.slice(0, 3), after: BASE });
    const [first, second, third] = judgeComparisons([differ, untested, differ]);
    expect(first).toMatchObject({ verdict: "slower", adjustedP: differ.p! * 2 });
    expect(second).toMatchObject({ verdict: "invalid", adjustedP: null });
    expect(third).toMatchObject({ verdict: "slower" });
  });

  it("never says no difference where the processes are too few to show one", () => {
    const seven = compareGroups({ before: BASE.slice(0, 7), after: scaled(3).slice(0, 7) });
    expect(judgeComparisons([seven])[0]).toMatchObject({ verdict: "slower" });
    for (const one of judgeComparisons(Array.from({ length: 6 }, () => seven))) {
      expect(one).toMatchObject({
        verdict: "invalid",
        invalid: "7 processes a side cannot tell in 6 comparisons; 8 can",
      });
    }
  });

  it("never says no difference of a ratio that lies beyond the threshold", () => {
    // Three times as slow, but for two processes that lie below those of the other side.
    const after = [...scaled(3).slice(0, 6), 1, 1.1];
    const [one] = judgeComparisons([compareGroups({ before: BASE, after: [...after, ...scaled(3)] })]);
    expect(one).toMatchObject({ verdict: "invalid", invalid: expect.stringContaining("overlap too much") });
  });
});

describe("processesFor()", () => {
  it("is the fewest that can reach the level", () => {
    expect([1, 3, 4, 12, 13, 48].map(processesFor)).toEqual([7, 7, 8, 8, 9, 9]);
  });
});

describe("simulate()", () => {
  it("finds slowdowns and leaves equal arms alone", () => {
    const options = { comparisons: 20, processes: 12, seed: 3 };
    expect(simulate(syntheticSource(0.002), { ...options, slowdown: 0 })).toBe(0);
    expect(simulate(syntheticSource(0.002), { ...options, slowdown: 0.1 })).toBeGreaterThan(15);
  });
});
