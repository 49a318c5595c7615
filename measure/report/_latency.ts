import { processMedians } from "../compare/mod.ts";
import { formatMs } from "../format.ts";
import { succeededRuns } from "../judge.ts";
import type { Arm, ModelResult, Result } from "../schema.ts";
import type { Statistics } from "../statistics.ts";
import { armCard } from "./_arm.ts";
import { html, type Markup } from "./_html.ts";
import { orderChart, type Temperatures } from "./_latency_charts.ts";
import { armColor, scrollable } from "./_parts.ts";
import { phaseBars } from "./_phases.ts";

/** Per model: phases of the median inference, run order, each timed arm's samples, and all statistics as a table. */
export function latencySection(result: Result): Markup {
  const sections = result.models.flatMap((model) => {
    const arms = model.arms.filter((arm) => arm.latency !== null && arm.sample === undefined);
    return arms.length === 0 ? [] : [modelLatency(model, arms, result)];
  });
  return html`<section id="latency"><h2>Latency</h2>
<p class="lead">Host to host: inputs in host memory to outputs in host memory, after warm-up. First run and loading
apart. ${synchronizationText(result)}</p>
${sections.length === 0 ? html`<p>No run succeeded.</p>` : sections}</section>`;
}

function modelLatency(model: ModelResult, arms: readonly Arm[], { device, evidence }: Result): Markup {
  const starts = arms.flatMap((arm) =>
    succeededRuns(arm).map(({ startedAt }) => Date.parse(startedAt ?? ""))
  );
  const originMs = starts.length > 0 && starts.every(Number.isFinite) ? Math.min(...starts) : undefined;
  const context = {
    software: device?.software ?? false,
    originMs,
    temperatures: originMs === undefined
      ? []
      : temperaturesOf(evidence, originMs, lastSecond(arms, originMs)),
  };
  const cards = arms.map((arm) => armCard(arm, context));
  const details = html`<details><summary>All statistics of ${model.name}</summary>${
    statisticsTable(model.name, arms)
  }</details>`;
  return html`<h3>${model.title ?? model.name}</h3>
<div class="overview"><div>${phaseBars(arms)}</div>${runOrder(model.name, arms)}</div>${cards}${details}`;
}

/** Says nothing where every arm has one process. */
function runOrder(model: string, arms: readonly Arm[]): Markup | undefined {
  const processes = arms.flatMap((arm) => {
    const succeeded = arm.runs.filter(({ runner }) => runner.ok && runner.samples.length > 0);
    const medians = processMedians(arm);
    return succeeded.map(({ order }, index) => ({
      order,
      median: medians[index]!,
      color: armColor(arm.backend),
      arm: arm.name,
    }));
  });
  if (arms.every(({ runs }) => runs.length < 2)) return undefined;
  return html`<figure><figcaption>Run order: each process beside the median of its arm</figcaption>
${orderChart(model, processes)}</figure>`;
}

function lastSecond(arms: readonly Arm[], originMs: number): number {
  return Math.max(
    0,
    ...arms.flatMap((arm) =>
      succeededRuns(arm).map(({ startedAt, samples }) =>
        (Date.parse(startedAt!) - originMs + (samples.at(-1)?.atMs ?? 0)) / 1000
      )
    ),
  );
}

/** The hottest sensor at each time that a device was looked at while the model ran. */
function temperaturesOf(evidence: Result["evidence"], originMs: number, until: number): Temperatures {
  if (evidence === undefined) return [];
  const states = [evidence.before, ...evidence.during, evidence.after].filter((state) => state !== undefined);
  return states.flatMap(({ at, temperatures }) => {
    const x = (Date.parse(at) - originMs) / 1000;
    const values = Object.values(temperatures);
    return values.length > 0 && x >= -60 && x <= until + 60 ? [{ x, y: Math.max(...values) }] : [];
  });
}

/** How phases were told apart, as the runner says. */
function synchronizationText({ models }: Result): string {
  const runs = models.flatMap(({ arms }) => arms.flatMap(succeededRuns));
  return runs.some(({ phases = [], backend }) => backend === "vulkan" && phases.length > 0)
    ? "Upload, compute and download are wall times between waits for the device, not its own timestamps."
    : "";
}

const HEADS = ["n", "min", "median", "p90", "p99", "max", "mean", "MAD", "CV"];

function statisticsTable(model: string, arms: readonly Arm[]): Markup {
  const rows = arms.flatMap(({ name, latency, startup }) => {
    const { total, phases } = latency!;
    const named = { total, ...phases, ...(startup && { load: startup.load, "first run": startup.firstRun }) };
    return Object.entries(named).map(([what, statistics]) => row(`${name}, ${what}`, statistics));
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
