import { describe, expect, it } from "vitest";
import type { Cause, Explanation } from "../engine/mod.ts";
import { explanationLines } from "./explanation.ts";

const options = { nowMs: 3_600_000, verbose: false };
const id = (letter: string) => letter.repeat(64) as Explanation["id"];
const leaf = (reason: Cause["reason"], diff: Cause["diff"] = []): Cause => ({ reason, because: [], diff });
const file = (path: string): Cause =>
  leaf({ kind: "file", path, change: "changed", before: id("0"), now: id("1") });
const lines = (causes: readonly Cause[], verbose = false) =>
  explanationLines({ name: "top", id: id("a"), status: "miss", causes, output: undefined }, {
    ...options,
    verbose,
  });

describe("explanationLines()", () => {
  it("tells a hit with its age, its time and its digest", () => {
    const output = {
      digest: id("d"),
      entries: 2,
      sizeBytes: 1_500_000,
      durationMs: 2_500,
      madeMs: 3_300_000,
    };
    expect(explanationLines({ name: "top", id: id("a"), status: "hit", causes: [], output }, options))
      .toEqual([
        "top: hit: made 5 min ago in 2.5 s",
        `  output ${"d".repeat(64)} (2 entries, 1.50 MB)`,
      ]);
  });

  it("needs one line where one word says it", () => {
    expect(lines([leaf({ kind: "never-built" })])).toEqual(["top: cache miss: never built here"]);
  });

  it("follows steps to the root in the first line", () => {
    const step: Cause = {
      reason: { kind: "step", name: "below", before: id("1"), now: id("2") },
      because: [file("src/a.c")],
      diff: [],
    };
    expect(lines([step])).toEqual([
      'top: cache miss: step "below" changed, because src/a.c changed',
      '  step "below" changed: 111111111111 → 222222222222',
      "    src/a.c changed",
    ]);
  });

  it("shows the lines of a script that changed, and how many more", () => {
    const diff = Array.from({ length: 20 }, (_, i) => ({ kind: "added" as const, text: `line ${i}` }));
    const script = leaf({ kind: "script", before: "", now: "" }, diff);
    const shown = lines([script]);
    expect(shown.slice(0, 3)).toEqual([
      "top: cache miss: script changed",
      "  script changed",
      "      + line 0",
    ]);
    expect(shown.at(-1)).toBe("      and 8 more lines (--verbose shows them)");
    expect(lines([script], true).length).toBe(22);
  });

  it("names damaged blobs", () => {
    const entries = [{
      kind: "file",
      path: "out",
      digest: id("c"),
      sizeBytes: 3,
      executable: false,
    }] as const;
    expect(lines([leaf({ kind: "damaged", manifest: false, entries })])[1]).toBe(
      `  out: blob ${"c".repeat(64)} (3 B) is missing or has another size`,
    );
  });

  it("counts the reasons beyond the first", () => {
    expect(lines([file("a"), file("b"), file("c")])[0]).toBe(
      "top: cache miss: a changed, and 2 more reasons",
    );
  });
});
