/** docs/backend.md tells of each patch what the patch itself tells. */
import { describe, expect, it } from "vitest";
import { join } from "node:path";
import { parsePatch } from "../measure/ops_table/mod.ts";

const REPOSITORY = join(import.meta.dirname ?? ".", "..");
const PATCHES = join(REPOSITORY, "recipes/patches/vulkan");
const page = Deno.readTextFileSync(join(REPOSITORY, "docs/backend.md"));
const names = [...Deno.readDirSync(PATCHES)].map(({ name }) => name.replace(/\.patch$/, "")).sort();

/** Letters and digits: what Markdown escapes, and where lines break, does not matter. */
function words(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9]+/g, " ");
}

describe("docs/backend.md", () => {
  for (const name of names) {
    it(`has ${name} with its fault and its cost`, () => {
      const { subject, parts } = parsePatch(name, Deno.readTextFileSync(join(PATCHES, `${name}.patch`)));
      const row = page.split("\n").find((line) => line.startsWith(`| ${name.slice(0, 4)}: `)) ?? "";
      for (const text of [subject, parts.Fault, parts.Cost]) {
        expect(words(row), "Run: deno task ops-table").toContain(words(text ?? "missing").trim());
      }
    });
  }

  it("has no patch that is gone", () => {
    const told = [...page.matchAll(/^\| (\d{4}): /gm)].map(([, number]) => number);
    expect(told).toEqual(names.map((name) => name.slice(0, 4)));
  });
});
