import { describe, expect, it } from "vitest";
import { join } from "node:path";
import { undocumented } from "./doc_lint.ts";

const REPOSITORY = join(import.meta.dirname ?? ".", "..");
/** Folders whose files are read by strangers. */
const FOLDERS = ["engine", "measure", "models", "recipes", "tasks", "ui", "docker", "ci", "aar"];

describe("undocumented()", () => {
  it("finds an export without JSDoc, and not one with", async () => {
    const folder = await Deno.makeTempDir();
    await Deno.writeTextFile(
      join(folder, "a.ts"),
      "export const bare = 1;\n/** Text. */\nexport const told = 2;\nconst own = 3;\n",
    );
    expect((await undocumented(folder, ["a.ts"])).map(({ name }) => name)).toEqual(["bare"]);
    await Deno.remove(folder, { recursive: true });
  });

  it("finds nothing in this repository", async () => {
    const files = FOLDERS.flatMap((folder) => sources(folder));
    expect(files.length).toBeGreaterThan(50);
    expect((await undocumented(REPOSITORY, files)).map(({ file, name, line }) => `${file}:${line} ${name}`))
      .toEqual([]);
  });
});

function sources(folder: string): string[] {
  return [...Deno.readDirSync(join(REPOSITORY, folder))].flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) return sources(path);
    return /\.ts$/.test(path) && !/(_test|_bench)\.ts$|\/testdata\//.test(path) ? [path] : [];
  });
}
