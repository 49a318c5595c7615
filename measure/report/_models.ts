import { type Check, checksOf } from "../checks.ts";
import { formatCosine, formatError, formatMs, formatRatio } from "../format.ts";
import { mainArms, worstParity } from "../headline.ts";
import type { Arm, Failure, ModelResult, Result } from "../schema.ts";
import { html, type Markup } from "./_html.ts";
import { scrollable, verdict } from "./_parts.ts";

/** One row per model: verdict, its checks, headline figures, and why it failed. On a phone rows become cards. */
export function modelsSection({ models }: Result): Markup {
  if (models.length === 0) {
    return html`
      <section id="models">
        <h2>Models</h2>
        <p>Nothing was measured.</p>
      </section>
    `;
  }
  const table = html`
    <table class="models">
      <thead>
        <tr><th scope="col">model</th><th scope="col">verdict</th>
    ${FIGURES.map(({ head }) => html`<th scope="col" class="num">${head}</th>`)}</tr>
      </thead>
      <tbody>${models.map(row)}</tbody>
    </table>
  `;
  return html`<section id="models"><h2>Models</h2>${scrollable("Models", table)}</section>`;
}

const FIGURES: ReadonlyArray<{ readonly head: string; readonly cell: (model: ModelResult) => string }> = [
  { head: "max rel. error", cell: (model) => formatError(worstParity(model)?.maxRel ?? null) },
  { head: "cosine", cell: (model) => formatCosine(worstParity(model)?.cosine ?? null) },
  { head: "CPU median", cell: (model) => median(mainArms(model).cpu) },
  { head: "Vulkan median", cell: (model) => median(mainArms(model).vulkan) },
  { head: "Vulkan / CPU", cell: ratio },
];

function row(model: ModelResult): Markup {
  const cells = FIGURES.map(({ head, cell }) =>
    html`<td class="num" data-head="${head}">${cell(model)}</td>`
  );
  return html`<tr><th scope="row">${model.name}${subtitle(model)}</th>
<td>${checks(model)}</td>${cells}</tr>
${model.failures.map(failureRow)}`;
}

/** All of them where one failed; folded where none did. */
function checks(model: ModelResult): Markup {
  const items = checksOf(model);
  const list = html`<ul class="checks">${items.map(checkItem)}</ul>`;
  if (!model.ok) return html`${verdict(false)}${list}`;
  return html`<details><summary>${verdict(true)} ${items.length} checks</summary>${list}</details>`;
}

function subtitle({ title, weights }: ModelResult): Markup | undefined {
  const parts = [title, weights && `${weights.kind} weights`].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : html`<br><span class="muted">${parts.join(", ")}</span>`;
}

function checkItem({ title, status, reason }: Check): Markup {
  switch (status) {
    case "passed":
      return html`<li><span class="pass" aria-label="passed">✓</span> ${title}</li>`;
    case "failed":
      return html`<li class="fail"><span aria-label="failed">✗</span> ${title}</li>`;
    case "skipped":
      return html`<li class="skip" title="${reason ?? ""}">○ ${title} (skipped)</li>`;
  }
}

function failureRow({ check, message, hint }: Failure): Markup {
  const advice = hint !== undefined && html`<br><span class="muted">${hint}</span>`;
  return html`
    <tr class="reasons">
      <td></td>
      <td colspan="${FIGURES.length + 1}"><strong>${check}</strong>: ${message}${advice}</td>
    </tr>
  `;
}

function ratio({ comparison }: ModelResult): string {
  return comparison?.ratio ? formatRatio(comparison.ratio) : "–";
}

function median(arm: Arm | undefined): string {
  return arm?.latency ? formatMs(arm.latency.total.median) : "–";
}
