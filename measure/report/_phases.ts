import { formatMs } from "../format.ts";
import type { Arm } from "../schema.ts";
import { html, type Markup } from "./_html.ts";
import { armColor, percent } from "./_parts.ts";

/**
 * Bars on one scale, as long as the median inference of each arm; where phases were timed, divided as the medians of
 * upload, compute and download divide.
 */
export function phaseBars(arms: readonly Arm[]): Markup {
  const longest = Math.max(...arms.map((arm) => arm.latency!.total.median));
  return html`
    <div class="phases">${arms.map((arm) => phaseBar(arm, longest))}</div>
    <ul class="legend">
      <li><i style="background:var(--upload)"></i>upload</li>
      <li><i style="background:linear-gradient(90deg,var(--cpu) 50%,var(--vulkan) 50%)"></i>compute</li>
      <li><i style="background:var(--download)"></i>download</li>
      <li>phases divide the median as they do in inferences timed phase by phase</li>
    </ul>
  `;
}

function phaseBar({ name: arm, backend, latency }: Arm, longest: number): Markup {
  const { total, phases } = latency!;
  const parts = [
    { name: "upload", color: "var(--upload)", ms: phases?.upload.median ?? 0 },
    { name: "compute", color: armColor(backend), ms: phases?.compute.median ?? total.median },
    { name: "download", color: "var(--download)", ms: phases?.download.median ?? 0 },
  ].filter(({ ms }) => ms > 0);
  const sum = parts.reduce((all, { ms }) => all + ms, 0);
  const spans = parts.map(({ name, color, ms }) => {
    const style = `width:${percent(ms / sum, 2)};background:${color}`;
    return html`<span title="${name} ${formatMs(ms)}" style="${style}"></span>`;
  });
  const label = `${arm}: ${parts.map(({ name, ms }) => `${name} ${formatMs(ms)}`).join(", ")}`;
  const width = `width:${percent(total.median / longest, 2)}`;
  return html`<span>${arm}</span>
<div class="stack" role="img" aria-label="${label}" style="${width}">${spans}</div>
<span class="num">${formatMs(total.median)}</span>`;
}
