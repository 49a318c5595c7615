/**
 * The table counted: by operator and column.
 *
 * @module
 */
import { rowKey, type TruthRow, type TruthTable, VerdictKind } from "./schema.ts";

/** How often each verdict came. */
export type Counts = Readonly<Record<VerdictKind, number>>;

/** One operator. */
export interface OperatorSummary {
  readonly op: string;
  readonly rows: number;
  /** By column; only columns that have verdicts on it. */
  readonly columns: Readonly<Record<string, Counts>>;
  /** The sentences with which the patched backend refuses, each once. */
  readonly refusals: readonly string[];
}

/** Operators in alphabetical order; networks last. */
export function summarizeOperators(table: TruthTable): OperatorSummary[] {
  const byOp = new Map<string, TruthRow[]>();
  for (const row of table.rows) {
    const rows = byOp.get(row.op) ?? [];
    rows.push(row);
    byOp.set(row.op, rows);
  }
  const last = (op: string) => op === "network" ? 1 : 0;
  return [...byOp].sort(([a], [b]) => last(a) - last(b) || (a < b ? -1 : 1)).map(([op, rows]) => ({
    op,
    rows: rows.length,
    columns: countColumns(rows),
    refusals: [...new Set(rows.flatMap(refusalsOf))],
  }));
}

/** Answers to rows by column. */
export function countColumns(rows: readonly TruthRow[]): Record<string, Counts> {
  const counted: Record<string, Record<VerdictKind, number>> = {};
  for (const { answers } of rows) {
    for (const [column, { kind }] of Object.entries(answers)) {
      counted[column] ??= Object.fromEntries(VerdictKind.options.map((one) => [one, 0])) as Record<
        VerdictKind,
        number
      >;
      counted[column][kind] += 1;
    }
  }
  return counted;
}

/** Rows on which a patched column answers as it may not. */
export function badRows(
  table: TruthTable,
): Array<{ readonly key: string; readonly column: string; readonly text: string }> {
  return table.rows.flatMap((row) =>
    Object.entries(row.answers)
      .filter(([column, answer]) => column.endsWith("/vkforge") && !answer.good)
      .map(([column, { kind, message }]) => ({
        key: rowKey(row),
        column,
        text: message === undefined ? kind : `${kind}: ${message}`,
      }))
  );
}

/** Shapes are as many as rows, and limits as devices, so both are left out of the sentences. */
function refusalsOf({ answers }: TruthRow): string[] {
  return Object.entries(answers)
    .filter(([column, { kind }]) => column.endsWith("/vkforge") && kind === "refused")
    .map(([, { message }]) =>
      (message ?? "")
        .replaceAll(/[([](?:-?\d+(?:, )?)+[)\]]/g, "…")
        .replaceAll(/\d+ x \d+ x \d+ texels/g, "… texels")
        .replaceAll(/limit of this device is \d+/g, "limit of this device is …")
    );
}
