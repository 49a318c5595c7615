import { describe, expect, it } from "vitest";
import { EngineError } from "../engine/error.ts";
import { renderError } from "./render_error.ts";
import { COLOR_STYLE } from "./style.ts";

const failed = new EngineError("step-failed", 'Step "host-runtime/plugin" failed: exit code 2', {
  hint: "Read the whole log, or run the step again with --verbose",
  detail: [
    "command: bash -euo pipefail /in/script",
    "sandbox: bwrap",
    "log: /cache/logs/1.log",
    "",
    "error: x",
  ],
  cause: new Error("exit code 2"),
});

describe("renderError()", () => {
  it("shows what failed, the details and the hint", () => {
    expect(renderError(failed)).toEqual([
      'error: Step "host-runtime/plugin" failed: exit code 2',
      "  | command: bash -euo pipefail /in/script",
      "  | sandbox: bwrap",
      "  | log: /cache/logs/1.log",
      "  |",
      "  | error: x",
      "  hint: Read the whole log, or run the step again with --verbose",
    ]);
  });

  it("adds code, causes and stack when verbose", () => {
    const lines = renderError(failed, { verbose: true });
    expect(lines).toContain("  code: step-failed");
    expect(lines).toContain("  cause: Error: exit code 2");
    expect(lines.some((line) => line.startsWith("  at "))).toBe(true);
  });

  it("calls an unknown error unexpected, asks for a report and hides the stack", () => {
    const lines = renderError(new TypeError("x is undefined"), { width: 200 });
    expect(lines).toEqual([
      "unexpected error: TypeError: x is undefined",
      "  hint: This is a fault in vkforge itself; please report it with the output of the same command and --verbose",
    ]);
  });

  it("shows whatever was thrown", () => {
    expect(renderError("text")[0]).toBe("unexpected error: text");
    expect(renderError(undefined)[0]).toBe("unexpected error: thrown value undefined");
    expect(renderError({ code: 7 })[0]).toBe("unexpected error: thrown value { code: 7 }");
  });

  it("shows all of an AggregateError", () => {
    const lines = renderError(new AggregateError([failed, new Error("other")], "two failed"));
    expect(lines).toContain('  error: Step "host-runtime/plugin" failed: exit code 2');
    expect(lines).toContain("  unexpected error: Error: other");
  });

  it("wraps the hint but not the log", () => {
    const long = "word ".repeat(30).trim();
    const lines = renderError(new EngineError("io", "Cannot read", { hint: long, detail: [long] }), {
      width: 50,
    });
    expect(lines[1]).toBe(`  | ${long}`);
    expect(lines.slice(2).every((line) => line.length <= 50)).toBe(true);
    expect(lines[3]?.startsWith("        word")).toBe(true);
  });

  it("cleans messages and details of control sequences", () => {
    const error = new EngineError("step-failed", "Step \x1b[2Jfailed", { detail: ["\x1b]0;title\x07line"] });
    expect(renderError(error)).toEqual(["error: Step failed", "  | line"]);
  });

  it("shows known failures found in the log", () => {
    const diagnose = (log: string) =>
      log.includes("error: x")
        ? [{ title: "x is broken", fix: "Use y", reference: "https://example.org/x" }]
        : [];
    expect(renderError(failed, { diagnose }).slice(-4)).toEqual([
      "  known: x is broken",
      "  fix: Use y",
      "  see: https://example.org/x",
      "  hint: Read the whole log, or run the step again with --verbose",
    ]);
  });

  it("leaves it to the hint where the engine knows the cause", () => {
    const diagnose = () => [{ title: "something like it", fix: "Use y", reference: "https://example.org/x" }];
    const error = new EngineError("sandbox-unavailable", "Cannot make a sandbox", { hint: "Run this" });
    expect(renderError(error, { diagnose })).toEqual(["error: Cannot make a sandbox", "  hint: Run this"]);
  });

  it("ends at a cause that leads back", () => {
    const first = new Error("first");
    first.cause = new Error("second", { cause: first });
    expect(renderError(first, { verbose: true }).filter((line) => line.startsWith("  cause:"))).toHaveLength(
      1,
    );
  });

  it("colours the title only", () => {
    expect(renderError(new EngineError("io", "Cannot read"), { style: COLOR_STYLE })).toEqual([
      "\x1b[31merror:\x1b[0m Cannot read",
    ]);
  });
});
