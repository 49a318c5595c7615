import { describe, expect, it } from "vitest";
import { formatTable, mergeRuns } from "./merge.ts";
import { EMPTY_TABLE, type OpsRun, TruthTable } from "./schema.ts";
import { badRows, summarizeOperators } from "./summary.ts";

type Row = OpsRun["rows"][number];

function row(name: string, kind: Row["kind"], more: Partial<Row> = {}): Row {
  return {
    family: "shape",
    op: "cat",
    name,
    form: "eager",
    shapes: [[1, 2]],
    kind,
    good: kind === "right",
    ...more,
  };
}

function run(...rows: Row[]): OpsRun {
  return { schema: 1, torch: "1.13.1", device: { deviceName: "A GPU", apiVersion: "1.3.0" }, rows };
}

describe("mergeRuns()", () => {
  it("puts the columns' verdicts side by side", () => {
    const table = mergeRuns(EMPTY_TABLE, [
      { column: "gpu/stock", runs: [run(row("a", "wrong", { message: "off" }))] },
      { column: "gpu/vkforge", runs: [run(row("a", "right", { error: 1e-7 }))], plugin: "ab" },
    ], { families: ["shape"] });
    expect(table.rows).toHaveLength(1);
    expect(table.rows[0]!.verdicts).toEqual({
      "gpu/stock": { kind: "wrong", message: "off", good: false },
      "gpu/vkforge": { kind: "right", good: true },
    });
    expect(table.columns["gpu/vkforge"]).toEqual({
      device: "A GPU",
      driver: "",
      torch: "1.13.1",
      plugin: "ab",
    });
  });

  it("keeps other columns of rows that are the same, and drops those of changed ones", () => {
    const options = { families: ["shape"] };
    const before = mergeRuns(
      EMPTY_TABLE,
      [{ column: "gpu/stock", runs: [run(row("a", "wrong"), row("b", "wrong"))] }],
      options,
    );
    const changed = row("b", "right", { shapes: [[3]] });
    const after = mergeRuns(
      before,
      [{ column: "lavapipe/stock", runs: [run(row("a", "right"), changed)] }],
      options,
    );
    expect(after.rows.map(({ verdicts }) => Object.keys(verdicts).sort())).toEqual([
      ["gpu/stock", "lavapipe/stock"],
      ["lavapipe/stock"],
    ]);
  });

  it("drops rows whose cases have vanished from the families that were run, and no others", () => {
    const before = mergeRuns(
      EMPTY_TABLE,
      [{ column: "gpu/stock", runs: [run(row("a", "right"), row("old", "right", { family: "matrix" }))] }],
      { families: ["shape", "matrix"] },
    );
    const after = mergeRuns(before, [{ column: "gpu/stock", runs: [run(row("new", "right"))] }], {
      families: ["shape"],
    });
    expect(after.rows.map(({ name }) => name)).toEqual(["old", "new"]);
  });
});

describe("formatTable()", () => {
  it("writes what TruthTable reads", () => {
    const table = mergeRuns(
      EMPTY_TABLE,
      [{ column: "gpu/stock", runs: [run(row("a", "right"), row("b", "crashed"))] }],
      { families: ["shape"] },
    );
    expect(TruthTable.parse(JSON.parse(formatTable(table)))).toEqual(table);
  });
});

describe("summaries", () => {
  const refusal = { message: "Vulkan cannot run aten::cat on (1, 2, 3, 4, 5): too many" };
  const table = mergeRuns(EMPTY_TABLE, [
    { column: "gpu/stock", runs: [run(row("a", "wrong"), row("b", "missing"))] },
    {
      column: "gpu/vkforge",
      runs: [run(row("a", "wrong", { message: "off" }), row("b", "refused", { ...refusal, good: true }))],
    },
  ], { families: ["shape"] });

  it("badRows() names only what the patched backend may not answer", () => {
    expect(badRows(table)).toEqual([{ key: "shape/cat/a/eager", column: "gpu/vkforge", text: "wrong: off" }]);
  });

  it("summarizeOperators() counts verdicts and gives refusals without their shapes", () => {
    const [summary] = summarizeOperators(table);
    expect(summary!.columns["gpu/stock"]).toMatchObject({ wrong: 1, missing: 1, right: 0 });
    expect(summary!.refusals).toEqual(["Vulkan cannot run aten::cat on …: too many"]);
  });
});
