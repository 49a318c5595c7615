import { SOFTWARE_VULKAN_NOTE } from "./device.ts";
import { formatCosine, formatError, formatMs, formatRatio, plural, verdictWord } from "./format.ts";
import { mainArms, verdictSentence, worstParity } from "./headline.ts";
import { succeededRuns } from "./judge.ts";
import type { ModelResult, Result } from "./schema.ts";

/** How {@linkcode renderTable} draws. */
export interface TableOptions {
  /** ANSI colours for verdicts. Default false. */
  readonly color?: boolean;
  /** Only ASCII characters. Default false. */
  readonly ascii?: boolean;
  /** Shown as the place of the report. */
  readonly resultDir?: string;
}

/**
 * The result as lines for a terminal, none longer than `width` (at least 40) except for words that cannot be broken,
 * such as paths. Columns that do not fit are left out, least important first.
 */
export function renderTable(result: Result, width: number, options: TableOptions = {}): string[] {
  const room = Math.max(40, width);
  const lines = [
    ...(result.fixture ? ["FIXTURE: these numbers are made up", ""] : []),
    ...deviceLines(result, room),
    ...(result.models.length === 0 ? [] : ["", ...modelTable(result.models, room, options)]),
    ...result.models.flatMap((model) => failureLines(model, room)),
    ...driftLines(result, room),
    "",
    ...verdictLines(result, room, options),
    ...(options.resultDir === undefined ? [] : [`Report: ${options.resultDir}/report.html`]),
  ];
  return options.ascii ? lines.map(toAscii) : lines;
}

function deviceLines({ device, target }: Result, width: number): string[] {
  if (device === null) {
    return wrap(`Device: none, no Vulkan run on ${target.name} got as far as a device`, width, 8);
  }
  const version = device.apiVersion === undefined ? "" : `, Vulkan ${device.apiVersion}`;
  return [
    ...wrap(`Device: ${device.name}, ${device.driver}${version}`, width, 8),
    ...(device.software ? wrap(`        ${SOFTWARE_VULKAN_NOTE}`, width, 8) : []),
  ];
}

interface Column {
  readonly head: string;
  readonly right: boolean;
  /** The smaller, the sooner it is left out; 9 stays. */
  readonly weight: number;
  readonly cell: (model: ModelResult) => string;
}

const COLUMNS: readonly Column[] = [
  { head: "model", right: false, weight: 9, cell: (model) => model.name },
  { head: "verdict", right: false, weight: 9, cell: (model) => model.ok ? "pass" : "FAIL" },
  {
    head: "max rel",
    right: true,
    weight: 8,
    cell: (model) => formatError(worstParity(model)?.maxRel ?? null),
  },
  {
    head: "max abs",
    right: true,
    weight: 3,
    cell: (model) => formatError(worstParity(model)?.maxAbs ?? null),
  },
  {
    head: "cosine",
    right: true,
    weight: 4,
    cell: (model) => formatCosine(worstParity(model)?.cosine ?? null),
  },
  { head: "CPU", right: true, weight: 7, cell: (model) => medianCell(model, "cpu") },
  { head: "Vulkan", right: true, weight: 7, cell: (model) => medianCell(model, "vulkan") },
  { head: "Vulkan/CPU", right: true, weight: 5, cell: comparisonCell },
  { head: "first run", right: true, weight: 2, cell: firstRunCell },
];

function modelTable(models: readonly ModelResult[], width: number, options: TableOptions): string[] {
  const columns = [...COLUMNS];
  let cells = cellsOf(columns, models);
  while (widthOf(cells) > width && columns.some((column) => column.weight < 9)) {
    const least = Math.min(...columns.map((column) => column.weight));
    columns.splice(columns.findLastIndex((column) => column.weight === least), 1);
    cells = cellsOf(columns, models);
  }
  const widths = widthsOf(cells);
  const rule = (left: string, middle: string, right: string) =>
    left + widths.map((cell) => "─".repeat(cell + 2)).join(middle) + right;
  const row = (line: readonly string[]) =>
    `│${
      line.map((cell, i) => {
        const padded = columns[i]!.right ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!);
        return ` ${colored(padded, options)} `;
      }).join("│")
    }│`;
  const [head, ...body] = cells;
  return [rule("┌", "┬", "┐"), row(head!), rule("├", "┼", "┤"), ...body.map(row), rule("└", "┴", "┘")];
}

