import { describe, expect, it } from "vitest";
import { displayWidth, truncate } from "./_display_width.ts";

describe("displayWidth()", () => {
  it("counts wide characters twice and combining ones not at all", () => {
    expect(["abc", "模型", "e\u0301", "🚀", "…"].map(displayWidth)).toEqual([3, 4, 1, 2, 1]);
  });
});

describe("truncate()", () => {
  it("leaves what fits", () => {
    expect(truncate("abc", 3)).toBe("abc");
  });

  it("ends a cut text in an ellipsis", () => {
    expect(truncate("abcdef", 4)).toBe("abc…");
  });

  it("does not cut a wide character in half", () => {
    expect(truncate("模型模型", 4)).toBe("模…");
  });

  it("gives nothing where there is no room", () => {
    expect(truncate("abc", 0)).toBe("");
  });
});
