import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FAMILIES, familyFiles } from "./ops_table.ts";

const OPS = join(import.meta.dirname!, "..", "..", "models", "ops");

describe("FAMILIES", () => {
  it("are the modules of models/ops/cases", () => {
    const modules = [...Deno.readDirSync(join(OPS, "cases"))]
      .map(({ name }) => name)
      .filter((name) => name.endsWith(".py") && !name.startsWith("_"))
      .map((name) => name.slice(0, -".py".length))
      .sort();
    expect(modules).toEqual([...FAMILIES]);
  });
});

describe("familyFiles()", () => {
  it("holds every file of the runner", () => {
    const input = familyFiles(["shape"]);
    const only = input.kind === "files" ? input.only ?? [] : [];
    const missing = [...Deno.readDirSync(OPS)]
      .filter(({ name }) => name.endsWith(".py"))
      .filter(({ name }) => !only.includes(`ops/${name}`));
    expect(missing).toEqual([]);
  });
});
