import { describe, expect, it } from "vitest";
import { judgeModel, judgeResult, type MeasuredModel } from "./judge.ts";
import type { SucceededRun } from "./runner_result.ts";
import type { ModelResult } from "./schema.ts";
import { failedModel, fixtureModel, fixtureResult, fixtureRun, wrongModel } from "./testdata/fixture.ts";

const options = { expectDevice: "swiftshader" };

describe("judgeModel()", () => {
  it("passes a model whose runs succeeded and whose outputs match", () => {
    const model = judgeModel(fixtureModel(), options);
    expect(model).toMatchObject({ ok: true, failures: [] });
    expect(model.arms.map((arm) => arm.latency?.total.n)).toEqual([30, 30]);
    expect(model.arms.map((arm) => arm.latency?.phases?.upload.n)).toEqual([undefined, 10]);
  });

  it("fails an output outside its tolerance", () => {
    expect(codes(judgeModel(wrongModel("m"), options))).toEqual(["parity/parity"]);
  });

  it("fails where nothing was compared, though every run succeeded", () => {
    expect(codes(judgeModel({ ...fixtureModel(), parity: [] }, options))).toEqual(["parity/not-compared"]);
  });

  it("fails where only the CPU was compared", () => {
    const model = fixtureModel();
    const parity = model.parity.map((entry) => ({ ...entry, arm: "cpu", reference: "golden" }));
    expect(codes(judgeModel({ ...model, parity }, options))).toEqual(["parity/not-compared"]);
  });

  it("fails a Vulkan run without outputs", () => {
    expect(codes(judgeModel(withVulkan({ outputs: [] }), options))).toContain("parity/not-compared");
  });

  it("fails an arm that was not run", () => {
    const { arms, ...rest } = fixtureModel();
    const model = judgeModel({ ...rest, arms: [arms[0]!, { ...arms[1]!, runs: [] }] }, options);
    expect(codes(model)).toEqual(["run/not-run"]);
    expect(model.arms[1]!.latency).toBe(null);
  });

  it("keeps the runner's message and hint, and files each code under its check", () => {
    const failure = {
      code: "wrong-device",
      message: 'The device is "llvmpipe"',
      hint: "Set VK_DRIVER_FILES",
    } as const;
    const [found] = judgeModel(failedModel("m", failure), options).failures;
    expect(found).toEqual({ check: "device", arm: "vulkan", ...failure });
    expect(codes(judgeModel(failedModel("m", { code: "load-failed", message: "" }), options))).toEqual([
      "load/load-failed",
    ]);
    expect(codes(judgeModel(failedModel("m", { code: "crash", message: "" }), options))).toEqual([
      "run/crash",
    ]);
  });

  it("counts equal failures of several processes once", () => {
    const model = failedModel("m", { code: "crash", message: "SIGSEGV" });
    const [cpu, vulkan] = model.arms;
    const runs = [0, 1].map((replicate) => ({ ...vulkan!.runs[0]!, replicate }));
    const judged = judgeModel({ ...model, arms: [cpu!, { ...vulkan!, runs }] }, options);
    expect(judged.failures.map((failure) => failure.message)).toEqual(["SIGSEGV (2 of 2 processes)"]);
  });

  it("fails a model that ran on another device than expected", () => {
    const model = judgeModel(withVulkan({ device: { deviceName: "llvmpipe" } }), options);
    expect(codes(model)).toEqual(["device/wrong-device"]);
    expect(model.failures[0]!.message).toBe('The model ran on "llvmpipe", not on "swiftshader"');
  });

  it("fails a Vulkan run that names no device", () => {
    expect(codes(judgeModel(withVulkan({ device: null }), options))).toEqual(["device/no-device"]);
  });

  it("fails processes that ran on different devices", () => {
    const model = withVulkan({});
    const [cpu, vulkan] = model.arms;
    const [run] = vulkan!.runs;
    const other = { ...run!.runner as SucceededRun, device: { deviceName: "SwiftShader 2" } };
    const runs = [run!, { ...run!, replicate: 1, runner: other }];
    expect(codes(judgeModel({ ...model, arms: [cpu!, { ...vulkan!, runs }] }, options))).toEqual([
      "device/device-changed",
    ]);
  });

  it("fails outputs that differ between iterations, and between processes", () => {
    expect(codes(judgeModel(withVulkan({ outputsIdentical: false }), options))).toEqual([
      "determinism/not-deterministic",
    ]);
    const model = fixtureModel();
    const [cpu, vulkan] = model.arms;
    const [run] = vulkan!.runs;
    const good = run!.runner as SucceededRun;
    const changed = { ...good, outputs: [{ ...good.outputs[0]!, sha256: "0".repeat(64) }] };
    const runs = [run!, { ...run!, replicate: 1, runner: changed }];
    const judged = judgeModel({ ...model, arms: [cpu!, { ...vulkan!, runs }] }, options);
    expect(judged.failures.map((failure) => failure.message)).toEqual([
      '"output" has 2 different contents over 2 processes on vulkan',
    ]);
  });

  it("fails a second process that gives other bytes for the same input, not one for another input", () => {
    const { arms, ...rest } = fixtureModel();
    const [run] = arms[1]!.runs;
    const other = {
      ...run!.runner,
      outputs: [{ ...vulkanOutput(arms), sha256: "e".repeat(64) }],
    } as SucceededRun;
    const again = (sample: number) => ({
      ...arms[1]!,
      name: "vulkan-again",
      sample,
      runs: [{ ...run!, runner: other }],
    });
    const parity = rest.parity.map((entry) => ({ ...entry, arm: "vulkan-again" }));
    const judged = (sample: number) =>
      judgeModel({ ...rest, parity: [...rest.parity, ...parity], arms: [...arms, again(sample)] }, options);
    expect(codes(judged(0))).toEqual(["determinism/not-deterministic"]);
    expect(codes(judged(1))).toEqual([]);
  });

  it("fails a driver in software where a GPU was asked for", () => {
    expect(codes(judgeModel(fixtureModel(), { expectHardware: true }))).toEqual(["device/wrong-device"]);
  });
});

