import { describe, expect, it } from "vitest";
import {
  escapeMarkdown,
  GENERATED_MARKS,
  markdownTable,
  replaceGenerated,
  wrapMarkdown,
} from "./markdown.ts";

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

describe("wrapMarkdown()", () => {
  it("fills lines up to the width, and indents what follows an item's mark", () => {
    const word = "a".repeat(50);
    expect(wrapMarkdown(`${word} ${word} ${word}`)).toEqual([`${word} ${word}`, word]);
    expect(wrapMarkdown(`${word}   ${word}b ${word}`, "  - ")).toEqual([
      `  - ${word} ${word}b`,
      `    ${word}`,
    ]);
  });
});

describe("replaceGenerated()", () => {
  const [begin, end] = GENERATED_MARKS;
  const generated = `${begin}\nnew\n${end}`;

  it("replaces between the marks, and nothing in a page without them", () => {
    expect(replaceGenerated(`# A\n\n${begin}\nold\n${end}\nAfter.\n`, generated)).toBe(
      `# A\n\n${generated}\nAfter.\n`,
    );
    expect(replaceGenerated("# A\n", generated)).toBe("# A\n");
  });
});
