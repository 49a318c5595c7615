import { describe, expect, it } from "vitest";
import { failedModel, fixtureResult, wrongModel } from "../testdata/fixture.ts";
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

  it("lets no text become markup, a mention, or another table cell", () => {
    const message = "a|b <script> @someone\n# head `code` [link](x)";
    const text = renderMarkdown(fixtureResult({ models: [failedModel("x|y", { code: "crash", message })] }));
    expect(text).toContain("a\\|b &lt;script> @\u200bsomeone # head \\`code\\` \\[link\\](x)");
    expect(text).toContain("| x\\|y |");
  });
});
