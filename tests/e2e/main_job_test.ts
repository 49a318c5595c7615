/**
 * The main job for real, on the user's own store: minutes where that is empty, seconds where it is not.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { denoHost } from "../../engine/deno_host.ts";
import { GpuTimes } from "../../measure/gpu_times.ts";
import { storeRoot } from "../../tasks/_session.ts";
import { cli, type CliRun, documentOf, REPOSITORY, startCli, until } from "./_cli.ts";

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
      options: { effort: "quick", replicates: 1, warmup: 1, iterations: 2 },
    });
    expect([...Deno.readDirSync(folder)]).toHaveLength(1);
  });

  it("checks the first input in two processes, and twice in one; another input twice in a process of its own", () => {
    const { models } = JSON.parse(Deno.readTextFileSync(join(documentOf(run).resultDir, "result.json")));
    const arms = models[0].arms.filter(({ backend }: { backend: string }) => backend === "vulkan");
    expect(arms.map(({ name, runs }: ArmJson) => [name, runs.map(({ runner }) => runner.samples.length)]))
      .toEqual([["vulkan", [2]], ["vulkan-again", [0]], ["vulkan-input2", [1]]]);
    const [[first], [again], [other]] = arms.map(({ runs }: ArmJson) =>
      runs.map(({ runner }) => runner.outputs[0]!.sha256)
    );
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it("has every command timed by the device, each as part of the operator that recorded it", () => {
    const { models } = JSON.parse(Deno.readTextFileSync(join(documentOf(run).resultDir, "result.json")));
    const arm = models[0].arms.find(({ name }: ArmJson) => name === "vulkan");
    const { source, runs: [first], ops } = GpuTimes.parse(arm.runs[0].runner.gpu);
    expect(source).toBe("timestamps");
    expect(first!.upload.commands).toBeGreaterThan(0);
    expect(first!.download.commands).toBeGreaterThan(0);
    // 52 convolutions, ten sums, a pool, a flattening and a linear layer; the first convolution sees the picture.
    expect(ops.length).toBeGreaterThan(60);
    expect(ops[0]!.shapes).toEqual([[1, 3, 224, 224]]);
    expect(sum(ops.map(({ commands }) => commands))).toBe(first!.compute.commands);
    expect(sum(ops.map(({ busyMs }) => busyMs[0]!))).toBeCloseTo(first!.compute.busyMs, 3);
    expect(first!.compute.busyMs).toBeLessThanOrEqual(first!.compute.spanMs + 1e-6);
    expect(first!.compute.spanMs).toBeLessThan(first!.totalMs);
  });

  it("report makes the reports again, elsewhere or in their place, and touches nothing else", async () => {
    const { resultDir } = documentOf(run);
    const before = Deno.readTextFileSync(join(resultDir, "result.json"));
    Deno.writeTextFileSync(join(resultDir, "report.md"), "");
    const again = await cli(["report", resultDir, "--json"], { store });
    expect(again.code, again.stderr).toBe(0);
    expect(documentOf(again)).toEqual({
      schema: 1,
      command: "report",
      ok: true,
      written: [{ result: basename(resultDir), ok: true, report: join(resultDir, "report.html") }],
    });
    expect(Deno.readTextFileSync(join(resultDir, "report.md"))).toContain("mobilenet");
    expect(Deno.readTextFileSync(join(resultDir, "result.json"))).toBe(before);
    const out = join(folder, "look");
    expect((await cli(["report", resultDir, "--out", out], { store })).code).toBe(0);
    expect([...Deno.readDirSync(out)].map(({ name }) => name).sort()).toEqual([
      "junit.xml",
      "report.html",
      "report.md",
    ]);
    Deno.removeSync(out, { recursive: true });
  });

  it("report and compare refuse a result of a later version by name", async () => {
    const { resultDir } = documentOf(run);
    const later = join(folder, "later");
    Deno.mkdirSync(later);
    const result = JSON.parse(Deno.readTextFileSync(join(resultDir, "result.json")));
    Deno.writeTextFileSync(join(later, "result.json"), JSON.stringify({ ...result, schema: 2 }));
    for (const args of [["report", later], ["compare", resultDir, later]]) {
      const refused = await cli([...args, "--json"], { store });
      expect(refused.code).toBe(1);
      expect(documentOf(refused).error).toMatchObject({
        message: `Cannot read "${join(later, "result.json")}": schema 2 is not known`,
        hint: expect.stringContaining("newer vkforge"),
      });
    }
    Deno.removeSync(later, { recursive: true });
  });

  it("Ctrl-C while measuring: exit 130, and what was measured is kept, marked incomplete", async () => {
    const results = join(folder, "cut");
    const running = startCli(
      [
        "test-swiftshader",
        ...["--model", "mobilenet_v2", "--log-format", "plain", "--iterations", "2", "--replicates", "1000"],
        ...["--results", results],
      ],
      { store },
    );
    try {
      // The second result is there: the first process has ended.
      await until("two processes of the runner wrote results", () => runnerResults(running.pid) > 1, {
        timeoutMs: 2 * 60_000,
      });
    } finally {
      Deno.kill(running.pid, "SIGINT");
    }
    const cut = await running.result;
    expect(cut.code, cut.stderr).toBe(130);
    expect(cut.stderr).toContain("incomplete: ");
    const [name] = [...Deno.readDirSync(results)].map((entry) => entry.name);
    const result = JSON.parse(Deno.readTextFileSync(join(results, name!, "result.json")));
    expect(result).toMatchObject({
      ok: false,
      complete: false,
      models: [{ name: "mobilenet_v2", ok: false }],
    });
    const runs = result.models[0].arms.flatMap(({ runs }: ArmJson) => runs);
    expect(runs.length).toBeGreaterThan(0);
    expect(Deno.readTextFileSync(join(results, name!, "report.html"))).toContain("Incomplete.");
    Deno.removeSync(results, { recursive: true });
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

/** Results of the runner in the work folder of a command, which is named after its process. */
function runnerResults(pid: number): number {
  const root = join(store, "tmp");
  const folders = [...Deno.readDirSync(root)].filter(({ name, isDirectory }) =>
    isDirectory && name.startsWith(`${pid}-`)
  );
  return folders.flatMap(({ name }) => {
    try {
      const model = join(root, name, "mobilenet_v2");
      return [...Deno.readDirSync(model)].filter((run) => existsSync(join(model, run.name, "result.json")));
    } catch {
      return [];
    }
  }).length;
}

interface ArmJson {
  readonly name: string;
  readonly runs: ReadonlyArray<
    {
      readonly runner: {
        readonly samples: readonly unknown[];
        readonly outputs: ReadonlyArray<{ readonly sha256: string }>;
      };
    }
  >;
}

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

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
