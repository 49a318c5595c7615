/**
 * Bringing runs into the table.
 *
 * @module
 */
import { deviceOf } from "../device.ts";
import {
  type Answer,
  type OpsRun,
  rowKey,
  type TruthRow,
  type TruthSource,
  type TruthTable,
} from "./schema.ts";

/** One column's new answers. */
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
 * vanished go; other columns keep their answers on rows that are still the same.
 */
export function mergeRuns(
  table: TruthTable,
  columns: readonly ColumnRun[],
  { families }: MergeOptions,
): TruthTable {
  const old = new Map(table.rows.map((row) => [rowKey(row), row]));
  const fresh = new Map<string, { described: Described; answers: Record<string, Answer> }>();
  for (const { column, runs } of columns) {
    for (const { kind, error: _, message, good, ...described } of runs.flatMap((run) => run.rows)) {
      const key = rowKey(described);
      const row = fresh.get(key) ?? { described, answers: keptAnswers(old.get(key), described) };
      row.answers[column] = answerOf({ kind, good, message });
      fresh.set(key, row);
    }
  }
  const sources = Object.fromEntries(columns.map((run) => [run.column, sourceOf(run)]));
  const others = table.rows.filter((row) => !families.includes(row.family))
    .map((row) => ({ ...row, answers: ofSameSource(row.answers, table.columns, sources) }));
  const rows = [...fresh.values()].map(({ described, answers }): TruthRow => ({ ...described, answers }));
  return {
    columns: { ...table.columns, ...sources },
    rows: [...others, ...rows].sort((a, b) => compare(a.family, b.family)),
  };
}

/** What {@linkcode importRuns} gives. */
export interface ImportResult {
  readonly table: TruthTable;
  /** By column: rows of the table that got an answer, and rows of the file whose case the table does not have so. */
  readonly imported: Readonly<Record<string, { readonly rows: number; readonly unknown: number }>>;
}

/**
 * Gives the table with these columns taken from runs made elsewhere, perhaps with other cases: only rows that the
 * table has get an answer, and no row goes.
 */
export function importRuns(table: TruthTable, columns: readonly ColumnRun[]): ImportResult {
  const imported: Record<string, { rows: number; unknown: number }> = {};
  let { rows } = table;
  for (const { column, runs } of columns) {
    const answers = new Map(runs.flatMap((run) => run.rows).map((row) => [caseKey(row), answerOf(row)]));
    const before = answers.size;
    rows = rows.map((row) => {
      const { [column]: _, ...others } = row.answers;
      const key = caseKey(row);
      const answer = answers.get(key);
      answers.delete(key);
      return { ...row, answers: { ...others, ...(answer === undefined ? {} : { [column]: answer }) } };
    });
    imported[column] = { rows: before - answers.size, unknown: answers.size };
  }
  const sources = Object.fromEntries(columns.map((run) => [run.column, sourceOf(run)]));
  return { table: { columns: { ...table.columns, ...sources }, rows }, imported };
}

/** Says why runs cannot be a column of this driver: a GPU's column must not hold what ran on the CPU, say. */
export function deviceProblem(column: string, runs: readonly OpsRun[]): string | undefined {
  const wanted = { swiftshader: /SwiftShader/, lavapipe: /llvmpipe/ }[column.split("/")[0] ?? ""];
  for (const { device } of runs) {
    const { name, software } = deviceOf(device);
    const fits = wanted === undefined ? !software : wanted.test(name);
    if (!fits) return `"${name}" is not the device of "${column}"`;
  }
  return undefined;
}

type Described = Omit<TruthRow, "answers">;

/** Answers to a row as it was, if it was the same case. */
function keptAnswers(old: TruthRow | undefined, now: Described): Record<string, Answer> {
  if (old === undefined) return {};
  return caseKey(old) === caseKey(now) ? { ...old.answers } : {};
}

/** A column has the answers of one plug-in on one driver, never of two. */
function ofSameSource(
  answers: TruthRow["answers"],
  old: TruthTable["columns"],
  now: TruthTable["columns"],
): TruthRow["answers"] {
  return Object.fromEntries(
    Object.entries(answers).filter(([column]) =>
      now[column] === undefined || JSON.stringify(old[column]) === JSON.stringify(now[column])
    ),
  );
}

function caseKey(row: Described): string {
  return JSON.stringify([rowKey(row), row.shapes, row.arguments]);
}

function answerOf(
  { kind, good, message }: Pick<OpsRun["rows"][number], "kind" | "good" | "message">,
): Answer {
  return { kind, good, ...(message === undefined ? {} : { message: withoutFolders(message) }) };
}

/** Asserts name the file as the compiler was given it; the folder of the sources says nothing. */
function withoutFolders(message: string): string {
  return message.replaceAll(/\/[\w./-]*?\/((?:aten\/src|c10|torch)\/)/g, "$1");
}

function sourceOf({ runs, plugin }: ColumnRun): TruthSource {
  const [run] = runs;
  const device = run === undefined ? undefined : deviceOf(run.device);
  return {
    device: device?.name ?? "none",
    driver: device?.driver ?? "none",
    torch: run?.torch ?? "none",
    ...(plugin === undefined ? {} : { plugin }),
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
