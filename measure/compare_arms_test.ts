import { describe, expect, it } from "vitest";
import { compareArms, withComparisons } from "./compare_arms.ts";
import { judgeModel, type MeasuredModel } from "./judge.ts";
import type { ModelResult } from "./schema.ts";
import { failedModel, fixtureModel, fixtureResult, fixtureRun, wrongModel } from "./testdata/fixture.ts";

describe("compareArms()", () => {
  it("says faster and slower of Vulkan, with ratio, interval and adjusted p", () => {
    const [slow, fast] = compareArms([
      timed("slow", { cpuMs: 30, vulkanMs: 90 }),
      timed("fast", { vulkanMs: 10 }),
    ]);
    expect(slow!.comparison).toMatchObject({ base: "cpu", arm: "vulkan", verdict: "slower", software: true });
    expect(slow!.comparison!.ratio).toBeCloseTo(3, 1);
    expect(slow!.comparison!.interval!.low).toBeGreaterThan(2.5);
    expect(fast!.comparison).toMatchObject({ verdict: "faster" });
    expect(fast!.comparison!.adjustedP).toBeGreaterThan(fast!.comparison!.p!);
  });

  it("says no difference where there is none", () => {
    const [model] = compareArms([timed("even", { cpuMs: 30, vulkanMs: 30 })]);
    expect(model!.comparison).toMatchObject({ verdict: "no-difference" });
    for (const { ratio, noise } of model!.comparison!.aa) {
      expect(ratio).toBeCloseTo(1, 1);
      expect(noise).toBeLessThan(0.05);
    }
  });

  it("says nothing, and why, on too few processes; the ratio is there", () => {
    const [model] = compareArms([timed("few", { processes: 6 })]);
    expect(model!.comparison).toMatchObject({
      verdict: "invalid",
      reason: "6 processes a side; a verdict needs 7",
      interval: null,
      p: null,
    });
    expect(model!.comparison!.ratio).toBeGreaterThan(1);
  });

  it("says nothing on a model that failed, and does not count it among the comparisons", () => {
    const good = timed("good", {});
    const wrong = { ...timed("wrong", {}), ok: false };
    const [alone] = compareArms([good]);
    const [beside, failed] = compareArms([good, wrong]);
    expect(failed!.comparison).toMatchObject({ verdict: "invalid", reason: "The model failed its checks" });
    expect(beside!.comparison!.adjustedP).toBe(alone!.comparison!.adjustedP);
  });

  it("stays whole for arms without times and models without arms", () => {
    const crashed = judgeModel(failedModel("crashed", { code: "crash", message: "SIGSEGV" }));
    const [first, second] = compareArms([crashed, { ...crashed, arms: [] }]);
    expect(first!.comparison).toMatchObject({ verdict: "invalid", ratio: null });
    expect(second!.comparison).toBe(undefined);
    expect(compareArms([judgeModel(wrongModel("wrong"))])[0]!.comparison!.verdict).toBe("invalid");
  });
});

describe("withComparisons()", () => {
  it("adds what an earlier version did not write, and leaves what is there", () => {
    const result = fixtureResult();
    expect(withComparisons(result)).toBe(result);
    const models = result.models.map(({ comparison: _, ...model }) => model);
    expect(withComparisons({ ...result, models })).toEqual(result);
  });
});

interface Times {
  readonly cpuMs?: number;
  readonly vulkanMs?: number;
  readonly processes?: number;
}

/** A model with some processes an arm, each with a few samples. */
function timed(name: string, { cpuMs = 30, vulkanMs = 90, processes = 8 }: Times): ModelResult {
  const model: MeasuredModel = fixtureModel(name);
  const arms = model.arms.map((arm) => ({
    ...arm,
    runs: Array.from({ length: processes }, (_, replicate) => ({
      replicate,
      order: replicate,
      runner: fixtureRun(arm.backend, {
        // Upload and download of the fixture take 2 ms.
        centreMs: arm.backend === "cpu" ? cpuMs : vulkanMs - 2.2,
        seed: replicate + (arm.backend === "cpu" ? 0 : 100),
        iterations: 25,
      }),
    })),
  }));
  return judgeModel({ ...model, arms });
}
