import { SOFTWARE_VULKAN_NOTE } from "../device.ts";
import { formatBytes, formatMs } from "../format.ts";
import { succeededRuns } from "../judge.ts";
import type { Arm } from "../schema.ts";
import type { Statistics } from "../statistics.ts";
import { html, type Markup } from "./_html.ts";
import { ecdfChart, stripChart } from "./_latency_charts.ts";
import { armColor, facts } from "./_parts.ts";
import { MAX_POINTS } from "./_thin.ts";
import type { Draw } from "./_vega.ts";

/** One arm: its median in large, what goes with it, samples over run order, and their distribution. */
export async function armCard(
  arm: Arm,
  { draw, software }: { readonly draw: Draw; readonly software: boolean },
): Promise<Markup> {
  const { total } = arm.latency!;
  const samples = succeededRuns(arm).flatMap((run) => run.samples.map((sample) => sample.totalMs));
  const color = armColor(arm.backend);
  const series = { arm: arm.name, color, samples, median: total.median };
  const note = arm.backend === "vulkan" && software && html`<br>${SOFTWARE_VULKAN_NOTE}`;
  return html`
    <div class="arm">
      <div>
    <h4><span class="dot" style="background:${color}"></span>${arm.title ?? arm.name}</h4>
    <p class="big">${formatMs(total.median)}</p>
    <p class="muted">${intervalText(total)}${note}</p>
    ${armFacts(arm)}</div>
      <figure><figcaption>Latency: ${shownText(samples.length)}, median dashed</figcaption>
    ${await stripChart(draw, series)}</figure>
      <figure><figcaption>Distribution (ECDF), guides at 50 and 90 %</figcaption>
    ${await ecdfChart(draw, series)}</figure>
    </div>
  `;
}

function armFacts(arm: Arm): Markup {
  const runs = succeededRuns(arm);
  const [first] = runs;
  return facts([
    ["first run", first && formatMs(first.firstRun.totalMs)],
    ["load", first && formatMs(first.loadMs)],
    ["peak memory", first && formatBytes(Math.max(...runs.map((run) => run.peakRssBytes)))],
    ["threads", first?.threads],
    ["processes", arm.runs.length],
  ]);
}

function shownText(count: number): string {
  return count <= MAX_POINTS
    ? "every sample"
    : `${count.toLocaleString("en-US")} samples as extremes of neighbours`;
}

function intervalText({ n, medianInterval }: Statistics): string {
  if (medianInterval === null) return `median of ${n}`;
  const { level, low, high } = medianInterval;
  return `median of ${n}, ${level * 100} % interval ${formatMs(low)} to ${formatMs(high)}`;
}
