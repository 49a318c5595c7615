import type { GraphNode, GraphView } from "../../engine/mod.ts";
import { formatBytes, formatCount, formatDuration } from "../format.ts";
import { breakable, stateOf } from "./_card.ts";
import { html, type Markup, type Part } from "./_html.ts";

/** Every step with all that is known of it. */
export function details({ nodes }: GraphView): Markup {
  const longest = Math.max(1, ...nodes.map(({ lastDurationMs }) => lastDurationMs ?? 0));
  const number = new Map(nodes.map(({ name }, index) => [name, index]));
  const link = (name: string) => html`<a href="#step-${number.get(name) ?? 0}">${name}</a>`;
  return html`
    <section>
      <h2>Steps</h2>
      <p class="muted">In the order of a build. Bars compare the times of the last builds.</p>
    ${nodes.map((node, index) => step(node, { index, longest, link }))}</section>
  `;
}

interface StepOptions {
  readonly index: number;
  readonly longest: number;
  readonly link: (name: string) => Markup;
}

function step(node: GraphNode, { index, longest, link }: StepOptions): Markup {
  const { word, kind } = stateOf(node);
  const share = ((node.lastDurationMs ?? 0) / longest) * 100;
  return html`
    <article id="step-${index}" class="step">
    <header><h3>${breakable(node.name)}</h3><span class="state ${kind}">${word}</span>${node.isTarget &&
      html`<span class="tag">target</span>`}${node.isCritical &&
      html`<span class="tag critical">critical path</span>`}</header>
    <div class="bar${node.isCritical ? " critical" : ""}"><i style="width:${share.toFixed(2)}%"></i></div>
    ${node.reason !== "" && html`<p class="why">${node.reason}</p>`}
    ${facts([
      ["last build", lastBuild(node)],
      [
        "output",
        node.made &&
        html`${formatCount(node.made.entries, "entry", "entries")}, ${formatBytes(node.made.sizeBytes)}`,
      ],
      ["declares", node.outputs.map((path, i) => html`${i > 0 && ", "}<code>${path}</code>`)],
      ["reads steps", node.steps.map((name, i) => html`${i > 0 && ", "}${link(name)}`)],
      [
        "reads files",
        node.folders.map(({ path, files, sizeBytes }, i) =>
          html`${i > 0 && ", "}<code>${path}</code> (${formatCount(files, "file")}, ${
            formatBytes(sizeBytes)
          })`
        ),
      ],
      [
        "sources",
        node.sources.map(({ name, pin }, i) =>
          html`${i > 0 && ", "}${name} <code class="hash">${pin}</code>`
        ),
      ],
      ["image", html`${node.image.name}, ${formatCount(node.image.packages, "package")}`],
      ["id", html`<code class="hash">${node.id}</code>`],
      ["output digest", node.made && html`<code class="hash">${node.made.digest}</code>`],
    ])}</article>
  `;
}

function lastBuild({ lastDurationMs, made }: GraphNode): string {
  if (lastDurationMs === undefined) return "never here";
  if (made?.madeMs === undefined) return `${formatDuration(lastDurationMs)}, of other inputs`;
  return `${formatDuration(lastDurationMs)}, ${formatTime(made.madeMs)}`;
}

/** A moment to the minute: `2026-10-02 08:40 UTC`. */
export function formatTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

function facts(entries: ReadonlyArray<readonly [string, Part]>): Markup {
  const known = entries.filter(([, value]) =>
    value !== undefined && !(Array.isArray(value) && value.length === 0)
  );
  return html`<dl class="facts">${
    known.map(([name, value]) =>
      html`
        <dt>${name}</dt>
        <dd>${value}</dd>
      `
    )
  }</dl>`;
}
