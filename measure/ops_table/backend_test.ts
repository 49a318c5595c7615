import { describe, expect, it } from "vitest";
import { parseOperator, parsePatch, renderBackend } from "./backend.ts";

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

describe("renderBackend()", () => {
  it("gives a table with a line for each patch, escaped", () => {
    const lines = renderBackend([parsePatch("0020-x", PATCH)], [], new Map()).split("\n");
    const found = lines.find((line) => line.startsWith("| 0020:"));
    expect(found).toMatch(
      /^\| 0020: max pool never takes the padding \| Cells of the padding count as 0\. .* \| None\. \|$/,
    );
  });
});
