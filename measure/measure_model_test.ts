import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Effort, effortOf } from "./effort.ts";
import { measureModel, type MeasureModelRequest } from "./measure_model.ts";
import type { RunRequest } from "./runner_arguments.ts";
import type { RunnerResult } from "./runner_result.ts";
import type { ModelResult } from "./schema.ts";
import type { Target } from "./targets/target.ts";
import { fixtureRun } from "./testdata/fixture.ts";
import { tensorFiles } from "./testdata/tensor_files.ts";

const QUICK = effortOf("quick");
let folder = "";

describe("measureModel()", () => {
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "vkforge-measure-"));
    for (const name of ["x", "y", "y1"]) await writeTensor(join(folder, "golden"), name, VALUES[name]!);
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("runs the first input on every arm and again in a fresh process, other inputs in one each", async () => {
    const target = new FakeTarget();
    const model = await measureModel(target, request());
    expect(model.failures).toEqual([]);
    expect(model.ok).toBe(true);
    expect(model.inputs).toEqual([{ name: "x", shape: [2], sha256: sha256Of([0, 0]) }]);
    expect(model.arms.map(({ name, runs }) => [name, runs.length])).toEqual([
      ["cpu-1t", 1],
      ["cpu-2t", 1],
      ["vulkan", 1],
      ["vulkan-again", 1],
      ["vulkan-input2", 1],
    ]);
    expect(target.requests.slice(3).map(({ inputs }) => inputs)).toEqual([["x.json"], ["x1.json"]]);
  });

  it("times what is timed within the effort's bounds, and compares the rest in as few runs as tell", async () => {
    const target = new FakeTarget();
    await measureModel(target, request());
    const counts = (name: string) => {
      const found = target.requests.find(({ outFolder }) => outFolder.endsWith(`/${name}-0`))!;
      const { warmup, iterations, phaseIterations, gpuIterations, budgetMs } = found;
      return { warmup, iterations, phaseIterations, gpuIterations, budgetMs };
    };
    const { replicates: _, warmupMax: __, ...expected } = QUICK;
    expect(counts("vulkan")).toEqual(expected);
    expect(counts("vulkan-again")).toEqual({ warmup: 0, iterations: 0, phaseIterations: 0 });
    expect(counts("vulkan-input2")).toEqual({ warmup: 0, iterations: 1, phaseIterations: 0 });
  });

  it("interleaves replicates, and needs no process besides them to repeat the first input", async () => {
    const target = new FakeTarget();
    const model = await measureModel(target, request({ ...QUICK, replicates: 4 }));
    expect(model.arms.map(({ name }) => name)).toEqual(["cpu-1t", "cpu-2t", "vulkan", "vulkan-input2"]);
    const orders = model.arms.map(({ runs }) => runs.map(({ order }) => order));
    expect(orders.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: 13 }, (_, order) => order));
    for (const order of orders) expect(order).toEqual(order.toSorted((a, b) => a - b));
    for (const round of [0, 1, 2, 3]) {
      expect(orders.slice(0, 3).every((order) => Math.floor(order[round]! / 3) === round)).toBe(true);
    }
  });

  it("runs the same processes in the same order for the same seed, whatever they give", async () => {
    const targets = [new FakeTarget(), new FakeTarget({ failing: "vulkan-0" })];
    for (const target of targets) await measureModel(target, request());
    const [first, second] = targets.map(({ requests }) => requests.map(({ outFolder }) => outFolder));
    expect(first).toEqual(second);
  });

  it("fails a model whose second process gives other bytes", async () => {
    const model = await measureModel(new FakeTarget({ odd: "vulkan-again-0" }), request());
    expect(model.failures.map(({ code }) => code)).toContain("not-deterministic");
  });

  it("hands over what there is where the target gives up, and throws on", async () => {
    const target = new FakeTarget({ throwsAt: 2 });
    let partial: ModelResult | undefined;
    await expect(measureModel(target, request(), (model) => partial = model)).rejects.toThrow("unplugged");
    expect(partial?.ok).toBe(false);
    expect(partial?.arms.flatMap(({ runs }) => runs)).toHaveLength(2);
    expect(partial?.failures.filter(({ code }) => code === "not-run")).toHaveLength(3);
  });
});

/** The first input, and the golden outputs of both. */
const VALUES: Readonly<Record<string, readonly number[]>> = { x: [0, 0], y: [1, 2, 3, 4], y1: [4, 3, 2, 1] };

interface FakeOptions {
  /** Folder of a process that fails. */
  readonly failing?: string;
  /** Folder of a process with other outputs. */
  readonly odd?: string;
  readonly throwsAt?: number;
}

/** Gives the golden outputs, unless told otherwise. */
class FakeTarget implements Target {
  readonly environment = {};
  readonly requests: RunRequest[] = [];
  readonly #options: FakeOptions;

  constructor(options: FakeOptions = {}) {
    this.#options = options;
  }

  async run(request: RunRequest) {
    if (this.requests.length === this.#options.throwsAt) throw new Error("unplugged");
    this.requests.push(request);
    return { runner: await this.#result(request), wallMs: 1 };
  }

  async #result({ backend, iterations, inputs, outFolder }: RunRequest): Promise<RunnerResult> {
    if (this.#options.failing !== undefined && outFolder.endsWith(this.#options.failing)) {
      return { schema: 1, ok: false, failure: { code: "crash", message: "SIGSEGV" } };
    }
    const values = [...VALUES[inputs[0] === "x.json" ? "y" : "y1"]!];
    if (this.#options.odd !== undefined && outFolder.endsWith(this.#options.odd)) values[0]! += 1e-7;
    await writeTensor(outFolder, "output0", values);
    const run = fixtureRun(backend, { centreMs: 10, seed: this.requests.length, iterations });
    const sha256 = sha256Of(values);
    const output = { ...run.outputs[0]!, name: "output", shape: [4], sizeBytes: 16, sha256 };
    return { ...run, iterations, outputs: [output] };
  }
}

function request(effort: Effort = QUICK): MeasureModelRequest {
  const tolerance = { maxRel: 1e-5, minCosine: 0.99999 };
  return {
    name: "net",
    title: "A net",
    weights: { kind: "seeded" },
    cpu: { folder, file: "net_cpu.pt", tolerance },
    vulkan: { folder, file: "net_vulkan.pt", tolerance },
    goldenFolder: join(folder, "golden"),
    inputs: ["x"],
    outputs: ["y"],
    cpuThreads: [1, 2],
    effort,
    seed: 1,
    samples: 2,
    workFolder: join(folder, "work"),
  };
}

function sha256Of(values: readonly number[]): string {
  return createHash("sha256").update(bytesOf(values)).digest("hex");
}

function bytesOf(values: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer);
}

async function writeTensor(into: string, name: string, values: readonly number[]): Promise<void> {
  await mkdir(into, { recursive: true });
  const shape = [values.length];
  const tensor = { name: "y", dtype: "float32", shape, bytes: bytesOf(values) };
  const { header, data } = await tensorFiles(tensor);
  await writeFile(join(into, `${name}.json`), header.replace("y.bin", `${name}.bin`));
  await writeFile(join(into, `${name}.bin`), data);
}
