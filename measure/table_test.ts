import { describe, expect, it } from "vitest";
import { renderTable } from "./table.ts";
import { failedModel, fixtureModel, fixtureResult, wrongModel } from "./testdata/fixture.ts";

const failing = fixtureResult({
  models: [
    fixtureModel(),
    wrongModel("detnet"),
    failedModel("yolov5s", {
      code: "missing-op",
      message: 'The Vulkan backend has no "aten::silu"',
      hint: "Rewrite it",
    }),
  ],
  drift: [{ subject: "debian:libfoo", locked: "1.0-1", used: "1.0-2", reason: "left the mirror" }],
});

describe("renderTable()", () => {
  it("draws the whole result", () => {
    expect(renderTable(fixtureResult(), 100, { resultDir: "results/r" })).toEqual([
      "FIXTURE: these numbers are made up",
      "",
      "Device: SwiftShader Device (Subzero), SwiftShader driver 5.0.0, Vulkan 1.3.0",
      "        software Vulkan: not GPU performance",
      "",
      "┌──────────────┬─────────┬─────────┬─────────┬────────┬─────────┬────────┬────────────┬───────────┐",
      "│ model        │ verdict │ max rel │ max abs │ cosine │     CPU │ Vulkan │ Vulkan/CPU │ first run │",
      "├──────────────┼─────────┼─────────┼─────────┼────────┼─────────┼────────┼────────────┼───────────┤",
      "│ mobilenet_v2 │ pass    │  2.1e-9 │  2.2e-8 │      1 │ 32.6 ms │ 276 ms │       8.48 │    1.71 s │",
      "└──────────────┴─────────┴─────────┴─────────┴────────┴─────────┴────────┴────────────┴───────────┘",
      "",
      "PASS mobilenet_v2 matches its reference on SwiftShader Device (Subzero)",
      "Report: results/r/report.html",
    ]);
  });

  it("gives reasons, hints and drift", () => {
    const text = renderTable(failing, 100).join("\n");
    expect(text).toContain(
      'detnet failed:\n  parity: "output" on vulkan against cpu: Relative error is 0.4500',
    );
    expect(text).toContain(
      'yolov5s failed:\n  run: The Vulkan backend has no "aten::silu"\n    hint: Rewrite it',
    );
    expect(text).toContain("  debian:libfoo: used 1.0-2, locked 1.0-1 (left the mirror)");
    expect(text).toContain("FAIL 1 of 3 models match their reference");
  });

  for (const width of [40, 52, 64, 80, 120]) {
    it(`keeps within ${width} columns`, () => {
      const longest = Math.max(...renderTable(failing, width).map((line) => [...line].length));
      expect(longest).toBeLessThanOrEqual(width);
    });
  }

  it("leaves out columns where it is narrow, the verdict never", () => {
    const head = renderTable(failing, 52).find((line) => line.includes("model "))!;
    expect(head).toContain("verdict");
    expect(head).not.toContain("first run");
  });

  it("has no colour codes unless asked, and colours only words", () => {
    const plain = renderTable(failing, 100);
    const coloured = renderTable(failing, 100, { color: true });
    expect(plain.join("").includes("\x1b")).toBe(false);
    expect(coloured.join("").includes("\x1b[31mFAIL")).toBe(true);
    // deno-lint-ignore no-control-regex -- colour codes are what is removed
    expect(coloured.map((line) => line.replaceAll(/\x1b\[\d+m/g, ""))).toEqual(plain);
  });

  it("uses only ASCII when asked", () => {
    expect(/^[\x20-\x7e\n]*$/.test(renderTable(failing, 100, { ascii: true }).join("\n"))).toBe(true);
  });

  it("does not let a message command the terminal", () => {
    const model = failedModel("m", { code: "crash", message: "\x1b[2Jgone\r\nnext\x07" });
    const text = renderTable(fixtureResult({ models: [model] }), 80).join("\n");
    expect(text.includes("\x1b")).toBe(false);
    expect(text).toContain("[2Jgone next");
  });

  it("says so when there was no device, no model, or no end", () => {
    expect(renderTable(fixtureResult({ models: [] }), 80).join("\n")).toContain("Nothing was measured");
    expect(renderTable(fixtureResult({ models: [] }), 80)[2]).toContain("Device: none");
    expect(renderTable(fixtureResult({ complete: false }), 80).at(-1)).toContain("the rest was not measured");
  });
});
