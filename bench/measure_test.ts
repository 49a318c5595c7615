import { describe, expect, it } from "vitest";
import { compareArms, isMet, median } from "./measure.ts";

describe("isMet()", () => {
  it.each([
    [{ atMost: 50 }, 50, true],
    [{ atMost: 50 }, 51, false],
    [{ atLeast: 0.7 }, 0.7, true],
    [{ atLeast: 0.7 }, 0.6, false],
  ])("goal %o, value %d: %s", (goal, value, met) => {
    expect(isMet({ what: "", unit: "", value, goal })).toBe(met);
  });

  it("asks nothing where there is no goal", () => {
    expect(isMet({ what: "", unit: "", value: 1 })).toBe(undefined);
  });
});

describe("compareArms()", () => {
  it("takes turns, drops the first round and gives medians", async () => {
    const order: string[] = [];
    const arm = (name: string, times: number[]) => () => {
      order.push(name);
      return Promise.resolve(times.shift() ?? 0);
    };
    const found = await compareArms({ a: arm("a", [99, 3, 1, 2]), b: arm("b", [99, 6, 4, 5]) }, 3);
    expect(order.join("")).toBe("abababab");
    expect(found).toEqual({ a: 2, b: 5 });
  });
});

describe("median()", () => {
  it("is the mean of the two in the middle of an even number", () => {
    expect([median([4, 1, 3, 2]), median([3, 1, 2])]).toEqual([2.5, 2]);
  });
});
