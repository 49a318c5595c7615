import { describe, expect, it } from "vitest";
import { testGraph, testNode } from "../_graph_fixture.ts";
import { placeGraph } from "./_layout.ts";
import { graphPage } from "./mod.ts";

const options = { title: "test-swiftshader", nowMs: 0 };
const graph = testGraph([
  testNode("source"),
  testNode("plugin", {
    steps: ["source"],
    status: "miss",
    needed: true,
    reason: '<script>alert("x")</script>',
  }),
  testNode("model", { steps: ["plugin", "source"] }),
], ["source", "plugin"]);

describe("graphPage()", () => {
  it("needs nothing from outside and runs no script", () => {
    const page = graphPage(graph, options);
    expect(page).toMatch(/^<!DOCTYPE html>/);
    expect(page).not.toMatch(/https?:\/\/|<script|<link|<img|@import|url\((?!#)/);
  });

  it("shows what people wrote as text", () => {
    expect(graphPage(graph, options)).toContain("&#60;script&#62;alert(&#34;x&#34;)&#60;/script&#62;");
  });

  it("links every card to the step's details", () => {
    const page = graphPage(graph, options);
    const targets = [...page.matchAll(/href="#(step-\d+)"/g)].map((match) => match[1]);
    expect(new Set(targets)).toEqual(new Set(["step-0", "step-1", "step-2"]));
    for (const target of targets) expect(page).toContain(`id="${target}"`);
  });

  it("says first what would run", () => {
    expect(graphPage(graph, options)).toContain("<h1>1 of 3 steps would run</h1>");
    expect(graphPage(testGraph([testNode("a")]), options)).toContain("Nothing to do: all 1 step");
  });

  it("leaves out the picture of a very large graph", () => {
    const nodes = Array.from(
      { length: 400 },
      (_, i) => testNode(`s${i}`, { steps: i === 0 ? [] : [`s${i - 1}`] }),
    );
    const page = graphPage(testGraph(nodes), options);
    expect(page).not.toContain('class="picture"');
    expect(page).toContain('class="rail"');
  });
});

describe("placeGraph()", () => {
  it("puts each step to the right of what it reads, and no card on another", () => {
    const { cards, width, height } = placeGraph(graph);
    const x = Object.fromEntries(cards.map((card) => [card.name, card.x]));
    expect(x["source"]! < x["plugin"]! && x["plugin"]! < x["model"]!).toBe(true);
    for (const card of cards) {
      expect(card.x >= 0 && card.y >= 0 && card.x + 256 <= width && card.y + 116 <= height).toBe(true);
    }
  });
});
