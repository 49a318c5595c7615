import { describe, expect, it } from "vitest";
import { deviceProblem, importRuns, mergeRuns } from "./merge.ts";
import { EMPTY_TABLE, type OpsRun, type TruthRow } from "./schema.ts";
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
    expect(table.rows[0]!.answers).toEqual({
      "gpu/stock": { kind: "wrong", message: "off", good: false },
      "gpu/vkforge": { kind: "right", good: true },
    });
    expect(table.columns["gpu/vkforge"]).toEqual({
      device: "A GPU",
      driver: "unknown driver",
      torch: "1.13.1",
      plugin: "ab",
    });
  });

  it("leaves the folder of the sources out of messages", () => {
    const message = 'false INTERNAL ASSERT FAILED at "/some/where/src/aten/src/ATen/x.cpp":40, please';
    const columns = [{ column: "gpu/stock", runs: [run(row("a", "unclear", { message }))] }];
    const [{ answers }] = mergeRuns(EMPTY_TABLE, columns, { families: ["shape"] }).rows as [TruthRow];
    expect(answers["gpu/stock"]!.message).toBe(
      'false INTERNAL ASSERT FAILED at "aten/src/ATen/x.cpp":40, please',
    );
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
    expect(after.rows.map(({ answers }) => Object.keys(answers).sort())).toEqual([
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

describe("mergeRuns() of a part of the families", () => {
  it("drops other families' answers of another plug-in", () => {
    const columns = (
      plugin: string,
      ...rows: Row[]
    ) => [{ column: "gpu/vkforge", runs: [run(...rows)], plugin }];
    const families = ["shape", "matrix"];
    const matrix = row("m", "right", { family: "matrix" });
    const before = mergeRuns(EMPTY_TABLE, columns("old", row("a", "right"), matrix), { families });
    const same = mergeRuns(before, columns("old", row("a", "right")), { families: ["shape"] });
    const other = mergeRuns(before, columns("new", row("a", "right")), { families: ["shape"] });
    expect(same.rows[0]!.answers).toHaveProperty("gpu/vkforge");
    expect(other.rows[0]!.answers).toEqual({});
  });
});

describe("importRuns()", () => {
  const before = mergeRuns(
    EMPTY_TABLE,
    [{ column: "swiftshader/stock", runs: [run(row("a", "right"), row("b", "right"))] }],
    { families: ["shape"] },
  );

  it("answers rows of the table only, and says how many", () => {
    const changed = row("b", "right", { shapes: [[9]] });
    const { table, imported } = importRuns(before, [
      { column: "gpu/vkforge", runs: [run(row("a", "wrong"), changed, row("gone", "right"))] },
    ]);
    expect(imported["gpu/vkforge"]).toEqual({ rows: 1, unknown: 2 });
    expect(table.rows.map(({ answers }) => answers["gpu/vkforge"]?.kind)).toEqual(["wrong", undefined]);
    expect(table.rows).toHaveLength(2);
  });

  it("replaces a column as a whole", () => {
    const once = importRuns(before, [{
      column: "gpu/vkforge",
      runs: [run(row("a", "right"), row("b", "right"))],
    }]);
    const twice = importRuns(once.table, [{ column: "gpu/vkforge", runs: [run(row("a", "wrong"))] }]);
    expect(twice.table.rows.map(({ answers }) => answers["gpu/vkforge"]?.kind)).toEqual(["wrong", undefined]);
  });
});

describe("deviceProblem()", () => {
  const on = (deviceName: string) => [{ ...run(), device: { deviceName, apiVersion: "1.3.0" } }];

  it("keeps software out of a GPU's column, and every driver in its own", () => {
    expect(deviceProblem("gpu/stock", on("NVIDIA H100"))).toBeUndefined();
    expect(deviceProblem("gpu/stock", on("llvmpipe (LLVM 15.0.6, 256 bits)"))).toMatch(/llvmpipe/);
    expect(deviceProblem("lavapipe/stock", on("llvmpipe (LLVM 15.0.6, 256 bits)"))).toBeUndefined();
    expect(deviceProblem("swiftshader/stock", on("llvmpipe (LLVM 15.0.6, 256 bits)"))).toBeDefined();
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
