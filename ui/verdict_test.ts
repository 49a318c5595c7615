import { describe, expect, it } from "vitest";
import { EngineError, type StepVerdict } from "../engine/mod.ts";
import { verdictLines } from "./verdict.ts";

const options = { nowMs: 60_000, verbose: false };
const digest = "d".repeat(64) as StepVerdict["reference"]["digest"];
const run: StepVerdict["runs"][number] = {
  digest,
  durationMs: 1_500,
  varied: [{ name: "host name", from: "vkforge", to: "verify-1" }],
  fixed: [{ name: "clock", reason: "it only went on" }],
  differences: [],
};
const clean: StepVerdict = {
  name: "clean",
  outcome: "reproducible",
  reference: { digest, entries: 1, sizeBytes: 10, durationMs: 1_000, madeMs: 0 },
  runs: [run],
  cause: undefined,
  error: undefined,
};
const file = { kind: "file", path: "out", digest, sizeBytes: 1, executable: false } as const;
const different: StepVerdict = {
  ...clean,
  name: "odd",
  outcome: "different",
  runs: [{
    ...run,
    differences: [{
      path: "out",
      kind: "content",
      before: file,
      now: file,
      description: ["- a\x1b[31m", "+ b"],
    }],
  }],
  cause: ["host name"],
};

describe("verdictLines()", () => {
  it("says what was compared, what was varied, and what was not", () => {
    expect(verdictLines([clean], options)).toEqual([
      "=  clean  reproducible  1 entry  10 B  1.5 s",
      "",
      "compared with the builds in the store, the oldest made 1 min ago",
      "varied:",
      "  host name  vkforge → verify-1",
      "not varied:",
      "  clock  it only went on",
      "",
      "1 of 1 step reproducible",
    ]);
  });

  it("shows what differs and why, with nothing that a terminal would obey", () => {
    const lines = verdictLines([clean, different], options);
    expect(lines).toContain("odd: 1 entry differs");
    expect(lines).toContain("  out: other bytes");
    expect(lines).toContain("  cause: host name");
    expect(lines.join("\n")).not.toContain("\x1b");
    expect(lines.at(-1)).toBe("1 of 2 steps reproducible, 1 not");
  });

  it("tells a build that failed", () => {
    const error = new EngineError("step-failed", 'Step "odd" failed: exit code 1');
    const lines = verdictLines([{ ...different, outcome: "failed", error, runs: [] }], options);
    expect(lines).toContain('odd: the repeated build failed: Step "odd" failed: exit code 1');
  });
});
