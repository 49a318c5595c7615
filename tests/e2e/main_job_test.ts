/**
 * The main job for real, on the user's own store: minutes where that is empty, seconds where it is not.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { join } from "node:path";
import { denoHost } from "../../engine/deno_host.ts";
import { storeRoot } from "../../tasks/_session.ts";
import { cli, type CliRun, documentOf, REPOSITORY } from "./_cli.ts";

const store = storeRoot(denoHost());
let folder: string;
let run: CliRun;

describe("test-swiftshader", () => {
  beforeAll(async () => {
    folder = await Deno.makeTempDir({ prefix: "vkforge-e2e-" });
    run = await cli([
      "test-swiftshader",
      ...["--model", "mobilenet_v2", "--json", "--iterations", "2", "--warmup", "1", "--results", folder],
    ], { store });
  });

  afterAll(() => Deno.remove(folder, { recursive: true }));

  it("prints the documented document", () => {
    expect(run.code, run.stderr).toBe(0);
    expect(documentOf(run)).toEqual({
      schema: 1,
      command: "test-swiftshader",
      ok: true,
      resultDir: expect.stringMatching(new RegExp(`^${folder}/\\d{8}T\\d{6}Z-[0-9a-f]{8}$`)),
      device: {
        name: expect.stringContaining("SwiftShader"),
        driver: expect.stringContaining("SwiftShader"),
      },
      drift: expect.any(Array),
      models: [{
        name: "mobilenet_v2",
        ok: true,
        parity: { maxAbs: expect.any(Number), maxRel: expect.any(Number), cosine: expect.any(Number) },
        cpu: { medianMs: expect.any(Number) },
        vulkan: { medianMs: expect.any(Number) },
        failures: [],
      }],
    });
    const [{ parity, cpu, vulkan }] = documentOf(run).models;
    expect(parity.maxRel).toBeGreaterThan(0);
    expect(parity.maxRel).toBeLessThanOrEqual(1e-5);
    expect(parity.cosine).toBeGreaterThan(0.9999);
    for (const { medianMs } of [cpu, vulkan]) expect(medianMs).toBeGreaterThan(0);
  });

  it("writes a whole result folder", () => {
    const { resultDir } = documentOf(run);
    const names = [...Deno.readDirSync(resultDir)].map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(["result.json", "report.html", "report.md", "junit.xml", "runs"]),
    );
    expect(JSON.parse(Deno.readTextFileSync(join(resultDir, "result.json")))).toMatchObject({
      schema: 1,
      ok: true,
    });
    expect([...Deno.readDirSync(folder)]).toHaveLength(1);
  });

  it("plan has nothing left to do, and prints the documented document", async () => {
    const plan = await cli(["plan", "--model", "mobilenet_v2", "--json"], { store });
    expect(plan).toMatchObject({ code: 0, stderr: "" });
    const { schema, steps } = documentOf(plan);
    expect(schema).toBe(1);
    expect(steps.length).toBeGreaterThan(4);
    for (const step of steps) {
      expect(step).toEqual({
        name: expect.any(String),
        id: expect.stringMatching(/^[0-9a-f]{64}$/),
        status: "hit",
        reason: "",
        needed: false,
      });
    }
    expect((await cli(["plan", "--model", "mobilenet_v2"], { store })).stdout).toContain(
      "Nothing to do: all ",
    );
  });

  it("plan says why a step would run", async () => {
    const plan = await cli(["plan", "--model", "mobilenet_v2", "--json", "--weights", "pretrained"], {
      store,
    });
    const { steps } = documentOf(plan);
    const model = steps.find(({ name }: { name: string }) => name === "model/mobilenet_v2/cpu-pretrained");
    expect(["hit", "miss"]).toContain(model.status);
    expect(model.reason === "").toBe(model.status === "hit");
  });

  it("results where no folder can be: exit 2 before anything is built", async () => {
    const blocked = join(folder, "file");
    Deno.writeTextFileSync(blocked, "");
    const empty = join(folder, "empty-store");
    const failed = await cli(["test-swiftshader", "--json", "--results", join(blocked, "x")], {
      store: empty,
    });
    Deno.removeSync(blocked);
    expect(failed.code).toBe(2);
    const { error } = documentOf(failed);
    expect(error.message).toBe(`Cannot write to "${join(blocked, "x")}": "${blocked}" is not a folder`);
    expect(error.hint).toContain("--results");
    expect([...Deno.readDirSync(folder)].map(({ name }) => name)).not.toContain("empty-store");
  });
});

describe("doctor", () => {
  it("prints the documented document", async () => {
    const doctor = await cli(["doctor", "--json"], { store });
    const { schema, command, ok, checks } = documentOf(doctor);
    expect({ schema, command, exit: doctor.code }).toEqual({
      schema: 1,
      command: "doctor",
      exit: ok ? 0 : 1,
    });
    expect(checks.length).toBeGreaterThan(5);
    for (const check of checks) {
      expect(check).toMatchObject({ name: expect.any(String), message: expect.any(String) });
      expect(["ok", "info", "warn", "fail"]).toContain(check.status);
    }
  });

  it("explains a failure in a log, exit 0; exit 1 where it knows none", async () => {
    const log = await Deno.makeTempFile();
    await Deno.writeTextFile(log, "error: NDK_ROOT is not set\nundefined symbol: vkCreateInstance\n");
    const known = await cli(["doctor", "--json", "--log", join(REPOSITORY, "docs", "troubleshooting.md")], {
      store,
    });
    expect(known.code).toBe(0);
    expect(documentOf(known).diagnoses[0]).toMatchObject({
      title: expect.any(String),
      cause: expect.any(String),
      fix: expect.any(String),
    });
    await Deno.writeTextFile(log, "all is well\n");
    const unknown = await cli(["doctor", "--json", "--log", log], { store });
    await Deno.remove(log);
    expect({ code: unknown.code, ...documentOf(unknown) }).toMatchObject({
      code: 1,
      ok: false,
      diagnoses: [],
    });
  });
});
