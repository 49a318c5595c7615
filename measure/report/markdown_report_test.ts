import { describe, expect, it } from "vitest";
import { failedModel, fixtureModel, fixtureResult, wrongModel } from "../testdata/fixture.ts";
import { fixtureGpuTimes, withGpuTimes } from "../testdata/gpu_fixture.ts";
import { renderMarkdown } from "./markdown_report.ts";

describe("renderMarkdown()", () => {
  it("is short and tells verdict, figures, device and limits", () => {
    expect(renderMarkdown(fixtureResult())).toBe(
      `## ✅ mobilenet\\_v2 matches its reference on SwiftShader Device (Subzero)

**Fixture: these numbers are made up.**

| model | verdict | max rel. error | tolerance | cosine | CPU median | Vulkan median | Vulkan / CPU |
|---|---|--:|--:|--:|--:|--:|:--|
| mobilenet\\_v2 | pass | 2.1e-9 | 1.0e-5 | 1 | 32.6 ms | 276 ms | 8.48 |

Device: SwiftShader Device (Subzero), SwiftShader driver 5.0.0 (**software Vulkan: not GPU performance**).

<sub>test-swiftshader, 2026-03-14 09:26 UTC, result \`20260314T092653Z-5f1ac0de\`</sub>
`,
    );
  });

  it("lists failures with hints, and drift", () => {
    const text = renderMarkdown(fixtureResult({
      models: [
        wrongModel("detnet"),
        failedModel("m", { code: "crash", message: "SIGSEGV", hint: "Try again" }),
      ],
      drift: [{ subject: "debian:libfoo", locked: "1", used: "2" }],
    }));
    expect(text).toContain("## ❌ 0 of 2 models match their reference");
    expect(text).toContain("- run: SIGSEGV  \n  Try again");
    expect(text).toContain("- debian:libfoo: used 2, locked 1");
  });

  it("has the phases and longest operators by the device's clock, where it has one", () => {
    const text = renderMarkdown(fixtureResult({ models: [withGpuTimes(fixtureModel())] }));
    const summary = "<summary>GPU time of mobilenet_v2: compute 164 ms, busy for 59% of compute’s wall time<";
    expect(text).toContain(summary);
    expect(text).toContain(`
| phase, operator | device busy | wall time | of compute | calls | commands |
|---|--:|--:|--:|--:|--:|
| upload | 0.410 ms | 1.98 ms |  |  | 2 |
| compute | 164 ms | 280 ms |  |  | 72 |
| download | 21.0 µs | 0.121 ms |  |  | 2 |
| vulkan\\_prepack::run\\_conv2d\\_clamp\\_context | 103 ms |  | 62.5% | 26 | 26 |
`);
    expect(text).toContain("The longest 5 of 11 operators. Medians of 3 inferences");
    expect(text.match(/^\| (aten|vulkan)/gm)?.length).toBe(5);
  });

  it("says nothing of a clock that the device does not have", () => {
    const none = { source: "none" as const, reason: "no valid bits", runs: [], ops: [] };
    const text = renderMarkdown(fixtureResult({ models: [withGpuTimes(fixtureModel(), () => none)] }));
    expect(text).toBe(renderMarkdown(fixtureResult()));
  });

  it("lets no name of an operator or a model become markup", () => {
    const times = fixtureGpuTimes();
    const ops = times.ops.map((op) => ({ ...op, name: "a|b <i> @x" }));
    const evil = "</summary>\n\n<b> @someone";
    const text = renderMarkdown(
      fixtureResult({ models: [withGpuTimes(fixtureModel(evil), () => ({ ...times, ops }))] }),
    );
    expect(text).toContain("| a\\|b &lt;i> @\u200bx |");
    expect(text).toContain("GPU time of &#60;/summary&#62; &#60;b&#62; @\u200bsomeone:");
  });

  it("lets no text become markup, a mention, or another table cell", () => {
    const message = "a|b <script> @someone\n# head `code` [link](x)";
    const text = renderMarkdown(fixtureResult({ models: [failedModel("x|y", { code: "crash", message })] }));
    expect(text).toContain("a\\|b &lt;script> @\u200bsomeone # head \\`code\\` \\[link\\](x)");
    expect(text).toContain("| x\\|y |");
  });
});
