import { describe, expect, it } from "vitest";
import { EngineError } from "../../engine/mod.ts";
import { type CheckReport, isGood, type OperatorReport, parseCheck, renderCheck } from "./mod.ts";

const SILU: OperatorReport = {
  op: "aten::silu",
  name: "5",
  scope: "act",
  source: "net/model.py:12",
  inputs: [[1, 8, 4, 4]],
  outputs: [[1, 8, 4, 4]],
  verdict: "missing",
  reason: "the backend has no kernel for aten::silu",
  rewrites: ["silu-by-sigmoid"],
  left: [],
};
const RELU: OperatorReport = { ...SILU, op: "aten::relu", verdict: "right", reason: "", rewrites: [] };
const REPORT: CheckReport = {
  schema: 1,
  model: "a.pt",
  runtime: "stock",
  inputs: [[1, 3, 8, 8]],
  ok: false,
  mendable: true,
  operators: [SILU, { ...SILU, scope: "act2" }, RELU],
};

describe("renderCheck()", () => {
  it("tells each fault once, with its places and its rewrite", () => {
    expect(renderCheck(REPORT)).toEqual([
      "missing  aten::silu x2: the backend has no kernel for aten::silu",
      "  at net/model.py:12 (act), net/model.py:12 (act2)",
      "  mended by silu-by-sigmoid",
      "1 of 3 operators are right on the stock runtime, 2 are not; rewrites mend them all",
    ]);
  });

  it("says what stays", () => {
    const stays = { ...SILU, rewrites: [], left: [{ verdict: "missing", reason: "none" }] };
    const lines = renderCheck({ ...REPORT, mendable: false, operators: [stays] });
    expect(lines.join("\n")).toContain("no rewrite mends it");
    expect(lines.at(-1)).toContain("rewrites mend all but 1");
  });

  it("says how equal the mended file is", () => {
    const fix = { file: "mended.pt", equal: true, difference: 2e-8, tolerance: 1e-5, rewrites: { a: 2 } };
    const lines = renderCheck({ ...REPORT, fix });
    expect(lines.slice(-2)).toEqual([
      "rewritten: a x2",
      "equal on the CPU: 2.0e-8 of the outputs' scale at most, in float64",
    ]);
  });
});

describe("isGood()", () => {
  it("asks for right operators, or for a mended file that is equal", () => {
    const fix = { file: "mended.pt", equal: true, difference: 0, tolerance: 1e-5, rewrites: {} };
    expect(isGood(REPORT)).toBe(false);
    expect(isGood({ ...REPORT, fix })).toBe(true);
    expect(isGood({ ...REPORT, fix: { ...fix, equal: false } })).toBe(false);
  });
});

describe("parseCheck()", () => {
  it("reads a report", () => expect(parseCheck(JSON.stringify(REPORT))).toEqual(REPORT));

  it("throws what is wrong with the file or the inputs, with the exit code that belongs to it", () => {
    const text = (exitCode: number) =>
      JSON.stringify({ schema: 1, error: { exitCode, message: "No", hint: "Do", detail: "torch" } });
    const codes = [1, 2].map((exitCode) => {
      try {
        parseCheck(text(exitCode));
      } catch (error) {
        return error instanceof EngineError ? error.code : undefined;
      }
    });
    expect(codes).toEqual(["step-failed", "usage"]);
  });
});
