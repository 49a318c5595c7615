import type { TopLevelSpec } from "vega-lite";
import type { Markup } from "./_html.ts";
import { ecdfPoints, runOrderPoints } from "./_thin.ts";
import { CHART_HEIGHT, CHART_WIDTH, type Draw } from "./_vega.ts";

/** One arm's steady-state samples, in run order, in milliseconds. */
export interface Series {
  readonly arm: string;
  /** A CSS colour. */
  readonly color: string;
  readonly samples: readonly number[];
  readonly median: number;
}

/** Every sample as a point over run order, the median as a dashed line. Drift and warm-up that is left show here. */
export async function stripChart(draw: Draw, { arm, color, samples, median }: Series): Promise<Markup> {
  const points = runOrderPoints(samples);
  return await draw({
    ...frame,
    layer: [
      {
        data: { values: [{ y: median }] },
        mark: { type: "rule", color, strokeDash: [5, 4] },
        encoding: { y: { field: "y", type: "quantitative" } },
      },
      {
        data: { values: points },
        mark: { type: "circle", color, opacity: 0.8, size: points.length > 200 ? 9 : 26 },
        encoding: {
          x: {
            field: "x",
            type: "quantitative",
            title: "sample, in run order",
            scale: { zero: false, nice: false, padding: 8 },
            axis: { format: "d", tickMinStep: 1 },
          },
          y: {
            field: "y",
            type: "quantitative",
            title: "ms",
            scale: { zero: false, padding: 8 },
            axis: millisecondAxis,
          },
        },
      },
    ],
  }, `Latency on ${arm}: ${samples.length} samples in run order, median ${median.toPrecision(3)} ms`);
}

/** The share of samples that took at most so many milliseconds; guides at the median and at 90 %. */
export async function ecdfChart(draw: Draw, { arm, color, samples }: Series): Promise<Markup> {
  const points = ecdfPoints(samples);
  return await draw({
    ...frame,
    layer: [
      {
        data: { values: [{ y: 0.5 }, { y: 0.9 }] },
        mark: { type: "rule", color: "var(--muted)", strokeDash: [2, 3] },
        encoding: { y: { field: "y", type: "quantitative" } },
      },
      {
        data: { values: points },
        mark: { type: "line", color, interpolate: "step-after", strokeWidth: 2 },
        encoding: {
          x: {
            field: "x",
            type: "quantitative",
            title: "ms",
            scale: { zero: false, nice: false, padding: 8 },
            axis: millisecondAxis,
          },
          y: {
            field: "y",
            type: "quantitative",
            title: "share of samples",
            scale: { domain: [0, 1] },
            axis: shareAxis,
          },
        },
      },
    ],
  }, `Distribution of latency on ${arm}: share of samples that took at most so many milliseconds`);
}

const frame: Pick<TopLevelSpec & { width: number; height: number }, "width" | "height"> = {
  width: CHART_WIDTH,
  height: CHART_HEIGHT,
};

// As many decimals as the ticks need, thousands apart, never an exponent.
const millisecondAxis = { format: ",f" };

// Vega thins out explicit values beyond its tick count, and hides labels it takes for overlapping.
const shareAxis = { format: ".0%", values: [0, 0.25, 0.5, 0.75, 0.9, 1], tickCount: 10, labelOverlap: false };
