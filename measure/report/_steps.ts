import { formatMs, plural } from "../format.ts";
import type { Result, StepTiming } from "../schema.ts";
import { html, type Markup } from "./_html.ts";

/** When each step ran, as a waterfall: what overlapped, what waited, what came from the store. */
export function stepsSection({ steps }: Result): Markup {
  if (steps.length === 0) {
    return html`
      <section id="time">
        <h2>Where the time went</h2>
        <p>No step timings were recorded.</p>
      </section>
    `;
  }
  const end = Math.max(1, ...steps.map((step) => step.startMs + step.durationMs));
  const tick = tickMs(end);
  const ordered = steps.toSorted((a, b) => a.startMs - b.startMs || b.durationMs - a.durationMs);
  const hits = steps.filter((step) => step.status === "hit").length;
  const fromStore = hits > 0 && `; ${hits} came from the store (hollow)`;
  return html`
    <section id="time">
      <h2>Where the time went</h2>
      <p class="lead">${formatMs(end)} from command to verdict, ${plural(
        steps.length,
        "step",
      )}${fromStore}.</p>
      <table class="steps" style="--tick:${(tick / end * 100).toFixed(3)}%">
        <thead>
          <tr>
            <th scope="col">step</th>
            <th scope="col" class="track"><span class="scale">${scale(tick, end)}</span></th>
            <th scope="col" class="num start">start</th>
            <th scope="col" class="num">time</th>
          </tr>
        </thead>
        <tbody>${ordered.map((step) => row(step, end))}</tbody>
      </table>
    </section>
  `;
}

/** Distances of grid lines that read well, in seconds; beyond ten minutes whole hours' fractions. */
const TICKS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200];

/** The smallest of {@linkcode TICKS} that gives at most six grid lines. */
function tickMs(end: number): number {
  return (TICKS.find((seconds) => end / (seconds * 1000) <= 6) ?? 14_400) * 1000;
}

function scale(tick: number, end: number): Markup[] {
  const count = Math.floor(end / tick);
  return Array.from({ length: count + 1 }, (_, i) => {
    const left = (i * tick / end * 100).toFixed(2);
    return html`<span style="left:${left}%">${i === 0 ? "0" : formatTick(i * tick)}</span>`;
  });
}

/** Ticks are round: no digits after the point that say nothing. */
function formatTick(ms: number): string {
  return ms >= 1000 && ms < 60_000 ? `${ms / 1000} s` : formatMs(ms);
}

function row(step: StepTiming, end: number): Markup {
  const from = (step.startMs / end * 100).toFixed(2);
  const size = (step.durationMs / end * 100).toFixed(2);
  const kind = step.status === "ran" && step.name.startsWith("measure") ? "measure" : step.status;
  const bar = html`<i class="${kind}" style="left:min(${from}%,100% - 3px);width:${size}%"></i>`;
  const failed = step.status === "failed" && html`
    <span class="fail">failed</span>
  `;
  const time = step.status === "hit" ? "from store" : formatMs(step.durationMs);
  return html`
    <tr>
      <th scope="row"><code>${step.name}</code></th>
      <td class="track">
        <div aria-hidden="true">${bar}</div>
      </td>
      <td class="num start">${formatMs(step.startMs)}</td>
      <td class="num">${failed}${time}</td>
    </tr>
  `;
}
