import { SOFTWARE_VULKAN_NOTE } from "../device.ts";
import { formatMs, plural } from "../format.ts";
import { type GpuSummary, type GpuTimestamps, type Phase, PHASES } from "../gpu_summary.ts";
import type { Arm } from "../schema.ts";
import { callsTable, operatorsTable } from "./_gpu_operators.ts";
import { html, type Markup } from "./_html.ts";
import { percent } from "./_parts.ts";

/** What goes with an arm. */
export interface GpuContext {
  readonly summary: GpuSummary | null;
  /** The device is a driver in software. */
  readonly software: boolean;
}

/** What the device's clock says of an arm: phases beside their wall times, operators, slowest calls. */
export function gpuPart(arm: Arm, { summary, software }: GpuContext): Markup | undefined {
  if (summary?.source !== "timestamps") return undefined;
  const note = software && html`<span> · ${SOFTWARE_VULKAN_NOTE}; its clock is the CPU’s</span>`;
  return html`
    <div class="gpu">
      <h4>GPU time <span class="muted">· ${arm.title ?? arm.name}${note}</span></h4>
    <p class="muted">${basisText(summary, arm)}</p>
    ${phasesTable(summary, arm)}
    <p>${busyText(summary, arm)}</p>
    ${operatorsTable(arm.name, summary)}${callsTable(arm.name, summary)}</div>
  `;
}

/** How the phases of these arms were told apart, for the head of the section; nothing where none were. */
export function clockText(arms: ReadonlyMap<Arm, GpuSummary | null>): string {
  const summaries = arms.values().toArray().filter((summary) => summary !== null);
  const reasons = new Set(summaries.flatMap((summary) => summary.source === "none" ? [summary.reason] : []));
  const why = reasons.size === 0 ? "" : ` (${[...reasons].join("; ")})`;
  const walls = "Upload, compute and download are fenced wall times, between waits for the device";
  if (summaries.some(({ source }) => source === "timestamps")) {
    const missing = why === "" ? "" : ` Some arms have none${why}.`;
    return `${walls}; “GPU time” has them by the device’s own timestamps.${missing}`;
  }
  const hasPhases = arms.keys().some(({ latency }) => latency?.phases);
  return hasPhases ? `${walls}, not its own timestamps${why}.` : "";
}

/**
 * Share of compute's fenced wall time in which the device ran commands. The two are of different inferences: above 1 where
 * the timestamps cost more than the host adds. `undefined` where the wall time is not known.
 */
export function busyShare(summary: GpuTimestamps, { latency }: Arm): number | undefined {
  const wallMs = latency?.phases?.compute.median;
  return wallMs ? summary.phases.compute.busyMs / wallMs : undefined;
}

function basisText(summary: GpuTimestamps, { latency }: Arm): string {
  const { inferences, processes, totalMs } = summary;
  const without = latency === null ? "" : `, without ${formatMs(latency.total.median)}`;
  return `Medians of ${plural(inferences, "inference")} in ${plural(processes, "process", "processes")}, ` +
    `every command between two timestamps of the device. ` +
    `With them and waits between the phases an inference took ${formatMs(totalMs)}${without}.`;
}

function busyText(summary: GpuTimestamps, arm: Arm): Markup {
  const wallMs = arm.latency?.phases?.compute.median;
  const share = busyShare(summary, arm);
  if (wallMs === undefined || share === undefined) return html`Compute’s wall time was not measured apart.`;
  if (share >= 1) {
    return html`
      In compute the device was busy <strong>all the time</strong>: its commands take as long as the whole phase does
      without timestamps.
    `;
  }
  return html`
    In compute the device was busy for <strong>${percent(
      share,
    )}</strong> of the wall time. The rest, ${formatMs(
      wallMs - summary.phases.compute.busyMs,
    )}, is the host’s: recording and submitting commands, and waiting to be told of their end.
  `;
}

const COLORS: Readonly<Record<Phase, string>> = {
  upload: "var(--upload)",
  compute: "var(--vulkan)",
  download: "var(--download)",
};

function phasesTable({ phases }: GpuTimestamps, { name: arm, latency }: Arm): Markup {
  const wallOf = (phase: Phase) => latency?.phases?.[phase].median;
  const longest = Math.max(...PHASES.flatMap((phase) => [wallOf(phase) ?? 0, phases[phase].busyMs]));
  const width = (ms: number) => `width:${longest === 0 ? "0%" : percent(ms / longest, 2)}`;
  const rows = PHASES.map((phase) => {
    const { busyMs, spanMs, commands } = phases[phase];
    const wallMs = wallOf(phase);
    const wall = wallMs !== undefined && html`<i class="wall" style="${width(wallMs)}"></i>`;
    return html`
      <tr>
        <th scope="row">${phase}</th>
        <td class="bar" aria-hidden="true">
          <div>${wall}<i style="${width(busyMs)};background:${COLORS[phase]}"></i></div>
        </td>
        <td class="num" data-head="device">${formatMs(busyMs)}</td>
        <td class="num" data-head="wall">${wallMs === undefined ? "–" : formatMs(wallMs)}</td>
        <td class="num more" data-head="first to last">${formatMs(spanMs)}</td>
        <td class="num more" data-head="commands">${commands}</td>
      </tr>
    `;
  });
  return html`
    <table class="bars">
      <caption>Phases on ${arm}: filled, the device’s clock, time in which it ran commands; outlined, fenced wall time</caption>
      <thead>
        <tr>
          <th scope="col">phase</th>
          <td class="bar"></td>
          <th scope="col" class="num">device busy</th>
          <th scope="col" class="num">wall time</th>
          <th scope="col" class="num">first to last command</th>
          <th scope="col" class="num">commands</th>
        </tr>
      </thead>
      <tbody>${rows}</tbody>
    </table>
  `;
}
