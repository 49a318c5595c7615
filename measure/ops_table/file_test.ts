import { describe, expect, it } from "vitest";
import { formatTable, parseTable } from "./file.ts";
import type { TruthTable } from "./schema.ts";

const RIGHT = { kind: "right", good: true } as const;
const WRONG = { kind: "wrong", good: false, message: "off by 0.5 of the scale" } as const;

const TABLE: TruthTable = {
  columns: {
    "gpu/stock": { device: "A GPU", driver: "A driver 1.0", torch: "1.13.1" },
    "gpu/vkforge": { device: "A GPU", driver: "A driver 1.0", torch: "1.13.1", plugin: "ab" },
  },
  rows: [
    {
      family: "shape",
      op: "cat",
      name: "1x2",
      form: "eager",
      shapes: [[1, 2]],
      arguments: { dim: 1 },
      answers: { "gpu/stock": WRONG, "gpu/vkforge": RIGHT },
    },
    {
      family: "shape",
      op: "cat",
      name: "1x2",
      form: "lite",
      shapes: [[1, 2]],
      arguments: { dim: 1 },
      answers: { "gpu/vkforge": RIGHT },
    },
    // Another case whose form comes under the same name.
    { family: "shape", op: "cat", name: "1x2", form: "python", shapes: [[1, 2]], answers: {} },
    {
      family: "shape",
      op: "stack",
      name: "3",
      form: "eager",
      shapes: [[3]],
      answers: { "gpu/stock": RIGHT },
    },
  ],
};

describe("formatTable()", () => {
  it("writes what parseTable() reads", () => {
    expect(parseTable(formatTable(TABLE))).toEqual(TABLE);
  });

  it("writes each answer once, and each case in a line", () => {
    const lines = formatTable(TABLE).split("\n");
    expect(lines.filter((line) => line.includes("off by"))).toHaveLength(1);
    expect(lines).toContain(
      '   {"name":"1x2","shapes":[[1,2]],"arguments":{"dim":1},"forms":{"eager":[1,0],"lite":[null,0]}},',
    );
  });
});

describe("parseTable()", () => {
  it("refuses a schema that it does not know", () => {
    expect(() => parseTable(formatTable(TABLE).replace('"schema": 1', '"schema": 2'))).toThrow();
  });
});
