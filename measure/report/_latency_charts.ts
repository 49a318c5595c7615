import { interquartileRange, sampleStandardDeviation } from "simple-statistics";
import { seededRandom } from "../random.ts";
import type { Markup } from "./_html.ts";
import { axisOf, dots, guide, line, plot, shape } from "./_plot.ts";
import { ecdfPoints, type Point, quantilesOf, thinned } from "./_thin.ts";

/** One arm's samples of the steady state, in milliseconds. */
export interface Series {
  readonly arm: string;
  /** A CSS colour. */
  readonly color: string;
  /** `at` is seconds since the model's first process began; `undefined` where that was not recorded. */
  readonly samples: ReadonlyArray<{ readonly ms: number; readonly at: number | undefined }>;
  readonly median: number;
  /** Medians of the processes. */
  readonly processes: readonly number[];
}

/** The hottest sensor of a device over the seconds of {@linkcode Series}. */
export type Temperatures = readonly Point[];

/**
 * Every sample over time, the median dashed; the temperature beside it where the device told. Drift, throttling and
 * warm-up that is left show here.
 */
export function timeChart(
  { arm, color, samples, median }: Series,
  temperatures: Temperatures = [],
): Markup {
  const timed = samples.every(({ at }) => at !== undefined);
  const points = thinned(samples.map(({ ms, at }, index) => ({ x: timed ? at! : index + 1, y: ms })));
  const shown = timed ? temperatures : [];
  const x = axisOf([...points, ...shown].map((point) => point.x), timed ? "seconds" : "sample, in run order");
  const right = shown.length === 0 ? {} : { right: temperatureAxis(shown.map(({ y }) => y)) };
  const title = `Latency on ${arm} over time: ${samples.length} samples, median ${median.toPrecision(3)} ms`;
  return plot({ title, x, y: axisOf(points.map((point) => point.y), "ms"), ...right }, (scales) => [
    guide(scales, { at: median, color }),
    ...(shown.length === 0 ? [] : [line(shown, scales, { color: "var(--warn)", right: true })]),
    dots(points, scales, { color, size: sizeFor(points.length) }),
  ]);
}

/** At least ten degrees high: sensors tell whole degrees, and one more or less is no drift. */
function temperatureAxis(degrees: readonly number[]) {
  const middle = (Math.min(...degrees) + Math.max(...degrees)) / 2;
  return axisOf([...degrees, middle - 5, middle + 5], "°C");
}

/** The share of samples that took at most so many milliseconds; guides at the median and at 90 %. */
export function ecdfChart({ arm, color, samples }: Series): Markup {
  const points = ecdfPoints(samples.map(({ ms }) => ms));
  const title = `Distribution of latency on ${arm}: share of samples that took at most so many milliseconds`;
  const y = { from: 0, to: 1.02, title: "", ticks: SHARES, label: percent };
  return plot({ title, x: axisOf(points.map((point) => point.x), "ms"), y }, (scales) => [
    ...[0.5, 0.9].map((at) => guide(scales, { at, color: "var(--muted)" })),
    line(points, scales, { color, step: true }),
  ]);
}

/** Fewer samples than this have no shape. */
export const MIN_FOR_SHAPE = 8;

/**
 * The density of the samples (at least {@linkcode MIN_FOR_SHAPE}) as a violin, with the samples themselves scattered in it, and the processes' medians as marks
 * below.
 */
export function violinChart({ arm, color, samples, median, processes }: Series): Markup {
  const times = samples.map(({ ms }) => ms);
  const { grid, at } = densityOf(times);
  const random = seededRandom(1);
  const points = quantilesOf(times, MAX_SCATTERED).map((x) => ({ x, y: (random() - 0.5) * 1.7 * at(x) }));
  const outline = [
    ...grid.map((x) => ({ x, y: at(x) })),
    ...grid.toReversed().map((x) => ({ x, y: -at(x) })),
  ];
  const y = { from: -1.35, to: 1.05, title: "", hidden: true };
  const title =
    `Density of latency on ${arm}, with ${samples.length} samples and ${processes.length} medians of processes`;
  return plot({ title, x: axisOf(times, "ms"), y }, (scales) => [
    shape(outline, scales, { color, opacity: 0.16 }),
    dots(points, scales, { color, size: sizeFor(points.length) }),
    guide(scales, { at: median, color, vertical: true }),
    ...processes.map((x) => line([{ x, y: -1.3 }, { x, y: -1.1 }], scales, { color: "var(--text)" })),
  ]);
}

/** A process in the order in which all ran. */
export interface OrderedProcess {
  readonly order: number;
  readonly median: number;
  readonly color: string;
  readonly arm: string;
}

/** How far each process lies from the median of its arm, in the order in which they ran: drift of the machine shows here. */
export function orderChart(model: string, processes: readonly OrderedProcess[]): Markup {
  const middle = (arm: string) => {
    const sorted = processes.filter((one) => one.arm === arm).map((one) => one.median).sort((a, b) => a - b);
    return sorted[sorted.length >> 1]!;
  };
  const points = processes.map(({ order, median, color, arm }) => ({
    x: order + 1,
    y: (median / middle(arm) - 1) * 100,
    color,
  }));
  const title = `Run order of ${model}: ${processes.length} processes, each beside the median of its arm`;
  const x = axisOf(points.map((point) => point.x), "process, in run order");
  const { to } = axisOf(points.flatMap(({ y }) => [y, -y]), "");
  return plot({ title, x, y: { from: -to, to, title: "off its arm, %" } }, (scales) => [
    guide(scales, { at: 0, color: "var(--muted)" }),
    ...points.map((point) => dots([point], scales, { color: point.color, size: 7 })),
  ]);
}

/** More dots than this in a violin are not told apart. */
const MAX_SCATTERED = 300;

const SHARES = [0, 0.25, 0.5, 0.75, 0.9, 1];

function percent(share: number): string {
  return `${share * 100}%`;
}

function sizeFor(count: number): number {
  return count > 200 ? 3 : count > 50 ? 4 : 6;
}

interface Density {
  readonly grid: readonly number[];
  /** 1 at its highest. */
  at(x: number): number;
}

/**
 * Density of times: Gaussian kernels with Silverman's bandwidth ("Density estimation", 1986, equation 3.31), over at most
 * a thousand quantiles.
 */
function densityOf(times: readonly number[]): Density {
  const sample = quantilesOf(times, 1_000);
  const [low, high] = [sample[0]!, sample.at(-1)!];
  const spreads = [sampleStandardDeviation(sample), interquartileRange(sample) / 1.34];
  const spread = Math.min(...spreads.filter((value) => value > 0), (high - low) || 1);
  const width = 0.9 * spread * sample.length ** -0.2;
  const steps = 96;
  const grid = Array.from({ length: steps + 1 }, (_, i) => low + (high - low) * i / steps);
  const sums = grid.map((x) => sample.reduce((sum, at) => sum + Math.exp(-(((x - at) / width) ** 2) / 2), 0));
  const highest = Math.max(...sums);
  const place = (x: number) => high === low ? 0 : Math.round((x - low) / (high - low) * steps);
  return { grid, at: (x) => sums[place(x)]! / highest };
}
