import { describe, expect, it } from "vitest";
import { RunnerResult } from "./runner_result.ts";
import { fixtureRun } from "./testdata/fixture.ts";

const good = fixtureRun("vulkan", { centreMs: 100, seed: 1 });

describe("RunnerResult", () => {
  it("accepts a run that succeeded and keeps fields it does not know", () => {
    const parsed = RunnerResult.parse({
      ...good,
      stage: "output",
      device: { ...good.device, imageFormat: "rgba32f" },
    });
    expect(parsed).toMatchObject({ ok: true, stage: "output", device: { imageFormat: "rgba32f" } });
  });

  it("accepts a run that failed before anything was known, by null or by absence", () => {
    const failure = { code: "load-failed", message: "Cannot open", hint: "", detail: "…" };
    const nulls = {
      backend: "cpu",
      threads: null,
      torch: null,
      model: null,
      device: null,
      loadMs: null,
      firstRun: null,
      samples: [],
    };
    expect(RunnerResult.parse({ schema: 1, ok: false, failure }).ok).toBe(false);
    expect(RunnerResult.parse({ schema: 1, ok: false, failure, ...nulls }).ok).toBe(false);
  });

  it("accepts a run without samples where none were asked for", () => {
    expect(RunnerResult.safeParse({ ...good, iterations: 0, samples: [], phases: [] }).success).toBe(true);
  });

  it("accepts outputs without any finite value", () => {
    const outputs = [{ ...good.outputs[0]!, nan: 1000, min: null, max: null }];
    expect(RunnerResult.safeParse({ ...good, outputs }).success).toBe(true);
  });

  const bad = {
    "success with a failure": { failure: { code: "crash", message: "SIGSEGV" } },
    "success without samples": { samples: [] },
    "success without the samples that were asked for": { samples: [], iterations: 5 },
    "failure without a reason": { ok: false },
    "an unknown failure code": { ok: false, failure: { code: "meh", message: "" } },
    "negative time": { loadMs: -1 },
    "a digest that is none": { model: { sha256: "abc", sizeBytes: 1 } },
    "success without a device field": { device: undefined },
  };
  for (const [name, change] of Object.entries(bad)) {
    it(`refuses ${name}`, () => expect(RunnerResult.safeParse({ ...good, ...change }).success).toBe(false));
  }
});
