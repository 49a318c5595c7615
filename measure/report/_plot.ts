/**
 * Drawing charts as inline SVG: axes, points, lines. Colours are CSS variables of the page, so one drawing serves light
 * and dark. All points of a series are one path, a dozen bytes each, which keeps reports of many samples small.
 *
 * @module
 */
import { html, type Markup } from "./_html.ts";
import type { Point } from "./_thin.ts";

/** Size of a chart: three fit side by side at desk width, one fills a phone, and neither is scaled. */
export const CHART_WIDTH = 344;
/** See {@linkcode CHART_WIDTH}. */
export const CHART_HEIGHT = 200;

const MARGIN = { top: 8, right: 12, bottom: 38, left: 48 };

/** One direction of a chart. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly title: string;
  /** In place of round ones. */
  readonly ticks?: readonly number[];
  readonly label?: (value: number) => string;
  /** Without ticks and title. */
  readonly hidden?: boolean;
}

/** A chart's axes, and what a screen reader says. */
export interface PlotOptions {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  /** For a second scale on the right; the width is taken from the plot. */
  readonly right?: Axis;
}

/** Places in a chart by value. */
export interface Scales {
  x(value: number): number;
  y(value: number): number;
  /** On the second scale. */
  right(value: number): number;
  /** The plot's own area. */
  readonly area: {
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
  };
}

/** Draws a chart; `marks` are drawn in their order, the first below. */
export function plot(options: PlotOptions, marks: (scales: Scales) => readonly Markup[]): Markup {
  const area = {
    left: options.y.hidden ? MARGIN.right : MARGIN.left,
    right: CHART_WIDTH - (options.right === undefined ? MARGIN.right : MARGIN.left),
    top: MARGIN.top,
    bottom: CHART_HEIGHT - MARGIN.bottom,
  };
  const scales: Scales = {
    x: scale(options.x, area.left, area.right),
    y: scale(options.y, area.bottom, area.top),
    right: options.right === undefined ? () => NaN : scale(options.right, area.bottom, area.top),
    area,
  };
  return html`
    <svg class="chart" role="img" viewBox="0 0 ${CHART_WIDTH} ${CHART_HEIGHT}" width="${CHART_WIDTH}"
      height="${CHART_HEIGHT}"><title>${options.title}</title>${options.y.hidden
        ? []
        : leftAxis(options.y, scales)}${bottomAxis(options.x, scales)}${options.right === undefined
        ? []
        : rightAxis(options.right, scales)}${marks(scales)}</svg>
  `;
}

/** The points of a series as dots. */
export function dots(
  points: readonly Point[],
  scales: Scales,
  style: { color: string; size: number },
): Markup {
  const path = points.map(({ x, y }) => `M${place(scales.x(x))} ${place(scales.y(y))}h0`).join("");
  return html`
    <path d="${path}" fill="none" stroke="${style.color}" stroke-width="${style.size}" stroke-linecap="round"
      stroke-opacity=".75" />
  `;
}

/** A line through points; `step` keeps each value until the next. */
export function line(
  points: readonly Point[],
  scales: Scales,
  { color, step = false, right = false }: { color: string; step?: boolean; right?: boolean },
): Markup {
  const y = right ? scales.right : scales.y;
  const path = points.map((point, index) => {
    const [px, py] = [place(scales.x(point.x)), place(y(point.y))];
    if (index === 0) return `M${px} ${py}`;
    return step ? `H${px}V${py}` : `L${px} ${py}`;
  }).join("");
  return html`
    <path d="${path}" fill="none" stroke="${color}" stroke-width="2" stroke-linejoin="round" />
  `;
}

/** A dashed line across the chart, at a value of y, or of x. */
export function guide(
  scales: Scales,
  { at, color, vertical = false }: { at: number; color: string; vertical?: boolean },
): Markup {
  const { left, right, top, bottom } = scales.area;
  const path = vertical
    ? `M${place(scales.x(at))} ${top}V${bottom}`
    : `M${left} ${place(scales.y(at))}H${right}`;
  return html`
    <path d="${path}" fill="none" stroke="${color}" stroke-width="1.3" stroke-dasharray="5 4" />
  `;
}

