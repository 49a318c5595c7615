import { median } from "simple-statistics";
import type { Arm } from "../schema.ts";

/**
 * One value for each successful process of an arm: the median time of its steady state in milliseconds, host to host.
 */
export function processMedians(arm: Arm): number[] {
  return arm.runs.flatMap(({ runner }) =>
    runner.ok && runner.samples.length > 0 ? [median(runner.samples.map(({ totalMs }) => totalMs))] : []
  );
}
