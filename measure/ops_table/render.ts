/**
 * docs/ops.md from the table.
 *
 * @module
 */
import type { TruthTable } from "./schema.ts";
import { countColumns, type Counts, summarizeOperators } from "./summary.ts";

/** The page. */
export function renderOps(table: TruthTable): string {
  const columns = Object.keys(table.columns).sort(byDriver);
  const operators = summarizeOperators(table);
  const totals = countColumns(table.rows);
  return [
    "# Operators",
    "",
    "<!-- Made by `deno task ops-table`; do not edit. -->",
    "",
    `${table.rows.length} rows over ${operators.length} operators: each a module with inputs and a form (called`,
    "with Vulkan tensors as a trace, from Python or scripted; prepacked by `optimize_for_mobile`; saved for the lite",
    "interpreter), compared with FP64 on the CPU: shape, dtype, NaN and Inf, and the largest error relative to the",
    "output's scale. Each row runs twice, the second time in device memory that held NaN before.",
    "The data are in `models/ops/truth_table.json`, the cases in `models/ops/cases/`.",
    "",
    "**right**: within the tolerance. **wrong**: not so, or garbage in the lanes beyond the last channel, and no word",
    "about it. **refused**: an error in words that says why. **no kernel**: torch has none for Vulkan. **unclear**: an",
    "internal assert or the like. **crashed**: the process died, hung, or lost the device.",
    "",
    "## On each driver",
    "",
    "| driver | runtime | device | right | wrong | refused | no kernel | unclear | crashed |",
    "| --- | --- | --- | --: | --: | --: | --: | --: | --: |",
    ...columns.map((column) => totalLine(table, column, totals[column])),
    "",
    "## By operator",
    "",
    "Each cell: right / wrong / refused in words / other errors (no kernel, unclear, crashed).",
    "",
    `| operator | rows | ${columns.map(columnTitle).join(" | ")} |`,
    `| --- | --: | ${columns.map(() => "--:").join(" | ")} |`,
    ...operators.map(({ op, rows, columns: counts }) =>
      `| ${op} | ${rows} | ${columns.map((column) => cell(counts[column])).join(" | ")} |`
    ),
    "",
    "## What the patched backend refuses",
    "",
    ...operators.filter(({ refusals }) => refusals.length > 0).flatMap(({ op, refusals }) => [
      `- ${op}`,
      ...refusals.map((sentence) => `  - ${escaped(sentence)}`),
    ]),
    "",
  ].join("\n");
}

function totalLine(table: TruthTable, column: string, counts: Counts | undefined): string {
  const source = table.columns[column];
  const [driver, runtime] = column.split("/");
  const device = source === undefined ? "" : [source.device, source.driver].filter((text) => text).join(", ");
  const { right = 0, wrong = 0, refused = 0, missing = 0, unclear = 0, crashed = 0 } = counts ?? {};
  return `| ${driver} | ${runtime} | ${
    escaped(device)
  } | ${right} | ${wrong} | ${refused} | ${missing} | ${unclear} | ${crashed} |`;
}

function cell(counts: Counts | undefined): string {
  if (counts === undefined) return "";
  const { right, wrong, refused, missing, unclear, crashed } = counts;
  return `${right} / ${wrong} / ${refused} / ${missing + unclear + crashed}`;
}

function columnTitle(column: string): string {
  return column.replace("/", ", ");
}

/** SwiftShader, lavapipe, GPU; stock before patched. */
function byDriver(a: string, b: string): number {
  const order = ["swiftshader", "lavapipe", "gpu"];
  const rank = (column: string) => {
    const [driver = "", runtime] = column.split("/");
    return order.indexOf(driver) * 2 + (runtime === "stock" ? 0 : 1);
  };
  return rank(a) - rank(b);
}

/** Text in a table or list of Markdown. */
function escaped(text: string): string {
  return text.replaceAll(/[|<>*_`\\]/g, (character) => `\\${character}`);
}
