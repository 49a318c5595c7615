/**
 * compare as a user starts it, in a pipeline: what it prints and how it ends.
 */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resultOf } from "../measure/compare/testdata/results.ts";
import { type Result, writeResult } from "../measure/mod.ts";
import { cli, documentOf } from "../tests/e2e/_cli.ts";

let folder: string;
let folders: Readonly<Record<"before" | "after" | "before2" | "after2" | "equal", string>>;

const compare = (...args: readonly string[]) => cli(["compare", ...args], { store: join(folder, "store") });
const write = (result: Result) => writeResult(folder, result);

describe("deno task compare", () => {
  beforeAll(async () => {
    folder = Deno.makeTempDirSync({ prefix: "vkforge-compare-" });
    folders = {
      before: await write(resultOf(1)),
      after: await write(resultOf(1, { vulkan: 1.2 })),
      before2: await write(resultOf(1)),
      after2: await write(resultOf(1, { vulkan: 1.2 })),
      equal: await write(resultOf(1)),
    };
  });

  afterAll(() => Deno.removeSync(folder, { recursive: true }));

  it("passes where nothing became slower: exit 0", async () => {
    const { code, stdout } = await compare(folders.before, folders.equal);
    expect(code).toBe(0);
    expect(stdout).toContain("no difference");
    expect(stdout.trimEnd()).toMatch(/No regression$/);
  });

  it("does not pass a slowdown, and says how to confirm it: exit 1", async () => {
    const { before, after } = folders;
    const { code, stdout } = await compare(before, after);
    expect(code).toBe(1);
    expect(stdout).toContain("1 slowdown to be confirmed by a rerun: mobilenet_v2 on vulkan\n");
    expect(stdout).toContain(`then: deno task compare ${before} ${after} --again BEFORE2 AFTER2\n`);
  });

  it("fails on a slowdown that a rerun shows again, in Markdown for a pull request too: exit 1", async () => {
    const { before, after, before2, after2 } = folders;
    const { code, stdout } = await compare(before, after, "--markdown", "--again", before2, after2);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^### 1 regression: mobilenet_v2 on vulkan\n\n\| model \| on \| ratio \|/);
    expect(stdout).toMatch(
      /\n\| mobilenet_v2 \| vulkan \| 1\.20\d \| 1\.\d+ to 1\.\d+ \| [<0. \d]+ \| 3\.0 % \| slower, twice \|\n/,
    );
  });

  it("passes a slowdown that the rerun does not show: exit 0, and --json says so", async () => {
    const { before, after, before2, equal } = folders;
    const run = await compare(before, after, "--json", "--again", before2, equal);
    expect(run.code, run.stderr).toBe(0);
    const document = documentOf(run);
    expect(document).toMatchObject({
      schema: 1,
      command: "compare",
      ok: true,
      regressions: [],
      unconfirmed: [],
    });
    expect(document.arms).toContainEqual(
      expect.objectContaining({ backend: "vulkan", verdict: "slower", confirmed: false }),
    );
  });

  it("refuses what cannot be compared, with one sentence and a hint: exit 2", async () => {
    const { before, after } = folders;
    const result = resultOf(1);
    const other = await write({
      ...result,
      models: result.models.map((model) => ({ ...model, name: "detnet" })),
    });
    for (
      const [args, message] of [
        [[before, other], "they have no model in common"],
        [[before, join(folder, "nowhere")], "it does not exist"],
        [[before, after, "--again", before], "Cannot take 1 folders for --again"],
        [[before, after, "--again", before, after], "twice"],
      ] as const
    ) {
      const run = await compare(...args, "--json");
      expect({ code: run.code, message }).toEqual({ code: 2, message });
      expect(documentOf(run)).toMatchObject({
        ok: false,
        error: { code: "usage", message: expect.stringContaining(message), hint: expect.any(String) },
      });
    }
  });

  it("refuses a result of a later schema by its number", async () => {
    const path = join(folder, "later");
    Deno.mkdirSync(path);
    const result = Deno.readTextFileSync(join(folders.before, "result.json"));
    Deno.writeTextFileSync(join(path, "result.json"), result.replace('"schema": 1', '"schema": 2'));
    const run = await compare(folders.before, path, "--json");
    expect(run.code).toBe(1);
    expect(documentOf(run).error).toMatchObject({
      message: `Cannot read "${join(path, "result.json")}": schema 2 is not known`,
      hint: expect.stringContaining("a newer vkforge"),
    });
  });
});
