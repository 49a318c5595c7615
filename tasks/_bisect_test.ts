import { describe, expect, it } from "vitest";
import type { Image, Step } from "../engine/mod.ts";
import type { SoftwareDriver } from "../recipes/drivers/mod.ts";
import { bisectLines, BisectReport, bisectStep } from "./_bisect.ts";

const IMAGE = { kind: "image" } as unknown as Image;
const STEP: Step = {
  name: "any",
  image: IMAGE,
  inputs: {},
  environment: {},
  script: "true",
  outputs: ["out"],
  resources: { cpus: 1, memoryBytes: 1, processes: 1, timeoutMs: 1 },
};
const DRIVER: SoftwareDriver = {
  kind: "software",
  name: "swiftshader",
  image: IMAGE,
  inputs: { driver: { kind: "step", step: STEP, path: "lib" } },
  environment: { VK_DRIVER_FILES: "/in/driver/icd.json" },
  device: "SwiftShader",
};
const MODEL = {
  spec: { name: "small", title: "Small", tolerance: {} },
  cpu: { ...STEP, name: "model/small/cpu" },
  vulkan: STEP,
} as unknown as Parameters<typeof bisectStep>[0];

/** As `python3 -m graph.bisect --json` writes it. */
const REPORT = {
  schema: 1,
  ok: false,
  tolerance: 1e-4,
  nodes: 5,
  first: {
    op: "aten::conv2d",
    name: "input.1",
    inputs: [[1, 3, 9, 11], [8, 3, 3, 3], [8]],
    outputs: [[1, 8, 9, 11]],
    source: "model.py:12",
    scope: "first",
    fed: { error: 0.01 },
    free: { reason: "NaN at 1 of 792 places where it should not be, or not there" },
  },
  fed: [],
  free: [],
  text: ["first to differ: aten::conv2d input.1"],
};

describe("bisectStep()", () => {
  const step = bisectStep(MODEL, {
    runtime: { plugin: { ...STEP, name: "plugin" }, runner: STEP } as never,
    driver: DRIVER,
    sample: 3,
  });

  it("runs a model's plain form and a golden sample on the driver", () => {
    expect(step.name).toBe("bisect/small/swiftshader");
    expect(step.inputs.model).toEqual({ kind: "step", step: MODEL.cpu });
    expect(step.inputs.driver).toEqual(DRIVER.inputs.driver);
    expect(step.environment).toEqual(DRIVER.environment);
    expect(step.script).toContain("--sample 3");
  });

  it("does not fail for what it finds", () => {
    expect(step.script).toContain("--report-only");
  });
});

describe("BisectReport", () => {
  it("takes what the bisection writes", () => {
    expect(BisectReport.parse(REPORT).first?.fed?.error).toBe(0.01);
    expect(BisectReport.parse({ ...REPORT, ok: true, first: null }).first).toBeNull();
  });

  it("refuses another schema", () => {
    expect(() => BisectReport.parse({ ...REPORT, schema: 2 })).toThrow();
  });
});

describe("bisectLines()", () => {
  it("tells the finding under the model's name", () => {
    expect(bisectLines("small", BisectReport.parse(REPORT))).toEqual([
      "bisect small (5 operators):",
      "  first to differ: aten::conv2d input.1",
    ]);
  });
});