/** A closed shape. */
export function shape(
  points: readonly Point[],
  scales: Scales,
  { color, opacity }: { color: string; opacity: number },
): Markup {
  const path = points.map(({ x, y }) => `${place(scales.x(x))} ${place(scales.y(y))}`).join("L");
  return html`
    <path d="M${path}Z" fill="${color}" fill-opacity="${opacity}" stroke="${color}" stroke-width="1" />
  `;
}

/** An axis that holds all values, with some room beyond them; one value gets room around it. */
export function axisOf(values: readonly number[], title: string): Axis {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const room = high > low ? (high - low) * 0.06 : Math.abs(high) * 0.05 || 1;
  return { from: low >= 0 ? Math.max(0, low - room) : low - room, to: high + room, title };
}

/** Round values within an axis: steps of 1, 2 or 5 times a power of ten, at most `count` of them and one more. */
export function roundTicks({ from, to }: Pick<Axis, "from" | "to">, count = 5): number[] {
  const raw = (to - from) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= raw * 0.999) ?? 10);
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  // Multiplied, not added up, and rounded: 0.1 + 0.2 is not 0.3.
  return Array.from(
    { length: Math.max(0, last - first + 1) },
    (_, i) => Number(((first + i) * step).toPrecision(12)),
  );
}

function scale({ from, to }: Axis, start: number, end: number): (value: number) => number {
  const factor = (end - start) / (to - from || 1);
  return (value) => start + (value - from) * factor;
}

function leftAxis(axis: Axis, scales: Scales): Markup[] {
  const { left, right, top, bottom } = scales.area;
  const ticks = axis.ticks ?? roundTicks(axis);
  const grid = ticks.map((tick) => `M${left} ${place(scales.y(tick))}H${right}`).join("");
  const middle = (top + bottom) / 2;
  return [
    html`
      <path d="${grid}" stroke="var(--line)" fill="none" />
    `,
    ...ticks.map((tick) =>
      html`<text x="${left - 7}" y="${place(scales.y(tick) + 4)}" text-anchor="end">${
        labelOf(axis, tick)
      }</text>`
    ),
    html`<text transform="translate(11 ${middle})rotate(-90)" text-anchor="middle">${axis.title}</text>`,
  ];
}

function rightAxis(axis: Axis, scales: Scales): Markup[] {
  const { right, top, bottom } = scales.area;
  const middle = (top + bottom) / 2;
  return [
    ...(axis.ticks ?? roundTicks(axis, 4)).map((tick) =>
      html`<text x="${right + 7}" y="${place(scales.right(tick) + 4)}">${labelOf(axis, tick)}</text>`
    ),
    html`<text transform="translate(${
      CHART_WIDTH - 4
    } ${middle})rotate(-90)" text-anchor="middle">${axis.title}</text>`,
  ];
}

function bottomAxis(axis: Axis, scales: Scales): Markup[] {
  const { left, right, bottom } = scales.area;
  const ticks = axis.ticks ?? roundTicks(axis);
  return [
    html`
      <path d="M${left} ${bottom}H${right}" stroke="var(--line)" fill="none" />
    `,
    ...ticks.map((tick) =>
      html`<text x="${place(scales.x(tick))}" y="${bottom + 16}" text-anchor="middle">${
        labelOf(axis, tick)
      }</text>`
    ),
    html`<text x="${(left + right) / 2}" y="${bottom + 33}" text-anchor="middle">${axis.title}</text>`,
  ];
}

function labelOf({ label }: Axis, tick: number): string {
  return label === undefined ? tick.toLocaleString("en-US", { maximumFractionDigits: 6 }) : label(tick);
}

function place(value: number): string {
  return String(Math.round(value * 10) / 10);
}
