/**
 * Comparing results: which arm became faster or slower, with evidence.
 *
 * The unit is a process, not an inference: {@linkcode processMedians}. Two groups of them are compared by
 * {@linkcode compareGroups}, two results by {@linkcode compareResults}.
 *
 * @module
 */
export type { Rerun } from "./comparable.ts";
export { type ArmComparison, compareResults, type ResultComparison } from "./compare_results.ts";
export { processMedians } from "./groups.ts";
export { holm } from "./holm.ts";
export { type MannWhitney, mannWhitney, smallestP } from "./mann_whitney.ts";
export { noiseOf, ratioInterval, ratioOf, type RatioOptions } from "./ratio.ts";
export { comparisonMarkdown, comparisonRows, headline } from "./render.ts";
export {
  compareGroups,
  type Comparison,
  type Groups,
  judgeComparisons,
  type JudgedComparison,
  LEVEL,
  MIN_EFFECT,
  MIN_PROCESSES,
  processesFor,
  type VerdictKind,
  verdictOf,
} from "./verdict.ts";
