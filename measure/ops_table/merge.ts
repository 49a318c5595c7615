/**
 * Bringing runs into the table.
 *
 * @module
 */
import {
  EMPTY_TABLE,
  type OpsRun,
  rowKey,
  type TruthRow,
  type TruthSource,
  type TruthTable,
} from "./schema.ts";

/** One column's new verdicts. */
export interface ColumnRun {
  /** "<driver>/<runtime>". */
  readonly column: string;
  readonly runs: readonly OpsRun[];
  readonly plugin?: string | undefined;
}

/** What {@linkcode mergeRuns} keeps of the table there was. */
export interface MergeOptions {
  /** Rows of these families that the runs do not have are gone; rows of others stay as they are. */
  readonly families: readonly string[];
}

/**
 * Gives the table with the columns of the runs replaced for the families that were run. Rows whose cases have
 * vanished go; other columns keep their verdicts on rows that are still the same.
 */
export function mergeRuns(
  table: TruthTable,
  columns: readonly ColumnRun[],
  { families }: MergeOptions,
): TruthTable {
  const old = new Map(table.rows.map((row) => [rowKey(row), row]));
  const fresh = new Map<string, TruthRow>();
  for (const { column, runs } of columns) {
    for (const { kind, error, message, good, ...described } of runs.flatMap((run) => run.rows)) {
      const key = rowKey(described);
      const row = fresh.get(key) ?? { ...described, verdicts: keptVerdicts(old.get(key), described) };
      row.verdicts[column] = {
        kind,
        ...(error === undefined || kind === "right" ? {} : { error }),
        ...(message === undefined ? {} : { message }),
        good,
      };
      fresh.set(key, row);
    }
  }
  const others = table.rows.filter((row) => !families.includes(row.family));
  return {
    ...EMPTY_TABLE,
    columns: { ...table.columns, ...Object.fromEntries(columns.map((run) => [run.column, sourceOf(run)])) },
    rows: [...others, ...fresh.values()].sort((a, b) => compare(a.family, b.family)),
  };
}

/** Verdicts of a row as it was, if it was the same case. */
function keptVerdicts(
  old: TruthRow | undefined,
  now: Omit<TruthRow, "verdicts">,
): TruthRow["verdicts"] {
  if (old === undefined) return {};
  const same = JSON.stringify([old.shapes, old.arguments]) === JSON.stringify([now.shapes, now.arguments]);
  return same ? { ...old.verdicts } : {};
}

function sourceOf({ runs, plugin }: ColumnRun): TruthSource {
  const [run] = runs;
  return {
    device: run?.device.deviceName ?? "none",
    driver: [run?.device.driverName, run?.device.driverInfo].filter((text) => text).join(" "),
    torch: run?.torch ?? "none",
    ...(plugin === undefined ? {} : { plugin }),
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The table as text: one line for each row, so that a diff shows what changed. */
export function formatTable(table: TruthTable): string {
  const rows = table.rows.map((row) => `  ${JSON.stringify(row)}`).join(",\n");
  return `{\n "schema": 1,\n "columns": ${JSON.stringify(table.columns)},\n "rows": [\n${rows}\n ]\n}\n`;
}
