import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withComparisons } from "./compare_arms.ts";
import { compareResults } from "./compare/mod.ts";
import { renderHtml } from "./report/mod.ts";
import { readResult } from "./result.ts";
import { RESULT_SCHEMA_FILE, resultSchemaText } from "./result_schema.ts";
import type { Result } from "./schema.ts";

describe("docs/result.schema.json", () => {
  it("is current", async () => {
    // deno run -A measure/result_schema.ts
    expect(await readFile(RESULT_SCHEMA_FILE, "utf8")).toBe(resultSchemaText());
  });

  it("requires what the first version wrote, and nothing that came later", () => {
    const { required, properties } = JSON.parse(resultSchemaText());
    expect(Object.keys(properties)).toEqual(expect.arrayContaining(required));
    const { models } = properties;
    expect(models.items.required).toEqual(["name", "ok", "failures", "arms", "parity"]);
    expect(models.items.properties.arms.items.required).toEqual(["name", "backend", "runs", "latency"]);
  });
});

describe("a result of version 0.1.0", () => {
  let folder = "";
  let result: Result;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "vkforge-old-"));
    await cp(join(import.meta.dirname!, "testdata", "result_0.1.0.json"), join(folder, "result.json"));
    result = await readResult(folder);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("is read", () => expect(result).toMatchObject({ schema: 1, ok: true }));

  it("can be reported on, with the comparison that it did not have", () => {
    expect(result.models[0]!.comparison).toBe(undefined);
    const text = renderHtml(withComparisons(result));
    expect(text).toContain("no verdict");
    expect(text).not.toMatch(/ d="[^"]*NaN/);
  });

  it("can be compared", () => expect(compareResults(result, result).arms).toHaveLength(2));
});
