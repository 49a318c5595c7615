import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MeasureError } from "./error.ts";
import { listResults, readResult, readRunnerResult, resultId, writeResult } from "./result.ts";
import { fixtureResult } from "./testdata/fixture.ts";

let dir = "";

describe("resultId()", () => {
  it("is UTC time and eight hex digits, and sorts by time", () => {
    const id = resultId(new Date("2026-03-14T09:26:53.123Z"), "5F1AC0DE-0000-4000-8000-000000000000");
    expect(id).toBe("20260314T092653Z-5f1ac0de");
    expect(resultId(new Date("2026-03-14T09:26:54Z"), "00000000") > id).toBe(true);
  });
});

describe("writeResult()", () => {
  within("in a folder of its own", () => {
    it("writes what readResult() reads", async () => {
      const path = await writeResult(dir, fixtureResult());
      expect(path).toBe(join(dir, fixtureResult().id));
      expect(await readResult(path)).toEqual(fixtureResult());
      expect((await readdir(path)).sort()).toEqual(["environment.json", "result.json", "samples.csv"]);
    });

    it("adds attachments, files and folders", async () => {
      await mkdir(join(dir, "raw/sub"), { recursive: true });
      await writeFile(join(dir, "raw/sub/output0.bin"), "bytes");
      const path = await writeResult(join(dir, "results"), fixtureResult(), {
        attachments: [
          { path: "report.md", content: "# report\n" },
          { path: "runs/m/cpu/0", from: join(dir, "raw") },
        ],
      });
      expect(await readFile(join(path, "report.md"), "utf8")).toBe("# report\n");
      expect(await readFile(join(path, "runs/m/cpu/0/sub/output0.bin"), "utf8")).toBe("bytes");
    });

    it("never overwrites: the same id is refused and the first result stays", async () => {
      const path = await writeResult(dir, fixtureResult());
      const error = await failure(writeResult(dir, fixtureResult({ models: [] })));
      expect(error.code).toBe("already-exists");
      expect((await readResult(path)).models.length).toBe(1);
      expect(await readdir(dir)).toEqual([fixtureResult().id]);
    });

    it("lets one of many writers of the same id win, and the others know", async () => {
      const results = Array.from({ length: 8 }, () => writeResult(dir, fixtureResult()));
      const settled = await Promise.allSettled(results);
      expect(settled.filter((one) => one.status === "fulfilled").length).toBe(1);
      expect(await readdir(dir)).toEqual([fixtureResult().id]);
      expect(await readResult(join(dir, fixtureResult().id))).toEqual(fixtureResult());
    });

    it("leaves nothing behind when an attachment cannot be copied", async () => {
      const attachments = [{ path: "x", from: join(dir, "does-not-exist") }];
      const error = await failure(writeResult(join(dir, "results"), fixtureResult(), { attachments }));
      expect(error.code).toBe("io");
      expect(await readdir(join(dir, "results"))).toEqual([]);
    });

    for (const path of ["../escape", "/etc/escape", "a/../../escape", ".", ".."]) {
      it(`refuses the attachment path ${path}`, async () => {
        const results = join(dir, "results");
        const error = await failure(
          writeResult(results, fixtureResult(), { attachments: [{ path, content: "" }] }),
        );
        expect(error.message).toContain("outside the result folder");
        expect(await readdir(results)).toEqual([]);
      });
    }

    it("refuses an attachment that would take the place of its own files", async () => {
      const attachments = [{ path: "result.json", content: "{}" }];
      const error = await failure(writeResult(dir, fixtureResult(), { attachments }));
      expect(error.message).toContain("the result writes that file itself");
      expect(await readdir(dir)).toEqual([]);
    });

    it("refuses a result that does not match the schema, and says where", async () => {
      const broken = { ...fixtureResult(), startedAt: "yesterday" };
      const error = await failure(writeResult(dir, broken));
      expect(error.code).toBe("bad-result");
      expect(error.message).toContain('at "startedAt"');
    });

    it("names a results folder that is a file", async () => {
      await writeFile(join(dir, "file"), "");
      expect((await failure(writeResult(join(dir, "file"), fixtureResult()))).code).toBe("io");
    });
  });
});

describe("readResult()", () => {
  within("in a folder of its own", () => {
    it("refuses an unknown schema by name", async () => {
      await writeFile(join(dir, "result.json"), JSON.stringify({ ...fixtureResult(), schema: 2 }));
      const error = await failure(readResult(dir));
      expect(error.code).toBe("unknown-schema");
      expect(error.message).toContain("schema 2 is not known");
      expect(error.hint).toContain("reads schema 1");
    });

    it("refuses JSON without a schema", async () => {
      await writeFile(join(dir, "result.json"), "[]");
      expect((await failure(readResult(dir))).message).toContain("schema (none) is not known");
    });

    it("refuses a truncated file", async () => {
      await writeFile(join(dir, "result.json"), JSON.stringify(fixtureResult()).slice(0, 500));
      expect((await failure(readResult(dir))).message).toContain("it is not JSON");
    });

    it("says where a result does not match", async () => {
      await writeFile(
        join(dir, "result.json"),
        JSON.stringify({ ...fixtureResult(), models: [{ name: 1 }] }),
      );
      expect((await failure(readResult(dir))).message).toContain('at "models.0.name"');
    });

    it("names a folder without a result", async () => {
      expect((await failure(readResult(join(dir, "none")))).code).toBe("not-found");
    });

    it("ignores fields of later versions of schema 1", async () => {
      await writeFile(join(dir, "result.json"), JSON.stringify({ ...fixtureResult(), later: true }));
      expect(await readResult(dir)).toEqual(fixtureResult());
    });
  });
});

describe("readRunnerResult()", () => {
  within("in a folder of its own", () => {
    it("reads what a runner wrote", async () => {
      const runner = fixtureResult().models[0]!.arms[0]!.runs[0]!.runner;
      await writeFile(join(dir, "result.json"), JSON.stringify(runner));
      expect(await readRunnerResult(join(dir, "result.json"))).toEqual(runner);
    });
  });
});

describe("listResults()", () => {
  within("in a folder of its own", () => {
    it("gives result folders oldest first, and nothing half-written", async () => {
      const later = { ...fixtureResult(), id: "20260315T000000Z-00000001" };
      await writeResult(dir, later);
      await writeResult(dir, fixtureResult());
      await mkdir(join(dir, `.partial-${later.id}-x`));
      await mkdir(join(dir, "notes"));
      expect(await listResults(dir)).toEqual([join(dir, fixtureResult().id), join(dir, later.id)]);
    });

    it("is empty where there is no folder", async () =>
      expect(await listResults(join(dir, "none"))).toEqual([]));
  });
});

/** Tests that each get an empty folder, gone afterwards. */
function within(name: string, body: () => void): void {
  describe(name, () => {
    beforeEach(async () => void (dir = await mkdtemp(join(tmpdir(), "vkforge-result-"))));
    afterEach(() => rm(dir, { recursive: true }));
    body();
  });
}

async function failure(promise: Promise<unknown>): Promise<MeasureError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof MeasureError) return error;
    throw error;
  }
  throw new Error("expected a MeasureError, got none");
}
