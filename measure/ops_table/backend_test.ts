import { describe, expect, it } from "vitest";
import { BACKEND_MARKS, parseOperator, parsePatch, renderBackend, replaceGenerated } from "./backend.ts";

const PATCH = `From: vkforge
Subject: [PATCH] vulkan: max pool never takes the
 padding

Fault: Cells of the padding
count as 0.

A second paragraph of it.

Change: They are skipped.

Test: Rows.

Cost: None.
---
 file | 1 +

+Fault: not this
`;

describe("parsePatch()", () => {
  it("gives the subject and the paragraphs", () => {
    expect(parsePatch("0020-x", PATCH)).toEqual({
      name: "0020-x",
      subject: "max pool never takes the padding",
      parts: {
        Fault: "Cells of the padding count as 0. A second paragraph of it.",
        Change: "They are skipped.",
        Test: "Rows.",
        Cost: "None.",
      },
    });
  });
});

describe("parseOperator()", () => {
  it("finds registrations, each once, with and without their namespace", () => {
    const source = `m.impl(TORCH_SELECTIVE_NAME("aten::silu"), f);
      m.impl("aten::silu", f); m.impl(
        TORCH_SELECTIVE_NAME("gelu"), g);`;
    expect(parseOperator("vkf_x", source).registers).toEqual(["aten::gelu", "aten::silu"]);
  });
});

describe("replaceGenerated()", () => {
  const generated = renderBackend([parsePatch("0020-x", PATCH)], [], new Map());

  it("replaces only between the marks, and nothing in a page without them", () => {
    const edited = `# Title\n\n${BACKEND_MARKS[0]}\nold\n${BACKEND_MARKS[1]}\nAfter.\n`;
    expect(replaceGenerated(edited, generated)).toBe(`# Title\n\n${generated}\nAfter.\n`);
    expect(replaceGenerated("# Title\n", generated)).toBe("# Title\n");
  });
});
