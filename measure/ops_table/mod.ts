/**
 * The truth table of operators: its data, its totals, and docs/ops.md.
 *
 * @module
 */
export { parseOperator, parsePatch, renderBackend, replaceGenerated } from "./backend.ts";
export { type Evidence, evidenceOf } from "./evidence.ts";
export { type ColumnRun, formatTable, type MergeOptions, mergeRuns } from "./merge.ts";
export { renderOps } from "./render.ts";
export { EMPTY_TABLE, OpsRun, rowKey, TruthRow, TruthSource, TruthTable, VerdictKind } from "./schema.ts";
export { badRows, countColumns, type Counts, type OperatorSummary, summarizeOperators } from "./summary.ts";
