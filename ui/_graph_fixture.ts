import type { GraphNode, GraphView } from "../engine/mod.ts";

/** A step to draw, with defaults for what a test does not name. */
export function testNode(name: string, node: Partial<GraphNode> = {}): GraphNode {
  return {
    name,
    id: "a".repeat(64) as GraphNode["id"],
    status: "hit",
    needed: false,
    reason: "",
    isTarget: false,
    isCritical: false,
    image: { name: "image", id: "b".repeat(64) as GraphNode["id"], packages: 3 },
    steps: [],
    sources: [],
    folders: [],
    outputs: ["out"],
    made: undefined,
    lastDurationMs: 1500,
    ...node,
  };
}

/** A graph of the nodes; edges follow from what they read. */
export function testGraph(nodes: readonly GraphNode[], critical: readonly string[] = []): GraphView {
  return {
    nodes,
    edges: nodes.flatMap(({ name, steps }) => steps.map((from) => ({ from, to: name, isCritical: false }))),
    critical: { names: critical, durationMs: critical.length * 1500 },
  };
}
