import { processMedians } from "../compare/mod.ts";
import { formatMs } from "../format.ts";
import { type GpuSummary, gpuSummary } from "../gpu_summary.ts";
import { succeededRuns } from "../judge.ts";
import type { Arm, ModelResult, Result } from "../schema.ts";
import type { Statistics } from "../statistics.ts";
import { armCard } from "./_arm.ts";
import { clockText, gpuPart } from "./_gpu.ts";
import { html, type Markup } from "./_html.ts";
import { orderChart, type Temperatures } from "./_latency_charts.ts";
import { armColor, scrollable } from "./_parts.ts";
import { phaseBars } from "./_phases.ts";

/** Per model: phases of the median inference, run order, each timed arm's samples, and all statistics as a table. */
export function latencySection(result: Result): Markup {
  const clocks = new Map(timedArms(result).map((arm) => [arm, gpuSummary(arm)]));
  const sections = result.models.flatMap((model) => {
    const arms = model.arms.filter(isTimed);
    return arms.length === 0 ? [] : [modelLatency(model, { arms, clocks, result })];
  });
  return html`<section id="latency"><h2>Latency</h2>
<p class="lead">Host to host: inputs in host memory to outputs in host memory, after warm-up. First run and loading
apart. ${clockText(clocks)}</p>
${sections.length === 0 ? html`<p>No run succeeded.</p>` : sections}</section>`;
}

interface LatencyContext {
  readonly arms: readonly Arm[];
  readonly clocks: ReadonlyMap<Arm, GpuSummary | null>;
  readonly result: Result;
}

function modelLatency(model: ModelResult, { arms, clocks, result }: LatencyContext): Markup {
  const { device, evidence } = result;
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
  const cards = arms.map((arm) =>
    html`${armCard(arm, context)}${gpuPart(arm, { ...context, summary: clocks.get(arm) ?? null })}`
  );
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
    return values.length > 0 && x >= -15 && x <= until + 15 ? [{ x, y: Math.max(...values) }] : [];
  });
}

function timedArms({ models }: Result): Arm[] {
  return models.flatMap(({ arms }) => arms.filter(isTimed));
}

/** Arms on further inputs have outputs to compare, and no times that count. */
function isTimed({ latency, sample }: Arm): boolean {
  return latency !== null && sample === undefined;
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
