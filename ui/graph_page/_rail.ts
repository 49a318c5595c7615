import type { GraphView } from "../../engine/mod.ts";
import { cardContent, stateOf } from "./_card.ts";
import { html, type Markup } from "./_html.ts";

/** Height of a row and width of the margin that holds the arcs, in pixels. */
const ROW = 92;
const MARGIN = 56;
const DOT_X = MARGIN - 9;

/** Steps in the order of a build with arcs between them at the left, for narrow screens and very large graphs. */
export function rail({ nodes, edges }: GraphView): Markup {
  const row = new Map(nodes.map(({ name }, index) => [name, index]));
  const height = nodes.length * ROW;
  const middle = (index: number) => index * ROW + ROW / 2;
  return html`
    <div class="rail" style="height:${height}px">
      <svg width="${MARGIN}" height="${height}" viewBox="0 0 ${MARGIN} ${height}" aria-hidden="true">
    ${edges.map(({ from, to, isCritical }) => {
      const [start, end] = [row.get(from)!, row.get(to)!];
      const bow = DOT_X - Math.min(DOT_X - 3, 8 + (end - start) * 11);
      const [top, bottom] = [middle(start), middle(end)];
      const path = `M${DOT_X} ${top}C${bow} ${top} ${bow} ${bottom} ${DOT_X} ${bottom}`;
      return html`
        <path class="edge${isCritical ? " critical" : ""}" d="${path}" />
      `;
    })}
    ${nodes.map((node, index) =>
      html`
        <circle class="dot ${stateOf(node).kind}" cx="${DOT_X}" cy="${middle(index)}" r="5" />
      `
    )}</svg>
      <ol>${nodes.map((node, index) =>
        html`<li><a class="card ${stateOf(node).kind}${
          node.isCritical ? " critical" : ""
        }" href="#step-${index}">${cardContent(node)}</a></li>`
      )}</ol>
    </div>
  `;
}
