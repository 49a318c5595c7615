import { describe, expect, it } from "vitest";
import { testGraph, testNode } from "./_graph_fixture.ts";
import { graphTree } from "./graph_tree.ts";

describe("graphTree()", () => {
  it("draws targets with what they read below them, and a shared step once", () => {
    const lines = graphTree(testGraph([
      testNode("base"),
      testNode("left", { steps: ["base"], isCritical: true }),
      testNode("right", { steps: ["left"], status: "miss", needed: true, reason: "script changed" }),
      testNode("top", { steps: ["left", "right"], status: "miss", needed: false }),
    ], ["base", "left"]));
    expect(lines).toEqual([
      "top             not needed  1.5 s",
      "├─ left       * hit         1.5 s",
      "│  └─ base      hit         1.5 s",
      "└─ right        would run   1.5 s    script changed",
      "   └─ left ↑",
      "",
      "* critical path: base → left, 3.0 s",
    ]);
  });

  it("bears a chain of thousands", () => {
    const nodes = Array.from(
      { length: 3_000 },
      (_, index) => testNode(`s${index}`, { steps: index === 0 ? [] : [`s${index - 1}`] }),
    );
    expect(graphTree(testGraph(nodes)).length).toBe(3_000);
  });
});
