/**
 * The table as a file: rows grouped by operator and case, and each different answer written once, so that some ten
 * thousand rows on six columns stay small enough for a repository, and a line is one case.
 *
 * @module
 */
import { z } from "zod";
import { Answer, CaseFields, type TruthRow, TruthSource, type TruthTable } from "./schema.ts";

const FileCase = CaseFields.omit({ family: true, op: true, form: true }).extend({
  /** By form: for each column the index of its answer; null where the row was not run. */
  forms: z.record(z.string(), z.array(z.int().nonnegative().nullable())),
});

/** What `models/ops/truth_table.json` holds. */
export const TruthTableFile = z.object({
  schema: z.literal(1),
  columns: z.array(TruthSource.extend({
    /** "<driver>/<runtime>". */
    name: z.string(),
  })),
  /** Each different answer, the most frequent first. */
  answers: z.array(Answer),
  operators: z.array(z.object({ family: z.string(), op: z.string(), cases: z.array(FileCase) })),
});

/** See {@linkcode TruthTableFile}. */
export type TruthTableFile = z.infer<typeof TruthTableFile>;

type FileCase = z.infer<typeof FileCase>;

/**
 * Reads the text of the file.
 *
 * @throws {SyntaxError} if it is not JSON
 * @throws {z.ZodError} if it is not a table of this schema
 */
export function parseTable(text: string): TruthTable {
  const { columns, answers, operators } = TruthTableFile.parse(JSON.parse(text));
  const rows = operators.flatMap(({ family, op, cases }) =>
    cases.flatMap(({ forms, ...described }) =>
      Object.entries(forms).map(([form, indices]): TruthRow => ({
        family,
        op,
        ...described,
        form,
        answers: Object.fromEntries(columns.flatMap(({ name }, i) => {
          const answer = answers[indices[i] ?? -1];
          return answer === undefined ? [] : [[name, answer]];
        })),
      }))
    )
  );
  return {
    columns: Object.fromEntries(columns.map(({ name, ...source }) => [name, source])),
    rows,
  };
}

/** The text of the file: one line for each case, so that a diff shows what changed. */
export function formatTable(table: TruthTable): string {
  const columns = Object.keys(table.columns).sort();
  const answers = new AnswerList(table);
  const lines = [...groupsOf(table.rows)].map(({ family, op, cases }) => {
    const caseLines = cases.map((rows) => `   ${JSON.stringify(fileCase(rows, columns, answers))}`);
    return [
      `  {"family": ${JSON.stringify(family)}, "op": ${JSON.stringify(op)}, "cases": [`,
      caseLines.join(",\n"),
      "  ]}",
    ].join("\n");
  });
  const sources = columns.map((name) => `  ${JSON.stringify({ name, ...table.columns[name] })}`);
  return [
    '{\n "schema": 1,\n "columns": [',
    sources.join(",\n"),
    ' ],\n "answers": [',
    answers.lines.map((line) => `  ${line}`).join(",\n"),
    ' ],\n "operators": [',
    lines.join(",\n"),
    " ]\n}\n",
  ].join("\n");
}

interface Group {
  readonly family: string;
  readonly op: string;
  /** The rows of each case, one for each form. */
  readonly cases: readonly (readonly TruthRow[])[];
}

function groupsOf(rows: readonly TruthRow[]): Group[] {
  const groups = new Map<string, Map<string, TruthRow[]>>();
  for (const row of rows) {
    const group = getOrAdd(groups, JSON.stringify([row.family, row.op]), () => new Map<string, TruthRow[]>());
    getOrAdd(group, JSON.stringify(describedBy(row)), (): TruthRow[] => []).push(row);
  }
  return [...groups.values()].map((cases) => {
    const [[first]] = [...cases.values()] as [[TruthRow]];
    return { family: first.family, op: first.op, cases: [...cases.values()] };
  });
}

function fileCase(rows: readonly TruthRow[], columns: readonly string[], answers: AnswerList): FileCase {
  const [first] = rows as [TruthRow];
  const forms = rows.map(({ form, answers: given }) =>
    [form, columns.map((column) => answers.indexOf(given[column]))] as const
  );
  return { ...describedBy(first), forms: Object.fromEntries(forms) };
}

/** What all forms of a case have in common. */
function describedBy({ name, shapes, arguments: values, patch, refusal }: TruthRow): Omit<FileCase, "forms"> {
  return {
    name,
    shapes,
    ...(values === undefined ? {} : { arguments: values }),
    ...(patch === undefined ? {} : { patch }),
    ...(refusal === undefined ? {} : { refusal }),
  };
}

/** Each different answer with its place in the file. */
class AnswerList {
  readonly lines: readonly string[];
  readonly #indices: ReadonlyMap<string, number>;

  constructor({ rows }: TruthTable) {
    const counts = new Map<string, number>();
    for (const answer of rows.flatMap((row) => Object.values(row.answers))) {
      const line = JSON.stringify(answer);
      counts.set(line, (counts.get(line) ?? 0) + 1);
    }
    this.lines = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([line]) => line);
    this.#indices = new Map(this.lines.map((line, i) => [line, i]));
  }

  indexOf(answer: Answer | undefined): number | null {
    return answer === undefined ? null : this.#indices.get(JSON.stringify(answer))!;
  }
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const there = map.get(key);
  if (there !== undefined) return there;
  const made = make();
  map.set(key, made);
  return made;
}
