/** The command as users call it: exit codes, JSON, messages. */
import { afterAll, describe, expect, it } from "vitest";
import { join } from "node:path";
import { goodEntries, zipOf } from "../../aar/_testing.ts";

const CLI = join(import.meta.dirname ?? ".", "..", "..", "cli.ts");
const folder = await Deno.makeTempDir();
await Deno.writeFile(join(folder, "good.aar"), zipOf(goodEntries()));
await Deno.writeFile(join(folder, "bad.aar"), zipOf(goodEntries({ alignBytes: 4096, unstripped: true })));

async function run(...args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", CLI, ...args],
    cwd: folder,
    env: { NO_COLOR: "1" },
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out: out ?? "", err: err ?? "" };
}

describe("verify-aar", () => {
  it("ends with 0 for a good AAR", async () => {
    const { code, out } = await run("verify-aar", "good.aar", "--strict");
    expect({ code, verdict: out.trimEnd().split("\n").at(-1) }).toEqual({ code: 0, verdict: "Good" });
  });

  it("ends with 1 for a bad one, and tells it as JSON", async () => {
    const { code, out } = await run("verify-aar", "bad.aar", "--json");
    const document = JSON.parse(out);
    expect({ code, ok: document.ok, schema: document.schema }).toEqual({ code: 1, ok: false, schema: 1 });
    const failed = document.checks.filter(({ status }: { status: string }) => status === "fail");
    expect(failed.map(({ name }: { name: string }) => name)).toEqual(["page-alignment"]);
  });

  it("lets named checks fail", async () => {
    const { code } = await run("verify-aar", "bad.aar", "--strict", "--allow", "page-alignment,stripped");
    expect(code).toBe(0);
  });

  it("compares with another", async () => {
    const { code, out } = await run("verify-aar", "good.aar", "--against", "bad.aar");
    expect(code).toBe(0);
    expect(out).toContain("Against bad.aar:");
  });

  it("ends with 2 for what is not there", async () => {
    const missing = await run("verify-aar", "none.aar");
    expect({ code: missing.code, says: missing.err }).toEqual({
      code: 2,
      says: expect.stringContaining('Cannot read "none.aar": there is no such file'),
    });
    expect((await run("verify-aar", ".")).code).toBe(2);
    const check = await run("verify-aar", "good.aar", "--allow", "luck");
    expect(check.code).toBe(2);
    expect(check.err).toContain('Unknown check "luck"');
  });
});

describe("build-aar", () => {
  afterAll(async () => await Deno.remove(folder, { recursive: true }));

  it("ends with 3 for a version that is not pinned", async () => {
    const { code, err } = await run("build-aar", "--version", "2.1.0", "--out", "out");
    expect(code).toBe(3);
    expect(err).toContain("pins no official AAR of PyTorch 2.1.0");
  });

  it("ends with 2 for a group that is none", async () => {
    expect((await run("build-aar", "--group", "../x", "--out", "out")).code).toBe(2);
  });
});
