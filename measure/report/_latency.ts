import { formatMs } from "../format.ts";
import type { Arm, ModelResult, Result } from "../schema.ts";
import type { Statistics } from "../statistics.ts";
import { armCard } from "./_arm.ts";
import { html, type Markup } from "./_html.ts";
import { scrollable } from "./_parts.ts";
import { phaseBars } from "./_phases.ts";
import type { Draw } from "./_vega.ts";

/** Per model: phases of the median inference, each arm's samples and distribution, and all statistics as a table. */
export async function latencySection({ models, device }: Result, draw: Draw): Promise<Markup> {
  const software = device?.software ?? false;
  const sections: Markup[] = [];
  for (const model of models) {
    const arms = model.arms.filter((arm) => arm.latency !== null);
    if (arms.length > 0) sections.push(await modelLatency(model, arms, { draw, software }));
  }
  return html`<section id="latency"><h2>Latency</h2>
<p class="lead">Host to host: inputs in host memory to outputs in host memory, after warm-up. First run and loading
apart.</p>
${sections.length === 0 ? html`<p>No run succeeded.</p>` : sections}</section>`;
}

async function modelLatency(
  model: ModelResult,
  arms: readonly Arm[],
  options: { readonly draw: Draw; readonly software: boolean },
): Promise<Markup> {
  const cards: Markup[] = [];
  for (const arm of arms) cards.push(await armCard(arm, options));
  return html`<h3>${model.name}</h3>${phaseBars(arms)}${cards}${statisticsTable(model.name, arms)}`;
}

const HEADS = ["n", "min", "median", "p90", "p99", "max", "mean", "MAD", "CV"];

function statisticsTable(model: string, arms: readonly Arm[]): Markup {
  const rows = arms.flatMap(({ name, latency }) => {
    const { total, phases } = latency!;
    return Object.entries({ total, ...phases }).map(([what, statistics]) =>
      row(`${name}, ${what}`, statistics)
    );
  });
  const table = html`
    <table>
      <thead>
        <tr><th scope="col">arm, phase</th>
    ${HEADS.map((name) => html`<th scope="col" class="num">${name}</th>`)}</tr>
      </thead>
      <tbody>${rows}</tbody>
    </table>
  `;
  return scrollable(`Latency statistics of ${model}`, table);
}

function row(name: string, { n, min, median, p90, p99, max, mean, mad, cv }: Statistics): Markup {
  const times = [min, median, p90, p99, max, mean, mad].map(formatMs);
  const cells = [String(n), ...times, cv === null ? "–" : `${(cv * 100).toFixed(1)}%`];
  return html`<tr><th scope="row">${name}</th>${
    cells.map((cell) => html`<td class="num">${cell}</td>`)
  }</tr>`;
}
