import { describe, expect, it } from "vitest";
import type { Result } from "../schema.ts";
import { compareResults } from "./compare_results.ts";
import { comparisonMarkdown, comparisonRows, headline } from "./render.ts";
import { resultOf } from "./testdata/results.ts";

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

  it("finds the arm that became slower, and asks for a rerun", () => {
    const comparison = compareResults(resultOf(1), resultOf(1, { vulkan: 1.2 }));
    expect(comparison).toMatchObject({ ok: false, regressions: [], unconfirmed: [{ backend: "vulkan" }] });
    expect(headline(comparison)).toBe("1 slowdown to be confirmed by a rerun: mobilenet_v2 on vulkan");
    expect(comparisonMarkdown(comparison)).toContain("| slower, to be confirmed |");
  });

  describe("with a rerun", () => {
    const slower = () => resultOf(1, { vulkan: 1.2 });
    const [before, after] = [resultOf(1), slower()];

    it("calls a slowdown that is there again a regression, and drops one that is not", () => {
      const confirmed = compareResults(before, after, { before: resultOf(1), after: slower() });
      expect(confirmed).toMatchObject({ ok: false, regressions: [{ backend: "vulkan" }], unconfirmed: [] });
      expect(headline(confirmed)).toBe("1 regression: mobilenet_v2 on vulkan");
      const contradicted = compareResults(before, after, { before: resultOf(1), after: resultOf(1) });
      expect(contradicted).toMatchObject({ ok: true, regressions: [], unconfirmed: [] });
      expect(comparisonMarkdown(contradicted)).toContain("slower, not so in the rerun");
    });

    it("is not contradicted by a rerun that says nothing", () => {
      const few = resultOf(1);
      for (const arm of few.models[0]!.arms) arm.runs.splice(3);
      const comparison = compareResults(before, after, { before: few, after: resultOf(1) });
      expect(comparison).toMatchObject({ ok: false, unconfirmed: [{ backend: "vulkan" }] });
      expect(comparison.notes.at(-1)).toBe(
        "Rerun: no verdict on mobilenet_v2 on vulkan: 3 processes a side; a verdict needs 7",
      );
    });

    it("takes the CPU's fastest arm for the same, whatever its count of threads", () => {
      const renamed = (result: Result) => {
        for (const arm of result.models[0]!.arms) if (arm.backend === "cpu") arm.name = "cpu-4t";
        return result;
      };
      const rerun = { before: renamed(resultOf(1)), after: renamed(resultOf(1.2)) };
      const comparison = compareResults(before, resultOf(1.2), rerun);
      expect(comparison.regressions.map(({ backend }) => backend)).toEqual(["cpu", "vulkan"]);
    });

    it("refuses results that were given already, and reruns of something else", () => {
      expect(() => compareResults(before, after, { before, after })).toThrow(
        `Cannot take "${before.id}" twice`,
      );
      const built = (result: Result, sha256: string): Result => ({
        ...result,
        digests: [{ role: "step", name: "plugin", sha256: sha256.repeat(64) }],
      });
      const [old, recent] = [built(resultOf(1), "1"), built(slower(), "2")];
      const [oldAgain, recentAgain] = [built(resultOf(1), "1"), built(slower(), "2")];
      expect(compareResults(old, recent, { before: oldAgain, after: recentAgain }).regressions).toHaveLength(
        1,
      );
      expect(() => compareResults(old, recent, { before: recentAgain, after: oldAgain })).toThrow(
        `Cannot take "${recentAgain.id}" for a rerun of "${old.id}": step "plugin" is another in each`,
      );
      const large = () => ({ ...resultOf(1), options: { ...before.options, size: "full" } });
      expect(() => compareResults(before, after, { before: large(), after: large() })).toThrow(
        "size is not given and full",
      );
    });
  });

  it("does not pass where a model fails now that did not, or was not run to the end", () => {
    const [one, other] = ["mobilenet_v2", "detnet"];
    const two = (result: Result, ok = true): Result => ({
      ...result,
      models: [one, other].map((name) => ({ ...result.models[0]!, name: name!, ok: ok || name === one })),
    });
    const failed = compareResults(two(resultOf(1)), two(resultOf(1), false));
    expect(failed.arms.map(({ verdict }) => verdict)).toContain("no-difference");
    expect(failed).toMatchObject({ ok: false, failures: ["detnet does not pass its checks any more"] });
    expect(headline(failed)).toBe("No regression in time, but detnet does not pass its checks any more");
    expect(compareResults(two(resultOf(1), false), two(resultOf(1), false)).ok).toBe(true);

    const cut = { ...resultOf(1), complete: false };
    const incomplete = compareResults(resultOf(1), cut);
    expect(incomplete).toMatchObject({ ok: false, failures: [`"${cut.id}" is incomplete`] });
    expect(comparisonMarkdown(incomplete)).toContain(`- "${cut.id}" is incomplete`);
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
