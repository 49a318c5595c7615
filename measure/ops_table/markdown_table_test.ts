import { describe, expect, it } from "vitest";
import { escapeMarkdown, markdownTable } from "./markdown_table.ts";

describe("markdownTable()", () => {
  it("lays columns out as the formatter does", () => {
    const lines = markdownTable([{ text: "a" }, { text: "count", right: true }], [["x…y", "1"], [
      "z",
      "123456",
    ]]);
    expect(lines).toEqual([
      "| a   |  count |",
      "| --- | -----: |",
      "| x…y |      1 |",
      "| z   | 123456 |",
    ]);
  });
});

describe("escapeMarkdown()", () => {
  it("keeps what would be markup", () => {
    expect(escapeMarkdown("a_b | <c> [1]")).toBe("a\\_b \\| \\<c\\> \\[1\\]");
  });
});
