/**
 * The truth table of operators: its data, its totals, and docs/ops.md.
 *
 * @module
 */
export { parseOperator, parsePatch, renderBackend } from "./backend.ts";
export { type Evidence, evidenceOf } from "./evidence.ts";
export { formatTable, parseTable, TruthTableFile } from "./file.ts";
export {
  type ColumnRun,
  deviceProblem,
  type ImportResult,
  importRuns,
  type MergeOptions,
  mergeRuns,
} from "./merge.ts";
export { GENERATED_MARKS, replaceGenerated } from "./markdown.ts";
export { renderOps, renderTotals } from "./render.ts";
export {
  Answer,
  EMPTY_TABLE,
  OpsRun,
  rowKey,
  type TruthRow,
  TruthSource,
  type TruthTable,
  VerdictKind,
} from "./schema.ts";
export { badRows, countColumns, type Counts, type OperatorSummary, summarizeOperators } from "./summary.ts";
