/**
 * What import-result makes of a bundle that came back, with made-up models.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { effortOf } from "../../measure/effort.ts";
import { measureModel, type MeasureModelRequest } from "../../measure/mod.ts";
import {
  type Bundle,
  type BundleFile,
  RecordingTarget,
  toBundleRequest,
  writeBundle,
} from "../../measure/targets/mod.ts";
import { tensorFiles } from "../../measure/testdata/tensor_files.ts";
import { importBundle } from "../../tasks/_import_bundle.ts";
import { host } from "./_rig.ts";

let folder: string;
let bundle: string;
let jobs: readonly string[];

describe("importBundle()", () => {
  beforeEach(async () => {
    folder = Deno.makeTempDirSync({ prefix: "vkforge-import-test-" });
    bundle = join(folder, "bundle");
    jobs = await makeBundle();
    for (const job of jobs) await finish(job);
    host.fs.writeFile(
      join(bundle, "out/before.txt"),
      "kernel=6.1\nmachine=x86_64\nprocessors=4\nat=2026-01-01T00:00:00Z\n",
    );
    host.fs.writeFile(
      join(bundle, "out/during.txt"),
      "at=2026-01-01T00:00:01Z\nload=1\nat=2026-01-01T00:00:02Z\nload=2\n",
    );
  });

  afterEach(() => Deno.removeSync(folder, { recursive: true }));

  const imported = () => importBundle(host, { folder: bundle, results: join(folder, "results") });

  it("judges what ran, with the evidence that came with it", async () => {
    const { result, missing, folder: written } = await imported();
    expect(missing).toBe(0);
    expect(result).toMatchObject({
      command: "import-result",
      ok: true,
      complete: true,
      target: { name: "bundle" },
      device: { name: "Test GPU" },
      environment: { kernel: "6.1", cpu: { logical: 4 } },
      evidence: { transport: "bundle", during: [{ load: 1 }, { load: 2 }] },
    });
    expect(host.fs.readDir(join(written, "runs", "net")).map(({ name }) => name).sort()).toEqual(
      jobs.map((job) => job.replace("net/", "")).toSorted(),
    );
  });

  it("finds outputs that are wrong", async () => {
    await finish(jobs.find((job) => job.includes("vulkan"))!, [1, 2, 4]);
    const { result } = await imported();
    expect(result).toMatchObject({ ok: false, complete: true });
    expect(result.models[0]?.failures).toEqual(
      expect.arrayContaining([expect.objectContaining({ check: "parity" })]),
    );
  });

  it("is incomplete where a process did not run to its end", async () => {
    host.fs.remove(join(bundle, "out", jobs[0]!, "exit"));
    expect(await imported()).toMatchObject({ missing: 1, result: { ok: false, complete: false } });
  });

  it("refuses golden data and models that are others than the bundle was made with", async () => {
    await finish(jobs[0]!, [1, 2, 3], "f".repeat(64));
    await expect(imported()).rejects.toMatchObject({
      code: "digest-mismatch",
      message: 'The results of "net" are of another file',
    });
    host.fs.writeFile(join(bundle, "models/net/golden/y.bin"), new Uint8Array(12));
    await expect(imported()).rejects.toMatchObject({
      code: "digest-mismatch",
      message: expect.stringContaining('"models/net/golden/y.bin"'),
    });
  });
});

const MODEL = "model";

/** Writes the bundle; gives the names of its processes. */
async function makeBundle(): Promise<string[]> {
  const source = join(folder, "source");
  host.fs.mkdir(join(source, "golden"));
  const files: BundleFile[] = [];
  const add = (path: string, data: Uint8Array | string) => {
    host.fs.writeFile(join(source, path), data);
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    files.push({
      path: `models/net/${path}`,
      source: join(source, path),
      sha256: digestOf(bytes),
      sizeBytes: bytes.length,
      executable: false,
    });
  };
  for (const [name, values] of [["x", [0]], ["y", [1, 2, 3]]] as const) {
    const { header, data } = await tensorFiles({
      name,
      dtype: "float32",
      shape: [values.length],
      bytes: floats(values),
    });
    add(`golden/${name}.json`, header);
    add(`golden/${name}.bin`, data);
  }
  for (const name of ["cpu.pt", "vulkan.pt"]) add(name, MODEL);
  const made: Bundle = {
    platform: { abi: "x86_64", libc: "glibc" },
    driver: "device",
    files,
    folders: new Map([[source, "models/net"], [join(source, "golden"), "models/net/golden"]]),
  };
  const tolerance = { maxRel: 1e-5, minCosine: 0.9999 };
  const request: MeasureModelRequest = {
    name: "net",
    title: "Net",
    weights: { kind: "seeded" },
    cpu: { folder: source, file: "cpu.pt", tolerance },
    vulkan: { folder: source, file: "vulkan.pt", tolerance },
    goldenFolder: join(source, "golden"),
    inputs: ["x"],
    outputs: ["y"],
    cpuThreads: [1],
    effort: effortOf("quick"),
    seed: 1,
    samples: 1,
    workFolder: join(folder, "work", "net"),
  };
  const recorder = new RecordingTarget({ folders: made.folders, timeoutMs: 1_000 });
  await measureModel(recorder, request);
  writeBundle(made, {
    host,
    folder: bundle,
    jobs: recorder.jobs,
    about: {
      profile: "stock",
      madeAt: "2026-01-01T00:00:00Z",
      versions: {},
      options: {},
      digests: [],
      drift: [],
      models: [toBundleRequest(request, made.folders)],
    },
  });
  return recorder.jobs.map(({ name }) => name);
}

/** Writes what the runner would have. */
async function finish(
  job: string,
  values: readonly number[] = [1, 2, 3],
  modelSha256 = digestOf(new TextEncoder().encode(MODEL)),
): Promise<void> {
  const out = join(bundle, "out", job);
  host.fs.mkdir(out);
  const bytes = floats(values);
  const { header, data } = await tensorFiles({ name: "output0", dtype: "float32", shape: [3], bytes });
  host.fs.writeFile(join(out, "output0.json"), header);
  host.fs.writeFile(join(out, "output0.bin"), data);
  const backend = job.includes("cpu") ? "cpu" : "vulkan";
  const run = { uploadMs: 0, computeMs: 1, downloadMs: 0, totalMs: 1 };
  const result = {
    schema: 1,
    ok: true,
    failure: null,
    backend,
    threads: 1,
    torch: { version: "1.13.1" },
    plugin: null,
    model: { sha256: modelSha256, sizeBytes: 5 },
    device: backend === "cpu"
      ? null
      : { deviceName: "Test GPU", deviceType: "discrete-gpu", driverName: "Test" },
    loadMs: 1,
    firstRun: run,
    warmup: 0,
    samples: [{ totalMs: 1 }],
    outputsIdentical: true,
    outputs: [{
      name: "output0",
      file: "output0.json",
      dtype: "float32",
      shape: [3],
      sizeBytes: 12,
      sha256: digestOf(bytes),
      nan: 0,
      inf: 0,
      zero: 0,
      min: 1,
      max: 3,
    }],
    peakRssBytes: 1,
  };
  host.fs.writeFile(join(out, "result.json"), JSON.stringify(result));
  host.fs.writeFile(join(out, "log"), "");
  host.fs.writeFile(join(out, "exit"), "0 10.00 10.50\n");
}

function floats(values: readonly number[]): Uint8Array {
  return new Uint8Array(new Float32Array(values).buffer);
}

function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
