/**
 * What the table shows for each patch and each of the project's own operators: the rows that name it.
 *
 * @module
 */
import type { TruthTable } from "./schema.ts";
import { countColumns, type Counts } from "./summary.ts";

/** The rows that name a patch. */
export interface Evidence {
  readonly patch: string;
  readonly rows: number;
  readonly columns: Readonly<Record<string, Counts>>;
}

/** Evidence by patch. */
export function evidenceOf(table: TruthTable): Map<string, Evidence> {
  const names = [...new Set(table.rows.flatMap(({ patch }) => patch === undefined ? [] : [patch]))].sort();
  return new Map(names.map((patch) => {
    const rows = table.rows.filter((row) => row.patch === patch);
    return [patch, { patch, rows: rows.length, columns: countColumns(rows) }];
  }));
}
