import type { GraphView } from "../../engine/mod.ts";
import { cardContent, stateOf } from "./_card.ts";
import { html, Markup } from "./_html.ts";
import { CARD, placeGraph } from "./_layout.ts";

/** Cards in layers with the edges behind them, for wide screens. */
export function picture(view: GraphView): Markup {
  const { width, height, cards, edges } = placeGraph(view);
  const number = new Map(view.nodes.map(({ name }, index) => [name, index]));
  const isCritical = new Map(view.edges.map((edge) => [`${edge.from}\0${edge.to}`, edge.isCritical]));
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label="Graph of steps">
      <div class="picture" style="width:${width}px;height:${height}px">
    <svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" aria-hidden="true">
    <defs>${arrow("arrow")}${arrow("arrow-critical")}</defs>
    ${edges.map(({ from, to, path }) => {
      const critical = isCritical.get(`${from}\0${to}`) === true;
      const classes = `edge e${number.get(from)} e${number.get(to)}${critical ? " critical" : ""}`;
      return html`
        <path class="${classes}" d="${path}" marker-end="url(#${critical ? "arrow-critical" : "arrow"})" />
      `;
    })}</svg>
    ${cards.map(({ name, x, y }) => {
      const index = number.get(name)!;
      const node = view.nodes[index]!;
      const classes = `card c${index} ${stateOf(node).kind}${node.isCritical ? " critical" : ""}`;
      const place = `left:${x}px;top:${y}px;width:${CARD.width}px;height:${CARD.height}px`;
      return html`<a class="${classes}" href="#step-${index}" title="${name}" style="${place}">${
        cardContent(node)
      }</a>`;
    })}
      </div>
    </div>
    <style>${new Markup(highlights(view))}</style>
  `;
}

function arrow(id: string): Markup {
  return html`
    <marker id="${id}" class="${id}" viewBox="0 0 8 8" refX="2" refY="4" markerWidth="8"
      markerHeight="8"
      markerUnits="userSpaceOnUse" orient="auto">
      <path d="M0 .5 7.5 4 0 7.5Z" />
    </marker>
  `;
}

/** Pointing at a card fades the edges and cards that it has nothing to do with; without a script. */
function highlights({ nodes, edges }: GraphView): string {
  const number = new Map(nodes.map(({ name }, index) => [name, index]));
  return nodes.map(({ name }, index) => {
    const near = edges.flatMap(({ from, to }) => from === name ? [to] : to === name ? [from] : []);
    const kept = [index, ...near.map((other) => number.get(other)!)].map((one) => `.c${one}`).join();
    const when = `.picture:has(.c${index}:is(:hover,:focus-visible))`;
    return `${when} .edge:not(.e${index}){opacity:.12}${when} .card:not(${kept}){opacity:.4}`;
  }).join("\n");
}
