import { describe, expect, it } from "vitest";
import type { Result, Run } from "../schema.ts";
import { fixtureResult } from "../testdata/fixture.ts";
import { compareResults } from "./compare_results.ts";
import { comparisonMarkdown, comparisonRows, headline } from "./render.ts";

/** A result with ten processes an arm, each `factor` times as slow, on Vulkan `vulkanFactor` times that. */
function resultOf(factor: number, { vulkan = 1, seed = 0 } = {}): Result {
  const result = fixtureResult();
  const models = result.models.map((model) => ({
    ...model,
    arms: model.arms.map((arm) => ({
      ...arm,
      runs: Array.from({ length: 10 }, (_, replicate) => {
        const jitter = 1 + (((replicate + seed) * 7) % 10) / 1000;
        const by = factor * jitter * (arm.backend === "vulkan" ? vulkan : 1);
        return slowed(arm.runs[0]!, by, replicate);
      }),
    })),
  }));
  return { ...result, models };
}

function slowed(run: Run, by: number, replicate: number): Run {
  const { runner } = run;
  if (!runner.ok) throw new Error("the fixture's run failed");
  return {
    ...run,
    replicate,
    runner: { ...runner, samples: runner.samples.map(({ totalMs }) => ({ totalMs: totalMs * by })) },
  };
}

describe("compareResults()", () => {
  it("finds nothing between equals", () => {
    const comparison = compareResults(resultOf(1), resultOf(1, { seed: 3 }));
    expect(comparison.ok).toBe(true);
    expect(comparison.arms.map(({ backend, verdict }) => [backend, verdict])).toEqual([
      ["cpu", "no-difference"],
      ["vulkan", "no-difference"],
    ]);
    expect(headline(comparison)).toBe("No regression");
  });

  it("finds the arm that became slower, and says that no rerun was made", () => {
    const comparison = compareResults(resultOf(1), resultOf(1, { vulkan: 1.2 }));
    expect(comparison.ok).toBe(false);
    expect(comparison.regressions.map(({ backend }) => backend)).toEqual(["vulkan"]);
    expect(headline(comparison)).toBe("1 regression: mobilenet_v2 on vulkan (not yet confirmed by a rerun)");
  });

  it("believes a rerun", () => {
    const slower = resultOf(1, { vulkan: 1.2 });
    const confirmed = compareResults(resultOf(1), slower, { before: resultOf(1), after: slower });
    expect(headline(confirmed)).toBe("1 regression: mobilenet_v2 on vulkan");
    const contradicted = compareResults(resultOf(1), slower, { before: resultOf(1), after: resultOf(1) });
    expect(contradicted.ok).toBe(true);
    expect(comparisonMarkdown(contradicted)).toContain("slower, not so in the rerun");
  });

  it("gives no verdict on a model with wrong numbers", () => {
    const bad = resultOf(2);
    const failed = { ...bad, models: bad.models.map((model) => ({ ...model, ok: false })) };
    const comparison = compareResults(resultOf(1), failed);
    expect(comparison.arms[0]).toMatchObject({
      verdict: "invalid",
      invalid: "The model failed its checks after",
    });
    expect(comparison.ok).toBe(false);
  });

  it("refuses results of other models, sizes and weights", () => {
    const one = resultOf(1);
    const renamed = { ...one, models: one.models.map((model) => ({ ...model, name: "detnet" })) };
    expect(() => compareResults(one, renamed)).toThrow("they have no model in common");
    const pretrained = { ...one, options: { ...one.options, weights: "pretrained" } };
    expect(() => compareResults(one, pretrained)).toThrow("weights is seeded and pretrained");
  });

  it("refuses results of other inputs and of other files, where both tell", () => {
    const withInputs = (sha256: string): Result => {
      const result = resultOf(1);
      const inputs = [{ name: "input", shape: [1, 3, 8, 8], sha256 }];
      return { ...result, models: result.models.map((model) => ({ ...model, inputs })) };
    };
    const [one, other] = [withInputs("0".repeat(64)), withInputs("1".repeat(64))];
    expect(() => compareResults(one, other)).toThrow('"mobilenet_v2" ran on other inputs in each');
    expect(compareResults(one, one).ok).toBe(true);
    expect(compareResults(one, resultOf(1)).ok).toBe(true);
    const rebuilt: Result = structuredClone(one);
    for (const { runner } of rebuilt.models[0]!.arms[0]!.runs) runner.model!.sha256 = "2".repeat(64);
    expect(() => compareResults(one, rebuilt)).toThrow('"mobilenet_v2" is another model in each');
  });

  it("tells of another device", () => {
    const other = resultOf(1);
    const moved = { ...other, device: { ...other.device!, name: "llvmpipe" } };
    expect(compareResults(resultOf(1), moved).notes[0]).toMatch(/^Other devices: .* and llvmpipe/);
  });

  it("makes rows of equal length", () => {
    const rows = comparisonRows(compareResults(resultOf(1), resultOf(1.1)));
    expect(new Set(rows.map(({ length }) => length)).size).toBe(1);
  });
});