function cellsOf(columns: readonly Column[], models: readonly ModelResult[]): string[][] {
  return [
    columns.map((column) => column.head),
    ...models.map((model) => columns.map((column) => column.cell(model))),
  ];
}

function widthsOf(cells: readonly (readonly string[])[]): number[] {
  return cells[0]!.map((_, i) => Math.max(...cells.map((row) => [...row[i]!].length)));
}

function widthOf(cells: readonly (readonly string[])[]): number {
  return widthsOf(cells).reduce((sum, cell) => sum + cell + 3, 1);
}

function medianCell(model: ModelResult, backend: "cpu" | "vulkan"): string {
  const median = mainArms(model)[backend]?.latency?.total.median;
  return median === undefined ? "–" : formatMs(median);
}

/** The ratio, and the verdict where there is one. */
function comparisonCell({ comparison }: ModelResult): string {
  if (!comparison?.ratio) return "–";
  const { ratio, verdict } = comparison;
  return verdict === "invalid" ? formatRatio(ratio) : `${formatRatio(ratio)} ${verdictWord(verdict)}`;
}

function firstRunCell(model: ModelResult): string {
  const { vulkan } = mainArms(model);
  const [first] = vulkan === undefined ? [] : succeededRuns(vulkan);
  return first === undefined ? "–" : formatMs(first.firstRun.totalMs);
}

function failureLines(model: ModelResult, width: number): string[] {
  if (model.ok) return [];
  return [
    "",
    `${model.name} failed:`,
    ...model.failures.flatMap((failure) => [
      ...wrap(`  ${failure.check}: ${failure.message}`, width, 4),
      ...(failure.hint === undefined ? [] : wrap(`    hint: ${failure.hint}`, width, 6)),
    ]),
  ];
}

function driftLines({ drift }: Result, width: number): string[] {
  if (drift.length === 0) return [];
  return [
    "",
    ...wrap(
      `Drift: ${plural(drift.length, "input")} not as locked, so others may not get this result`,
      width,
      7,
    ),
    ...drift.flatMap(({ subject, locked, used, reason }) =>
      wrap(`  ${subject}: used ${used}, locked ${locked}${reason ? ` (${reason})` : ""}`, width, 4)
    ),
  ];
}

function verdictLines(result: Result, width: number, { color = false }: TableOptions): string[] {
  const word = result.ok ? "PASS" : "FAIL";
  const [first, ...rest] = wrap(`${word} ${verdictSentence(result)}`, width);
  return [color ? paint(word, result.ok) + first!.slice(word.length) : first!, ...rest];
}

function colored(cell: string, { color = false }: TableOptions): string {
  if (!color) return cell;
  if (cell.trimEnd() === "pass") return paint(cell, true);
  return cell.trimEnd() === "FAIL" ? paint(cell, false) : cell;
}

function paint(text: string, ok: boolean): string {
  return `\x1b[${ok ? 32 : 31}m${text}\x1b[39m`;
}

/** Breaks at spaces; following lines are indented. Line breaks in the text (from torch, say) become spaces. */
function wrap(text: string, width: number, indent = 0): string[] {
  const lead = /^ */.exec(text)![0];
  const lines: string[] = [];
  let line = lead;
  for (const word of printable(text).split(/\s+/).filter((part) => part !== "")) {
    const empty = line.trim() === "";
    const next = empty ? line + word : `${line} ${word}`;
    if (next.length <= width || empty) line = next;
    else {
      lines.push(line);
      line = " ".repeat(indent) + word;
    }
  }
  return [...lines, line];
}

/** Messages come from other programs: a terminal must not obey what is in them. */
function printable(text: string): string {
  // deno-lint-ignore no-control-regex -- control characters are what is looked for
  return text.replaceAll(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, " ");
}

function toAscii(line: string): string {
  return line
    .replaceAll(/[┌┬┐├┼┤└┴┘]/g, "+")
    .replaceAll("─", "-")
    .replaceAll("│", "|")
    .replaceAll(/[–−]/g, "-");
}
