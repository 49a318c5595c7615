/**
 * A graph as a tree of text: targets at the left, what they read below them.
 *
 * @module
 */
import type { GraphNode, GraphView } from "../engine/mod.ts";
import { formatBytes, formatDuration, layoutTable } from "./format.ts";

/** The lines of the tree. A step that is read by several is drawn whole once, and named after that. */
export function graphTree({ nodes, critical }: GraphView): string[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const read = new Set(nodes.flatMap(({ steps }) => steps));
  const rows: string[][] = [];
  const drawn = new Set<string>();
  // Own stack: chains of thousands of steps would overflow the call stack.
  const pending = nodes.filter(({ name }) => !read.has(name)).reverse()
    .map((node) => ({ node, prefix: "", stem: "" }));
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, prefix, stem } = next;
    const isAgain = drawn.has(node.name) && node.steps.length > 0;
    drawn.add(node.name);
    rows.push(isAgain ? [`${prefix}${node.name} ↑`] : [`${prefix}${node.name}`, ...facts(node)]);
    if (isAgain) continue;
    const children = node.steps.map((name) => byName.get(name)!);
    children.map((child, index) => ({ child, isLast: index === children.length - 1 })).reverse()
      .forEach(({ child, isLast }) =>
        pending.push({
          node: child,
          prefix: `${stem}${isLast ? "└─ " : "├─ "}`,
          stem: `${stem}${isLast ? "   " : "│  "}`,
        })
      );
  }
  const lines = layoutTable(rows, { align: "llrrl" });
  if (critical.names.length > 0) {
    lines.push("", `* critical path: ${critical.names.join(" → ")}, ${formatDuration(critical.durationMs)}`);
  }
  return lines;
}

function facts({ status, needed, reason, isCritical, lastDurationMs, made }: GraphNode): string[] {
  const state = status === "hit" ? "hit" : needed ? "would run" : "not needed";
  return [
    `${isCritical ? "*" : " "} ${state}`,
    lastDurationMs === undefined ? "" : formatDuration(lastDurationMs),
    made === undefined ? "" : formatBytes(made.sizeBytes),
    reason,
  ];
}
