/**
 * A graph as one HTML page that needs nothing else: no script, no font, no network.
 *
 * @module
 */
import type { GraphView } from "../../engine/mod.ts";
import { formatBytes, formatCount, formatDuration } from "../format.ts";
import { details, formatTime } from "./_details.ts";
import { html, Markup } from "./_html.ts";
import { picture } from "./_picture.ts";
import { rail } from "./_rail.ts";
import { STYLE } from "./_style.ts";

/** Options of {@linkcode graphPage}. */
export interface GraphPageOptions {
  /** What was asked for: a command's or a step's name. */
  readonly title: string;
  /** The time now, in milliseconds since 1970. */
  readonly nowMs: number;
}

/** A picture of more steps would be too wide to read, and slow to lay out. */
const MAX_PICTURED = 150;

/** The page. */
export function graphPage(graph: GraphView, { title, nowMs }: GraphPageOptions): string {
  // What is drawn last lies on top.
  const edges = graph.edges.toSorted((a, b) => Number(a.isCritical) - Number(b.isCritical));
  const view: GraphView = { ...graph, edges };
  const isLarge = view.nodes.length > MAX_PICTURED;
  return html`
    <!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>${title}: graph</title>
        <style>${new Markup(STYLE)}</style>
      </head>
      <body>
        <main>
    <p class="kicker">vkforge graph · ${title} · ${formatTime(nowMs)}</p>
    <h1>${headline(view)}</h1>
    ${tiles(view)}
    ${legend()}
    ${isLarge ? rail(view) : html`
      <div class="wide">${picture(view)}</div>
      <div class="narrow">${rail(view)}</div>
    `}
    ${criticalPath(view)}
    ${details(view)}
    <footer>A step is a hit if the store has its output: its id is the digest of everything that it is made of.
    Times are those of the last build of each step on this machine.</footer>
        </main>
      </body>
    </html>
  `.text.trimStart();
}

function headline({ nodes }: GraphView): string {
  const runs = nodes.filter(({ needed }) => needed).length;
  if (runs === 0) return `Nothing to do: all ${formatCount(nodes.length, "step")} are in the store`;
  return `${runs} of ${formatCount(nodes.length, "step")} would run`;
}

function tiles({ nodes, critical }: GraphView): Markup {
  const hits = nodes.filter(({ status }) => status === "hit").length;
  const bytes = nodes.reduce((sum, { made }) => sum + (made?.sizeBytes ?? 0), 0);
  const total = nodes.reduce((sum, { lastDurationMs }) => sum + (lastDurationMs ?? 0), 0);
  const tile = (name: string, figure: string) =>
    html`
      <div class="tile">
        <dt>${name}</dt>
        <dd>${figure}</dd>
      </div>
    `;
  return html`
    <dl class="tiles">
    ${tile("Hits", `${hits} of ${nodes.length}`)}
    ${tile("Would run", String(nodes.filter(({ needed }) => needed).length))}
    ${tile("All steps, one by one", formatDuration(total))}
    ${tile("Critical path", formatDuration(critical.durationMs))}
    ${tile("Outputs in the store", formatBytes(bytes))}
    </dl>
  `;
}

function legend(): Markup {
  const entries = [
    ["hit", "in the store"],
    ["run", "would run"],
    ["idle", "a miss that nothing needs"],
    ["critical", "critical path"],
  ];
  return html`<ul class="legend">${
    entries.map(([kind, word]) => html`<li><i class="${kind}"></i>${word}</li>`)
  }</ul>`;
}

/** The chain as a bar, each step as wide as it took. */
function criticalPath({ nodes, critical }: GraphView): Markup | false {
  if (critical.names.length === 0) return false;
  const durations = new Map(nodes.map(({ name, lastDurationMs }) => [name, lastDurationMs ?? 0]));
  return html`
    <section>
      <h2>Critical path: ${formatDuration(critical.durationMs)}</h2>
      <p
        class="muted">The chain of steps that takes longest. More processors for other steps do not make a build shorter than this.</p>
      <div class="path" aria-hidden="true">${critical.names.map((name) =>
        html`<div style="flex:${Math.max(1, durations.get(name) ?? 0)} 1 0" title="${name}"><i></i></div>`
      )}</div>
      <ol class="path-names">${critical.names.map((name) =>
        html`<li>${name} <span class="muted">${formatDuration(durations.get(name) ?? 0)}</span></li>`
      )}</ol>
    </section>
  `;
}
