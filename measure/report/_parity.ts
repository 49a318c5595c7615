import { formatCosine, formatError } from "../format.ts";
import type { ModelResult, ParityEntry, Result } from "../schema.ts";
import { html, type Markup } from "./_html.ts";
import { scrollable, verdict } from "./_parts.ts";

/** Every compared tensor with its figures, and its error on a logarithmic scale against the tolerance. */
export function paritySection({ models }: Result): Markup {
  const rows = models.flatMap((model) => grouped(model.parity).map((one) => ({ model: model.name, ...one })));
  const main = models.flatMap(mainRows);
  if (rows.length === 0) {
    return html`
      <section id="parity">
        <h2>Parity</h2>
        <p>There were no outputs to compare.</p>
      </section>
    `;
  }
  return html`<section id="parity"><h2>Parity</h2>
<p class="lead">Largest absolute error relative to the reference tensor’s largest value; of each output the worst on
Vulkan, and whatever failed. The scale is logarithmic: each step is a factor of 100, the mark is the tolerance.</p>
${scrollable("Parity of every output", table(main))}
${
    rows.length > main.length &&
    html`<details><summary>All ${rows.length} comparisons</summary>${
      scrollable("All comparisons", table(rows))
    }</details>`
  }</section>`;
}

interface Row extends Group {
  readonly model: string;
}

/** What failed, and the worst of each output on Vulkan; on any arm where Vulkan gave nothing. */
function mainRows({ name, arms, parity }: ModelResult): Row[] {
  const vulkan = new Set(arms.filter(({ backend }) => backend === "vulkan").map((arm) => arm.name));
  const groups = grouped(parity);
  const ofOutput = Map.groupBy(groups, ({ entry }) => entry.output);
  const worst = [...ofOutput.values()].map((all) => {
    const onVulkan = all.filter(({ entry }) => vulkan.has(entry.arm));
    const candidates = onVulkan.length > 0 ? onVulkan : all;
    return candidates.toSorted((a, b) => (b.entry.maxRel ?? Infinity) - (a.entry.maxRel ?? Infinity))[0]!;
  });
  return groups.filter((group) => !group.entry.ok || worst.includes(group)).map((group) => ({
    model: name,
    ...group,
  }));
}

function table(rows: readonly Row[]): Markup {
  const heads = COLUMNS.map(({ head, num }) =>
    html`<th scope="col" class="${num ? "num" : ""}">${head}</th>`
  );
  return html`
    <table>
      <thead>
        <tr><th scope="col">model, output</th>${heads}</tr>
      </thead>
      <tbody>${rows.map(row)}</tbody>
    </table>
  `;
}

interface Column {
  readonly head: string;
  readonly num: boolean;
  readonly cell: (entry: ParityEntry) => Markup | string;
}

const COLUMNS: readonly Column[] = [
  {
    head: "compared",
    num: false,
    cell: ({ arm, reference }) => html`${arm} <span class="muted">to</span> ${reference}`,
  },
  { head: "verdict", num: false, cell: ({ ok }) => verdict(ok) },
  { head: "max rel.", num: true, cell: ({ maxRel }) => formatError(maxRel) },
  { head: "10⁻¹² to 1, tolerance marked", num: false, cell: toleranceBar },
  { head: "max abs.", num: true, cell: ({ maxAbs }) => formatError(maxAbs) },
  { head: "RMSE", num: true, cell: ({ rmse }) => formatError(rmse) },
  { head: "p99.9 abs.", num: true, cell: ({ p999Abs }) => formatError(p999Abs) },
  { head: "cosine", num: true, cell: ({ cosine }) => formatCosine(cosine) },
  { head: "SNR", num: true, cell: snr },
  { head: "NaN, Inf", num: true, cell: ({ nan, inf }) => `${nan.actual}, ${inf.actual}` },
];

interface Group {
  readonly entry: ParityEntry;
  readonly count: number;
}

/** Processes that gave the same figures share a row: a hundred equal rows would hide the one that is not. */
function grouped(parity: readonly ParityEntry[]): Group[] {
  const groups = Map.groupBy(parity, ({ replicate: _, ...figures }) => JSON.stringify(figures));
  return [...groups.values()].map((entries) => ({ entry: entries[0]!, count: entries.length }));
}

function row({ model, entry, count }: Row): Markup {
  const cells = COLUMNS.map(({ num, cell }) => html`<td class="${num ? "num" : ""}">${cell(entry)}</td>`);
  const reasons = html`
    <tr class="reasons">
      <td colspan="${COLUMNS.length + 1}">
        <div>${entry.reasons.join("; ")}</div>
      </td>
    </tr>
  `;
  const processes = count > 1 && `, ${count} processes`;
  const elements = html`<span class="muted">${entry.elements} el.${processes}</span>`;
  return html`<tr><th scope="row">${model}<br><code>${entry.output}</code> ${elements}</th>${cells}</tr>
${!entry.ok && reasons}`;
}

function snr({ snrDb, identical }: ParityEntry): string {
  if (identical) return "identical";
  return snrDb === null ? "–" : `${snrDb.toFixed(0)} dB`;
}

const [WIDTH, LOWEST, HIGHEST] = [190, -12, 0];

/** The error from 1e-12 to 1; an error that could not be computed fills the bar. */
function toleranceBar({ maxRel, tolerance, ok }: ParityEntry): Markup {
  const at = (value: number) => {
    const exponent = value > 0 ? Math.log10(value) : -Infinity;
    return (Math.min(HIGHEST, Math.max(LOWEST, exponent)) - LOWEST) / (HIGHEST - LOWEST) * WIDTH;
  };
  const end = maxRel === null ? WIDTH : at(maxRel);
  const limit = at(tolerance.maxRel);
  const color = ok ? "var(--pass)" : "var(--fail)";
  const title = `${formatError(maxRel)}, tolerance ${formatError(tolerance.maxRel)}`;
  const grid = [-10, -8, -6, -4, -2].map((exponent) => at(10 ** exponent));
  return html`<svg class="tolerance" viewBox="0 0 ${WIDTH} 22" role="img"><title>${title}</title>
<rect y="8" width="${WIDTH}" height="7" rx="2" fill="var(--line)"/>
<rect y="8" width="${end.toFixed(1)}" height="7" rx="2" fill="${color}"/>
${
    grid.map((x) =>
      html`
        <line x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="8" y2="15" stroke="var(--page)" />
      `
    )
  }
<line x1="${limit.toFixed(1)}" x2="${
    limit.toFixed(1)
  }" y1="2" y2="21" stroke="var(--text)" stroke-width="2"/></svg>`;
}
