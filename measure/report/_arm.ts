import { processMedians } from "../compare/mod.ts";
import { SOFTWARE_VULKAN_NOTE } from "../device.ts";
import { formatBytes, formatMs, plural } from "../format.ts";
import { succeededRuns } from "../judge.ts";
import type { Arm } from "../schema.ts";
import type { Statistics } from "../statistics.ts";
import { html, type Markup } from "./_html.ts";
import {
  ecdfChart,
  MIN_FOR_SHAPE,
  type Series,
  type Temperatures,
  timeChart,
  violinChart,
} from "./_latency_charts.ts";
import { armColor, facts } from "./_parts.ts";
import { MAX_POINTS } from "./_thin.ts";

/** What an arm is shown with. */
export interface ArmContext {
  readonly software: boolean;
  /** When the model's first process began, in milliseconds since 1970, as its own clock says. */
  readonly originMs: number | undefined;
  readonly temperatures: Temperatures;
}

/** One arm: its median in large, what goes with it, samples over time, their distribution and density. */
export function armCard(arm: Arm, { software, originMs, temperatures }: ArmContext): Markup {
  const { total } = arm.latency!;
  const color = armColor(arm.backend);
  const series = seriesOf(arm, originMs);
  const note = arm.backend === "vulkan" && software &&
    html`<span class="muted"> · ${SOFTWARE_VULKAN_NOTE}</span>`;
  return html`
    <div class="arm">
      <div>
    <h4><span class="dot" style="background:${color}"></span>${arm.title ?? arm.name}${note}</h4>
    <p><span class="big">${formatMs(total.median)}</span> <span class="muted">${intervalText(
      total,
    )}</span></p>
    ${armFacts(arm)}</div>
    ${series.samples.length < MIN_FOR_SHAPE ? sampleList(series) : charts(series, temperatures)}
    </div>
  `;
}

/** Too few for a distribution: the samples themselves. */
function sampleList({ samples }: Series): Markup {
  const times = samples.map(({ ms }) => formatMs(ms)).join(", ");
  return html`
    <div>
      <p class="samples"><span class="muted">samples</span> ${times}</p>
    </div>
  `;
}

function charts(series: Series, temperatures: Temperatures): Markup {
  const heat = temperatures.length > 0 && ", °C beside it";
  return html`
    <figure><figcaption>Over time: ${shownText(series.samples.length)}, median dashed${heat}</figcaption>
    ${timeChart(series, temperatures)}</figure>
    <figure><figcaption>Share of samples that took at most …</figcaption>
    ${ecdfChart(series)}</figure>
    <figure><figcaption>Density with samples; below, medians of processes</figcaption>
    ${violinChart(series)}</figure>
  `;
}

function seriesOf(arm: Arm, originMs: number | undefined): Series {
  const samples = succeededRuns(arm).flatMap((run) => {
    const started = originMs === undefined ? NaN : Date.parse(run.startedAt ?? "") - originMs;
    return run.samples.map(({ totalMs, atMs }) => {
      const at = (started + (atMs ?? NaN)) / 1000;
      return { ms: totalMs, at: Number.isFinite(at) ? at : undefined };
    });
  });
  return {
    arm: arm.name,
    color: armColor(arm.backend),
    samples,
    median: arm.latency!.total.median,
    processes: arm.runs.length > 1 ? processMedians(arm) : [],
  };
}

function armFacts(arm: Arm): Markup {
  const runs = succeededRuns(arm);
  const [first] = runs;
  const { p90, p99, mad } = arm.latency!.total;
  const stopped = runs.filter(({ stoppedBy }) => stoppedBy === "budget").length;
  return facts([
    ["p90, p99", `${formatMs(p90)}, ${formatMs(p99)}`],
    ["MAD", formatMs(mad)],
    ["load", formatMs(arm.startup?.load.median ?? first!.loadMs)],
    ["first run", formatMs(arm.startup?.firstRun.median ?? first!.firstRun.totalMs)],
    ["warm-up", warmupText(runs)],
    [
      "processes",
      stopped === 0 ? arm.runs.length : `${arm.runs.length} (${stopped} ended by the time limit)`,
    ],
    ["threads", first?.threads],
    ["peak memory", formatBytes(Math.max(...runs.map((run) => run.peakRssBytes)))],
  ]);
}

function warmupText(runs: ReturnType<typeof succeededRuns>): string {
  const counts = runs.map(({ warmup }) => warmup);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const cold = runs.filter(({ warm }) => warm === false).length;
  const range = least === most ? plural(least, "run") : `${least} to ${most} runs`;
  return cold === 0 ? range : `${range}, not settled in ${plural(cold, "process", "processes")}`;
}

function shownText(count: number): string {
  return count <= MAX_POINTS
    ? "every sample"
    : `${count.toLocaleString("en-US")} samples as extremes of neighbours`;
}

function intervalText({ n, medianInterval }: Statistics): string {
  if (medianInterval === null) return `median of ${n}`;
  const { level, low, high } = medianInterval;
  return `median of ${n.toLocaleString("en-US")}, ${level * 100} % interval ${formatMs(low)} to ${
    formatMs(high)
  }`;
}
