/** The command as users call it: exit codes, JSON, messages. */
import { afterAll, describe, expect, it } from "vitest";
import { join } from "node:path";
import { goodEntries, zipOf } from "../../aar/_testing.ts";

const CLI = join(import.meta.dirname ?? ".", "..", "..", "cli.ts");
const folder = await Deno.makeTempDir();
await Deno.writeFile(join(folder, "good.aar"), zipOf(goodEntries()));
await Deno.writeFile(join(folder, "bad.aar"), zipOf(goodEntries({ alignBytes: 4096, unstripped: true })));

async function run(...args: readonly string[]) {
  return await runWith({}, ...args);
}

async function runWith(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", CLI, ...args],
    cwd: folder,
    env: { NO_COLOR: "1", ...env },
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  // Hints are wrapped to the terminal's width.
  return { code, out: out ?? "", err: (err ?? "").replaceAll(/\s+/g, " ") };
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
  it("ends with 3 for a version that is not pinned, whatever it is built from", async () => {
    const maven = await run("build-aar", "--from", "maven", "--version", "2.1.0", "--out", "out");
    expect(maven).toMatchObject({
      code: 3,
      err: expect.stringContaining("pins no official AAR of PyTorch 2.1.0"),
    });
    const source = await run("build-aar", "--version", "2.1.0", "--out", "out");
    expect(source).toMatchObject({
      code: 3,
      err: expect.stringContaining("Cannot build PyTorch 2.1.0 from source"),
    });
  });

  it("ends with 3 before anything is compiled where a file cannot be had: name, checksum, URL, another way", async () => {
    const home = join(folder, "store");
    const { code, err } = await runWith({ VKFORGE_HOME: home }, "build-aar", "--offline", "--out", "out");
    expect(code).toBe(3);
    expect(err).toMatch(
      /Cannot fetch "[\w.-]+" offline: \S+ \((sha256|sha1|commit) [0-9a-f]+\) is not in the store/,
    );
    expect(err).toContain("wanted from https://");
    expect(err).toContain("take the official AARs of PyTorch 1.13.1 with --from maven");
    expect(err).not.toContain("start");
  });

  it("ends with 2 for a group that is none", async () => {
    expect((await run("build-aar", "--from", "maven", "--group", "../x", "--out", "out")).code).toBe(2);
  });

  for (
    const [title, args, says] of [
      ["an unknown ABI", ["--abi", "mips"], 'Unknown ABI "mips"'],
      ["an unknown origin", ["--from", "elsewhere"], "Allowed choices are source, maven"],
      ["an unknown C++ library", ["--stl", "gnustl"], 'Unknown stl "gnustl"'],
      ["an unknown check", ["--allow", "luck"], 'Unknown check "luck"'],
      ["a list of operators that is not there", ["--ops", "none.yaml"], "there is no such file"],
      ["options of a compiler where nothing is compiled", ["--from", "maven", "--fp16"], "Cannot use --fp16"],
    ] as const
  ) {
    it(`ends with 2 for ${title}`, async () => {
      expect(await run("build-aar", ...args, "--out", "out")).toMatchObject({
        code: 2,
        err: expect.stringContaining(says),
      });
    });
  }

  it("ends with 2 for USE_VULKAN=0, and says why", async () => {
    const { code, err } = await runWith({ USE_VULKAN: "0" }, "build-aar", "--out", "out");
    expect(code).toBe(2);
    expect(err).toContain("turns any value of it, 0 too, into ON");
  });
});

describe("plan, why and graph", () => {
  afterAll(async () => await Deno.remove(folder, { recursive: true }));

  const namesOf = (out: string) => JSON.parse(out).steps.map(({ name }: { readonly name: string }) => name);

  it("know all steps of the AARs, wherever they come from", async () => {
    const source = await run("plan", "build-aar", "--abi", "arm64-v8a,x86", "--json");
    expect(namesOf(source.out)).toEqual(
      expect.arrayContaining([
        "torch-android/arm64-v8a",
        "torch-android/x86",
        "torch-android/gradle-dependencies",
        "torch-android/java-full",
        "torch-android/maven-full",
      ]),
    );
    const maven = await run("plan", "build-aar", "--from", "maven", "--json");
    expect(namesOf(maven.out)).toEqual(["aar/pytorch_android-1.13.1", "aar/maven-1.13.1"]);
  });

  it("find a step by its name alone", async () => {
    const { out } = await run("plan", "aar/maven-1.12.2", "--json");
    expect(namesOf(out)).toContain("aar/pytorch_android_torchvision_lite-1.12.2");
    const why = await run("why", "torch-android/java-full", "--json");
    expect(JSON.parse(why.out)).toMatchObject({ ok: true });
    expect((await run("graph", "aar/maven-1.13.1", "--format", "dot")).out).toContain("digraph");
  });

  it("build one ABI anew where one ABI's options change", async () => {
    const idsOf = async (...args: readonly string[]) => {
      const { out } = await run("plan", "build-aar", "--json", ...args);
      const steps: ReadonlyArray<{ readonly name: string; readonly id: string }> = JSON.parse(out).steps;
      return new Map(steps.map(({ name, id }) => [name, id]));
    };
    const one = await idsOf("--abi", "arm64-v8a");
    const two = await idsOf("--abi", "arm64-v8a", "x86");
    expect(two.get("torch-android/arm64-v8a")).toBe(one.get("torch-android/arm64-v8a"));
    expect(two.get("torch-android/java-full")).not.toBe(one.get("torch-android/java-full"));
  });

  it("name the steps there are where one is unknown", async () => {
    const { code, err } = await run("plan", "torch-android/nothing");
    expect(code).toBe(2);
    expect(err).toContain("torch-android/gradle-dependencies");
    expect((await run("plan", "nothing")).err).toContain("build-aar and its steps");
  });
});
