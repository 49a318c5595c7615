import { describe, expect, it } from "vitest";
import { summarize } from "./summary.ts";
import {
  failedModel,
  fixtureModel,
  fixtureParity,
  fixtureResult,
  fixtureRun,
  wrongModel,
} from "./testdata/fixture.ts";

describe("summarize()", () => {
  it("gives the documented document, fields in order", () => {
    const result = fixtureResult();
    const [cpu, vulkan] = result.models[0]!.arms.map((arm) => arm.latency!.total.median);
    expect(JSON.stringify(summarize(result, "results/x"))).toBe(JSON.stringify({
      schema: 1,
      command: "test-swiftshader",
      ok: true,
      resultDir: "results/x",
      device: { name: "SwiftShader Device (Subzero)", driver: "SwiftShader driver 5.0.0" },
      drift: [],
      models: [{
        name: "mobilenet_v2",
        ok: true,
        parity: { maxAbs: 2.19e-8, maxRel: 2.14e-9, cosine: 1 },
        cpu: { medianMs: cpu },
        vulkan: { medianMs: vulkan },
        failures: [],
      }],
    }));
  });

  it("says null for what there is not, and why", () => {
    const failure = { code: "crash", message: "The runner died of SIGSEGV" } as const;
    const summary = summarize(fixtureResult({ models: [failedModel("m", failure)] }), "x");
    expect(summary).toMatchObject({
      ok: false,
      device: null,
      models: [{ parity: null, vulkan: null, failures: [{ check: "run", arm: "vulkan", ...failure }] }],
    });
    expect(summary.models[0]!.cpu).not.toBe(null);
  });

  it("shows the worst output: failed before passed, incomputable before large", () => {
    const parity = [
      fixtureParity({ output: "a", maxRel: 1e-6 }),
      fixtureParity({ output: "b", maxRel: null, maxAbs: null, cosine: null, ok: false, reasons: ["NaN"] }),
      fixtureParity({ output: "c", maxRel: 0.5, ok: false, reasons: ["far off"] }),
    ];
    const summary = summarize(fixtureResult({ models: [{ ...fixtureModel(), parity }] }), "x");
    expect(summary.models[0]!.parity).toEqual({ maxAbs: null, maxRel: null, cosine: null });
  });

  it("leaves out how the CPU compares with golden data", () => {
    const parity = [fixtureParity(), fixtureParity({ arm: "cpu", reference: "golden", maxRel: 1e-6 })];
    const summary = summarize(fixtureResult({ models: [{ ...fixtureModel(), parity }] }), "x");
    expect(summary.models[0]!.parity!.maxRel).toBe(2.14e-9);
  });

  it("takes the fastest of several CPU arms, and one that ran before one that did not", () => {
    const model = fixtureModel();
    const [cpu, vulkan] = model.arms;
    const runner = fixtureRun("cpu", { centreMs: 9, seed: 3 });
    const fast = { ...cpu!, name: "cpu-2t", runs: [{ ...cpu!.runs[0]!, runner }] };
    const notRun = { ...cpu!, name: "cpu-4t", runs: [] };
    const arms = [notRun, cpu!, fast, vulkan!];
    const summary = summarize(fixtureResult({ models: [{ ...model, arms }] }), "x");
    expect(summary.models[0]!.cpu!.medianMs).toBeLessThan(10);
  });

  it("carries drift", () => {
    const drift = [{ subject: "debian:a", locked: "1", used: "2" }];
    expect(summarize(fixtureResult({ drift }), "x").drift).toEqual(drift);
    expect(summarize(fixtureResult({ models: [wrongModel("m")] }), "x").ok).toBe(false);
  });
});
