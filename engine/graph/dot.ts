/**
 * A graph in Graphviz's language.
 *
 * @module
 */
import type { GraphNode, GraphView } from "./graph_view.ts";

/** The graph as DOT: hits are filled, what would run is bold, the critical path is red. */
export function toDot({ nodes, edges }: GraphView): string {
  return [
    "digraph vkforge {",
    "  rankdir=LR;",
    '  node [shape=box, style="rounded", fontname="sans-serif"];',
    ...nodes.map((node) => `  ${quote(node.name)} [${nodeAttributes(node)}];`),
    ...edges.map(({ from, to, isCritical }) =>
      `  ${quote(from)} -> ${quote(to)}${isCritical ? ' [color="#b3261e", penwidth=2]' : ""};`
    ),
    "}",
    "",
  ].join("\n");
}

function nodeAttributes({ name, status, needed, isCritical, lastDurationMs }: GraphNode): string {
  const state = status === "hit" ? "hit" : needed ? "would run" : "miss, not needed";
  const time = lastDurationMs === undefined ? "" : `, ${(lastDurationMs / 1000).toFixed(1)} s`;
  const style = status === "hit"
    ? 'style="rounded,filled", fillcolor="#e6f4ea"'
    : needed
    ? 'style="rounded,bold"'
    : 'style="rounded,dashed"';
  return `label=${quote(`${name}\n${state}${time}`)}, ${style}${isCritical ? ', color="#b3261e"' : ""}`;
}

/** A quoted ID of the DOT language: only the quote and the backslash need care, a line break is written `\n`. */
function quote(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}