describe("judgeResult()", () => {
  it("is ok only if complete, with models, all of them ok", () => {
    expect(fixtureResult().ok).toBe(true);
    expect(fixtureResult({ complete: false }).ok).toBe(false);
    expect(fixtureResult({ models: [] }).ok).toBe(false);
    expect(fixtureResult({ models: [fixtureModel(), wrongModel("detnet")] }).ok).toBe(false);
  });

  it("takes the device from the runs, never from what was expected", () => {
    expect(fixtureResult().device?.name).toBe("SwiftShader Device (Subzero)");
    expect(fixtureResult({ models: [failedModel("m", { code: "crash", message: "" })] }).device).toBe(null);
  });

  it("does not take verdict or device from its argument", () => {
    const { ok: _ok, device: _device, schema: _schema, ...rest } = fixtureResult({ models: [] });
    const forged = { ...rest, ok: true, device: fixtureResult().device };
    expect(judgeResult(forged)).toMatchObject({ ok: false, device: null });
  });
});

function withVulkan(change: Partial<SucceededRun>): MeasuredModel {
  const { arms, ...rest } = fixtureModel();
  const runner = { ...fixtureRun("vulkan", { centreMs: 100, seed: 2 }), ...change };
  return { ...rest, arms: [arms[0]!, { ...arms[1]!, runs: [{ replicate: 0, order: 1, runner }] }] };
}

function codes(model: ModelResult): string[] {
  return model.failures.map((failure) => `${failure.check}/${failure.code}`);
}

function vulkanOutput(arms: MeasuredModel["arms"]): SucceededRun["outputs"][number] {
  return (arms[1]!.runs[0]!.runner as SucceededRun).outputs[0]!;
}
