import { describe, expect, it } from "vitest";
import { cleanLine, cleanLines } from "./clean.ts";

describe("cleanLine()", () => {
  it("leaves plain text and tabs alone", () => {
    expect(cleanLine("g++: error:\tx ✓ 模型")).toBe("g++: error:\tx ✓ 模型");
  });

  for (
    const [what, dirty, clean] of [
      ["colours", "\x1b[1;31merror\x1b[0m: x", "error: x"],
      ["cursor movement and erasing", "a\x1b[2A\x1b[Kb", "ab"],
      ["a window title", "a\x1b]0;title\x07b", "ab"],
      ["a clipboard write", "a\x1b]52;c;ZXZpbA==\x1b\\b", "ab"],
      ["a device control string", "a\x1bPpayload\x1b\\b", "ab"],
      ["a string that never ends", "a\x1b]0;title", "a"],
      ["eight-bit introducers", "a\x9b2Jb\x9dtitle\x9cc", "abc"],
      ["private modes", "\x1b[?1049ha\x1b[?25l", "a"],
      ["a terminal reset and charset switches", "a\x1bcb\x1b(0c", "abc"],
      ["backspaces, bells and deletes", "a\x08\x07\x7fb", "ab"],
      ["marks that reverse the direction", "a\u202eb\u2066c", "abc"],
      ["a lone escape at the end", "abc\x1b", "abc"],
    ] as const
  ) {
    it(`removes ${what}`, () => {
      expect(cleanLine(dirty)).toBe(clean);
    });
  }

  it("keeps the last state of an overwritten line", () => {
    expect(cleanLine("10 %\r50 %\r100 %\r")).toBe("100 %");
  });

  it("takes linear time on hostile input", () => {
    const started = performance.now();
    cleanLine("\x1b[".repeat(100_000));
    cleanLine("\x1b]".repeat(100_000));
    cleanLine(`\x1b[${"0;".repeat(200_000)}`);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe("cleanLines()", () => {
  it("splits at both kinds of line end", () => {
    expect(cleanLines("a\r\nb\nc")).toEqual(["a", "b", "c"]);
  });
});
