/**
 * Where cards and edges go: layers from left to right, by dagre.
 *
 * @module
 */
import { Graph, layout } from "@dagrejs/dagre";
import type { GraphView } from "../../engine/mod.ts";

/** Size of a card in pixels. */
export const CARD = { width: 256, height: 116 } as const;

/** Room between cards and around all. */
const GAP = { between: 22, layers: 52, margin: 8 } as const;

/** A card's top left corner. */
export interface PlacedCard {
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

/** An edge as the `d` of an SVG path. */
export interface PlacedEdge {
  readonly from: string;
  readonly to: string;
  readonly path: string;
}

/** A drawn graph; sizes in pixels. */
export interface Placed {
  readonly width: number;
  readonly height: number;
  readonly cards: readonly PlacedCard[];
  readonly edges: readonly PlacedEdge[];
}

/** Places the graph. The critical path is kept straight where that costs nothing. */
export function placeGraph({ nodes, edges }: GraphView): Placed {
  const graph = new Graph();
  graph.setGraph({
    rankdir: "LR",
    nodesep: GAP.between,
    ranksep: GAP.layers,
    marginx: GAP.margin,
    marginy: GAP.margin,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { name } of nodes) graph.setNode(name, { ...CARD });
  for (const { from, to, isCritical } of edges) graph.setEdge(from, to, { weight: isCritical ? 8 : 1 });
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  const center = (name: string) => graph.node(name) as { readonly x: number; readonly y: number };
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    cards: nodes.map(({ name }) => {
      const { x, y } = center(name);
      return { name, x: Math.round(x - CARD.width / 2), y: Math.round(y - CARD.height / 2) };
    }),
    edges: edges.map(({ from, to }) => {
      const points = (graph.edge(from, to) as { readonly points: readonly Point[] }).points;
      const start = { x: center(from).x + CARD.width / 2, y: center(from).y };
      // The arrow's head takes the last pixels.
      const end = { x: center(to).x - CARD.width / 2 - 5, y: center(to).y };
      return { from, to, path: curve([start, ...passages(points), end]) };
    }),
  };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * Where an edge passes other layers: level, over the width of their cards. Of dagre's points between the two ends every
 * second one lies in a layer; the rest are half-way between layers.
 */
function passages(points: readonly Point[]): Point[] {
  return points.slice(1, -1).filter((_, index) => index % 2 === 1).flatMap(({ x, y }) => [
    { x: x - CARD.width / 2, y },
    { x: x + CARD.width / 2, y },
  ]);
}

/** A smooth line through the points that leaves and reaches each of them level. */
function curve([first, ...rest]: readonly Point[]): string {
  if (first === undefined) return "";
  let from = first;
  const parts = [`M${round(first.x)} ${round(first.y)}`];
  for (const to of rest) {
    const middle = round((from.x + to.x) / 2);
    parts.push(`C${middle} ${round(from.y)} ${middle} ${round(to.y)} ${round(to.x)} ${round(to.y)}`);
    from = to;
  }
  return parts.join("");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
