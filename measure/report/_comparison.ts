import { SOFTWARE_VULKAN_NOTE } from "../device.ts";
import { formatRatio, verdictWord } from "../format.ts";
import type { ArmsComparison, ModelResult, Result } from "../schema.ts";
import { html, type Markup } from "./_html.ts";

/** CPU against Vulkan: a forest plot of the ratios with their intervals, one row for each model, and the verdicts. */
export function comparisonSection({ models, device }: Result): Markup {
  const compared = models.flatMap((model) =>
    model.comparison?.ratio ? [{ model, comparison: model.comparison, ratio: model.comparison.ratio }] : []
  );
  const head = html`<h2>Vulkan against CPU</h2>`;
  if (compared.length === 0) {
    return html`<section id="comparison">${head}<p>No model has times on both.</p></section>`;
  }
  const scale = logScale(compared.flatMap(({ comparison, ratio }) => [
    ratio,
    ...(comparison.interval === null ? [] : [comparison.interval.low, comparison.interval.high]),
  ]));
  const isShort = compared.every(({ comparison }) =>
    /a verdict needs|cannot tell/.test(comparison.reason ?? "")
  );
  return html`
    <section id="comparison">
    ${head}<p class="lead">Time of Vulkan over time of the fastest CPU arm, median of processes, host to host; left of the line
    Vulkan is faster. The bar is the 99 % bootstrap interval, the band what counts as no difference.${isShort &&
      html`
        Verdicts need <code>--effort normal</code>.
      `}${device
          ?.software === true && html`
      <strong>${sentence(SOFTWARE_VULKAN_NOTE)}.</strong>
    `}</p>
      <div class="forest" role="table" aria-label="Vulkan against CPU">
        <div role="row">
          <span role="columnheader">model</span><span class="axis" role="columnheader" aria-label="ratio, logarithmic">${scale
            .ticks.map((tick) =>
              html`<span style="left:${scale.at(tick)}">${tick}</span>`
            )}</span><span role="columnheader">ratio</span><span role="columnheader">verdict</span>
        </div>
    ${compared.map((one) => row(one, scale))}
      </div>
    </section>
  `;
}

interface Compared {
  readonly model: ModelResult;
  readonly comparison: ArmsComparison;
  readonly ratio: number;
}

function row({ model, comparison, ratio }: Compared, scale: LogScale): Markup {
  const { interval, threshold, verdict } = comparison;
  const band = [1 / (1 + threshold), 1 + threshold] as const;
  const bar = interval === null
    ? undefined
    : html`<i class="interval" style="left:${scale.at(interval.low)};width:${
      scale.width(interval.low, interval.high)
    }"></i>`;
  const range = interval === null ? undefined : html`
    <span class="muted">${formatRatio(interval.low)} to ${formatRatio(interval.high)}</span>
  `;
  return html`
    <div role="row" class="${verdict}">
      <span role="rowheader">${model.name}</span>
      <span class="lane" role="cell"
        aria-hidden="true"><i class="band" style="left:${scale.at(band[0])};width:${scale.width(
          ...band,
        )}"></i><i class="one" style="left:${scale.at(1)}"></i>${bar}<i class="point" style="left:${scale.at(
          ratio,
        )}"></i></span>
      <span class="num" role="cell">${formatRatio(ratio)}${range}</span>
      <span role="cell"><strong>${verdictWord(verdict)}</strong> <span class="muted">${evidence(
        comparison,
      )}</span></span>
    </div>
  `;
}

/** What a verdict rests on, or why there is none. */
function evidence({ reason, adjustedP, noise, processes, base }: ArmsComparison): string {
  if (reason !== undefined) return reason;
  const parts = [
    adjustedP === null
      ? undefined
      : `p ${adjustedP < 1e-4 ? adjustedP.toExponential(0) : adjustedP.toPrecision(2)}`,
    noise === null ? undefined : `noise ${(noise * 100).toFixed(1)} %`,
    `${processes.arm} processes beside ${processes.base} of ${base}`,
  ];
  return parts.filter((part) => part !== undefined).join(", ");
}

interface LogScale {
  readonly ticks: readonly number[];
  at(ratio: number): string;
  width(low: number, high: number): string;
}

const TICKS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/** Logarithmic, so that twice as fast and twice as slow lie as far from 1; 1 is always on it. */
function logScale(ratios: readonly number[]): LogScale {
  const low = Math.log(Math.min(0.8, ...ratios) * 0.85);
  const high = Math.log(Math.max(1.25, ...ratios) / 0.85);
  const share = (ratio: number) => Math.max(0, Math.min(1, (Math.log(ratio) - low) / (high - low)));
  const percent = (value: number) => `${(value * 100).toFixed(2)}%`;
  const inside = TICKS.filter((tick) => Math.log(tick) >= low && Math.log(tick) <= high);
  return {
    ticks: inside.length > 7 ? inside.filter((tick) => Number.isInteger(Math.log10(tick))) : inside,
    at: (ratio) => percent(share(ratio)),
    width: (from, to) => percent(share(to) - share(from)),
  };
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
