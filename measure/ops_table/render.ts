/**
 * docs/ops.md from the table.
 *
 * @module
 */
import { escapeMarkdown, GENERATED_MARKS, markdownTable, wrapMarkdown } from "./markdown.ts";
import type { TruthTable, VerdictKind } from "./schema.ts";
import { countColumns, type Counts, type OperatorSummary, summarizeOperators } from "./summary.ts";

const HEAD = `# Operators

<!-- Made by \`deno task ops-table\`; do not edit. -->
`;

const LEGEND = [
  ...wrapMarkdown(
    `A row is a module with inputs, in a form: called with Vulkan tensors as a trace, from Python or scripted;
     prepacked by \`optimize_for_mobile\`; saved for the lite interpreter. What comes out is compared with FP64 on the
     CPU: shape, dtype, places of NaN and Inf, and the largest error relative to the output's scale (at most 1e-5, or
     what the case says where sums are long). Each row runs twice, the second time in device memory that held NaN
     before. The cases are in \`models/ops/cases/\`, the answers in \`models/ops/truth_table.json\`; how they are
     made: [conformance](conformance.md).`,
  ),
  "",
  "- **right**: within the tolerance.",
  "- **wrong**: not so, or garbage in the lanes beyond the last channel, and no word about it.",
  "- **refused**: an error in words that says why.",
  "- **no kernel**: torch has none for Vulkan.",
  "- **unclear**: an internal assert or the like.",
  "- **crashed**: the process died, hung, or lost the device.",
  "",
];

const KIND_TITLES: Readonly<Record<VerdictKind, string>> = {
  right: "right",
  wrong: "wrong",
  refused: "refused",
  missing: "no kernel",
  unclear: "unclear",
  crashed: "crashed",
};

/** The page. */
export function renderOps(table: TruthTable): string {
  const columns = Object.keys(table.columns).sort(byDriver);
  const operators = summarizeOperators(table);
  return [
    HEAD,
    `${table.rows.length} rows over ${operators.length} operators, each on CPU and on Vulkan.`,
    "",
    ...LEGEND,
    "## On each driver",
    "",
    ...totalsTable(table, columns),
    "",
    "## By operator",
    "",
    ...wrapMarkdown(
      `Each cell: right / wrong / refused in words / other errors (no kernel, unclear, crashed). What the patched
       backend refuses stands below.`,
    ),
    "",
    ...operatorsTable(operators, columns),
    "",
    "## What the patched backend refuses",
    "",
    "Shapes are left out.",
    "",
    ...operators.filter(({ refusals }) => refusals.length > 0).flatMap(({ op, refusals }) => [
      `- ${escapeMarkdown(op)}`,
      ...refusals.flatMap((sentence) => wrapMarkdown(escapeMarkdown(sentence), "  - ")),
    ]),
    "",
  ].join("\n");
}

/** The totals on each driver, with versions, between the marks of generated parts. */
export function renderTotals(table: TruthTable): string {
  const [begin, end] = GENERATED_MARKS;
  const columns = Object.keys(table.columns).sort(byDriver);
  return [begin, "", ...totalsTable(table, columns), "", end].join("\n");
}

function totalsTable(table: TruthTable, columns: readonly string[]): string[] {
  const totals = countColumns(table.rows);
  const kinds = Object.keys(KIND_TITLES) as VerdictKind[];
  const numbers = ["rows", ...kinds.map((kind) => KIND_TITLES[kind])];
  return markdownTable(
    [
      ...["driver", "runtime", "device"].map((text) => ({ text })),
      ...numbers.map((text) => ({ text, right: true })),
    ],
    columns.map((column) => {
      const [driver = "", runtime = ""] = column.split("/");
      const source = table.columns[column];
      const device = source === undefined ? "" : [source.device, source.driver].join(", ");
      const counts = kinds.map((kind) => totals[column]?.[kind] ?? 0);
      const rows = counts.reduce((sum, count) => sum + count, 0);
      return [driver, runtime, escapeMarkdown(device), ...[rows, ...counts].map(String)];
    }),
  );
}

function operatorsTable(operators: readonly OperatorSummary[], columns: readonly string[]): string[] {
  return markdownTable(
    [
      { text: "operator" },
      { text: "rows", right: true },
      ...columns.map((column) => ({ text: column.replace("/", ", "), right: true })),
    ],
    operators.map(({ op, rows, columns: counts }) => [
      escapeMarkdown(op),
      String(rows),
      ...columns.map((column) => cell(counts[column])),
    ]),
  );
}

function cell(counts: Counts | undefined): string {
  if (counts === undefined) return "";
  const { right, wrong, refused, missing, unclear, crashed } = counts;
  return `${right} / ${wrong} / ${refused} / ${missing + unclear + crashed}`;
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
