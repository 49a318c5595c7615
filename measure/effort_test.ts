import { describe, expect, it } from "vitest";
import { processesFor } from "./compare/mod.ts";
import { EFFORT, effortOf } from "./effort.ts";

describe("EFFORT", () => {
  it("has a budget everywhere, and more of everything the more effort is asked for", () => {
    const { quick, normal, thorough } = EFFORT;
    for (const key of ["replicates", "warmup", "iterations", "phaseIterations", "budgetMs"] as const) {
      expect(quick[key], key).toBeLessThanOrEqual(normal[key]!);
      expect(normal[key], key).toBeLessThanOrEqual(thorough[key]!);
    }
  });

  it("normal and thorough have the processes that verdicts on both arms of six models need", () => {
    expect(EFFORT.normal.replicates).toBeGreaterThanOrEqual(processesFor(12));
    expect(EFFORT.thorough.replicates).toBeGreaterThanOrEqual(processesFor(12));
  });
});

describe("effortOf()", () => {
  it("is the named effort where nothing is changed", () => expect(effortOf("quick")).toEqual(EFFORT.quick));

  it("a number of iterations lifts the budget", () => {
    expect(effortOf("quick", { iterations: 30 })).toEqual({
      replicates: 1,
      warmup: 1,
      warmupMax: 1,
      iterations: 30,
      phaseIterations: 1,
      gpuIterations: 1,
    });
  });

  it("a budget given with it stays", () => {
    expect(effortOf("quick", { iterations: 30, budgetMs: 100 }).budgetMs).toBe(100);
  });

  it("a warm-up that is given is neither shortened nor prolonged", () => {
    expect(effortOf("normal", { warmup: 9 })).toMatchObject({ warmup: 9, warmupMax: 9 });
  });

  it("makes no more phased inferences than plain ones, nor on the device's clock", () => {
    expect(effortOf("thorough", { iterations: 1 })).toMatchObject({ phaseIterations: 1, gpuIterations: 1 });
  });
});
