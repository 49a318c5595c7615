import { describe, expect, it } from "vitest";
import { join } from "node:path";
import { moduleEdges, wrongImports } from "./import_direction.ts";

const REPOSITORY = join(import.meta.dirname ?? ".", "..");

describe("wrongImports()", () => {
  it("refuses imports against the direction", () => {
    const wrong = wrongImports([
      { from: "engine/a.ts", to: "recipes/b.ts" },
      { from: "ui/a.ts", to: "measure/b.ts" },
      { from: "tasks/a.ts", to: "engine/b.ts" },
      { from: "engine/a_test.ts", to: "recipes/b.ts" },
    ]);
    expect(wrong.map(({ reason }) => reason)).toEqual([
      "engine/ must not import recipes/",
      "ui/ must not import measure/",
    ]);
  });

  it("refuses private files of other folders", () => {
    expect(wrongImports([{ from: "tasks/a.ts", to: "engine/source/_failure.ts" }])).toHaveLength(1);
  });

  it("finds nothing wrong in this repository", async () => {
    const tasks = [...Deno.readDirSync(join(REPOSITORY, "tasks"))].map(({ name }) => `tasks/${name}`);
    const edges = await moduleEdges(REPOSITORY, ["cli.ts", "engine/mod.ts", ...tasks]);
    expect(edges.length).toBeGreaterThan(100);
    expect(wrongImports(edges)).toEqual([]);
  });
});
