import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { formatTable, parseTable } from "./file.ts";
import { renderOps, renderTotals } from "./render.ts";
import { countColumns } from "./summary.ts";

const REPOSITORY = join(import.meta.dirname!, "..", "..");
const text = await Deno.readTextFile(join(REPOSITORY, "models", "ops", "truth_table.json"));
const table = parseTable(text);

describe("models/ops/truth_table.json", () => {
  it("is as the command writes it", () => {
    expect(formatTable(table) === text).toBe(true);
  });

  it("has at least 3000 rows of at least 110 operators, each run on both runtimes on SwiftShader", () => {
    expect(table.rows.length).toBeGreaterThanOrEqual(3000);
    expect(new Set(table.rows.map(({ op }) => op)).size).toBeGreaterThanOrEqual(110);
    const unanswered = table.rows.filter(({ answers }) =>
      answers["swiftshader/stock"] === undefined || answers["swiftshader/vkforge"] === undefined
    );
    expect(unanswered).toEqual([]);
  });

  it("has no wrong result of the patched backend", () => {
    const counts = Object.entries(countColumns(table.rows)).filter(([column]) => column.endsWith("/vkforge"));
    expect(
      counts.map((
        [column, { wrong, crashed, missing, unclear }],
      ) => [column, wrong, crashed, missing, unclear]),
    )
      .toEqual(counts.map(([column]) => [column, 0, 0, 0, 0]));
  });
});

describe("docs/ops.md", () => {
  it("shows the table", async () => {
    const page = await Deno.readTextFile(join(REPOSITORY, "docs", "ops.md"));
    expect(page === renderOps(table)).toBe(true);
  });
});

describe("docs/results.md", () => {
  it("shows the totals", async () => {
    const page = await Deno.readTextFile(join(REPOSITORY, "docs", "results.md"));
    expect(page.includes(renderTotals(table))).toBe(true);
  });
});
