import { describe, expect, it } from "vitest";
import { checksOf } from "./checks.ts";
import { judgeModel, type MeasuredModel } from "./judge.ts";
import { failedModel, fixtureModel, wrongModel } from "./testdata/fixture.ts";

describe("checksOf()", () => {
  it("lists every check in order", () => {
    expect(statuses(fixtureModel())).toEqual([
      "load passed",
      "run on cpu passed",
      "run on vulkan passed",
      "device passed",
      "parity passed",
      "determinism passed",
    ]);
  });

  it("fails only what failed", () => {
    expect(statuses(wrongModel("m")).filter((status) => !status.endsWith("passed"))).toEqual([
      "parity failed",
    ]);
  });

  it("skips what a failed load made impossible", () => {
    expect(statuses(failedModel("m", { code: "load-failed", message: "" }))).toEqual([
      "load failed",
      "run on cpu passed",
      "run on vulkan skipped",
      "device skipped",
      "parity skipped",
      "determinism skipped",
    ]);
  });

  it("gives times where they mean something", () => {
    const [load, , vulkan] = checksOf(judgeModel(fixtureModel()));
    expect(load!.durationMs).toBeCloseTo(84.2 + 131.6, 6);
    expect(vulkan!.durationMs).toBeGreaterThan(8_000);
  });
});

function statuses(model: MeasuredModel): string[] {
  return checksOf(judgeModel(model)).map(({ title, status }) => `${title} ${status}`);
}
