/**
 * Made-up results for tests and for looking at reports. The numbers are plausible, not measured; every result made here
 * carries `fixture: true`, and every rendering of it says so.
 *
 * @module
 */
import { judgeModel, judgeResult, type MeasuredModel } from "../judge.ts";
import type { Tolerance } from "../parity.ts";
import { seededRandom } from "../random.ts";
import type { Backend, PhasedSample, RunnerFailure, RunnerOutput, SucceededRun } from "../runner_result.ts";
import type { ParityEntry, Result, Run } from "../schema.ts";

/** What to vary in {@linkcode fixtureResult}. */
export interface FixtureOptions {
  /** Default: one model that passes. */
  readonly models?: readonly MeasuredModel[];
  readonly drift?: Result["drift"];
  readonly complete?: boolean;
}

const TOLERANCE: Tolerance = { maxRel: 1e-5, minCosine: 0.99999 };

/** A complete result of `test-swiftshader` with one passing model, unless told otherwise. */
export function fixtureResult(options: FixtureOptions = {}): Result {
  const { models = [fixtureModel()], drift = [], complete = true } = options;
  return judgeResult({
    fixture: true,
    id: "20260314T092653Z-5f1ac0de",
    command: "test-swiftshader",
    options: { weights: "seeded", runtime: "vkforge", iterations: 30, warmup: 3, threads: 2 },
    startedAt: "2026-03-14T09:26:53.000Z",
    finishedAt: "2026-03-14T09:29:20.400Z",
    complete,
    target: { name: "swiftshader" },
    environment: {
      os: "linux",
      kernel: "6.1.0-18-amd64",
      arch: "x86_64",
      cpu: { model: "AMD EPYC 7B13 (fixture)", logical: 2, physical: 1 },
      memoryBytes: 8_349_986_816,
      sandbox: { driver: "bwrap", version: "0.8.0" },
      versions: { vkforge: "0.1.0", deno: "2.9.6", torch: "1.13.1", swiftshader: "5.0.0" },
      variables: {
        LC_ALL: "C.UTF-8",
        TZ: "UTC",
        VK_DRIVER_FILES: "/in/swiftshader/vk_swiftshader_icd.json",
        VK_ICD_FILENAMES: "/in/swiftshader/vk_swiftshader_icd.json",
      },
    },
    digests: [
      { role: "image", name: "vulkan-sdk", sha256: digest(1) },
      { role: "plugin", name: "libvkforge_vulkan.so", sha256: digest(2), sizeBytes: 5_321_744 },
      { role: "runner", name: "vkforge-runner", sha256: digest(3), sizeBytes: 611_288 },
      { role: "driver", name: "libvk_swiftshader.so", sha256: digest(4), sizeBytes: 30_146_560 },
      { role: "model", name: "mobilenet_v2_cpu.pt", sha256: digest(5), sizeBytes: 14_210_304 },
      { role: "model", name: "mobilenet_v2_vulkan.pt", sha256: digest(6), sizeBytes: 14_198_784 },
      { role: "input", name: "input.bin", sha256: digest(7), sizeBytes: 602_112 },
    ],
    drift,
    steps: STEPS.map(([name, status, start, end]) => ({
      name,
      status,
      startMs: start * 1000,
      durationMs: (end - start) * 1000,
    })),
    models: models.map((model) => judgeModel(model, { expectDevice: "SwiftShader" })),
  });
}

/** mobilenet_v2 as measured (not judged): a CPU and a Vulkan arm of one process each, equal outputs. */
export function fixtureModel(name = "mobilenet_v2"): MeasuredModel {
  return {
    name,
    title: "MobileNet V2, 224 × 224",
    weights: { kind: "seeded" },
    arms: [
      {
        name: "cpu",
        backend: "cpu",
        title: "CPU, XNNPACK, 2 threads",
        runs: [run(0, fixtureRun("cpu", { centreMs: 31.4, seed: 1 }))],
      },
      {
        name: "vulkan",
        backend: "vulkan",
        title: "SwiftShader",
        runs: [run(1, fixtureRun("vulkan", { centreMs: 268, seed: 2 }))],
      },
    ],
    parity: [fixtureParity({ arm: "vulkan", reference: "cpu" }), fixtureParity({ reference: "golden" })],
  };
}

/** A model whose Vulkan process failed with `failure`. */
export function failedModel(name: string, failure: RunnerFailure): MeasuredModel {
  const [cpu, vulkan] = fixtureModel(name).arms;
  return {
    name,
    arms: [cpu!, {
      ...vulkan!,
      runs: [{ replicate: 0, order: 1, runner: { schema: 1, ok: false, failure, backend: "vulkan" } }],
    }],
    parity: [],
  };
}

/** A model whose Vulkan output is wrong: right in most places, far off in some. */
export function wrongModel(name: string): MeasuredModel {
  const model = fixtureModel(name);
  const wrong: ParityEntry = {
    ...fixtureParity({ arm: "vulkan", reference: "cpu" }),
    ok: false,
    reasons: ["Relative error is 0.4500, the tolerance is 1.0e-5"],
    maxAbs: 4.61,
    maxRel: 0.45,
    rmse: 0.212,
    p999Abs: 3.9,
    cosine: 0.91,
    snrDb: 7.2,
    worstIndex: [0, 417],
  };
  return { ...model, parity: [wrong] };
}

/** Parity figures of an output that matches. */
export function fixtureParity(change: Partial<ParityEntry> = {}): ParityEntry {
  return {
    output: "output",
    arm: "vulkan",
    reference: "cpu",
    tolerance: TOLERANCE,
    ok: true,
    reasons: [],
    elements: 1000,
    referenceScale: 10.25,
    maxAbs: 2.19e-8,
    maxRel: 2.14e-9,
    rmse: 6.8e-9,
    p999Abs: 2.02e-8,
    cosine: 1,
    snrDb: 168.4,
    nan: { reference: 0, actual: 0 },
    inf: { reference: 0, actual: 0 },
    allZero: { reference: false, actual: false },
    constant: { reference: false, actual: false },
    identical: false,
    worstIndex: [0, 733],
    ...change,
  };
}

/** The runner's result of a process that succeeded. */
export function fixtureRun(
  backend: Backend,
  { centreMs, seed, iterations = 30 }: {
    readonly centreMs: number;
    readonly seed: number;
    readonly iterations?: number;
  },
): SucceededRun {
  const random = seededRandom(seed);
  const sample = (scale: number): PhasedSample => {
    // Latencies have a floor and a tail on the right.
    const computeMs = centreMs * scale * (1 + 0.04 * -Math.log(1 - random()));
    const [uploadMs, downloadMs] = backend === "cpu"
      ? [0, 0]
      : [1.9 + 0.3 * random(), 0.11 + 0.03 * random()];
    return {
      uploadMs: round(uploadMs),
      computeMs: round(computeMs),
      downloadMs: round(downloadMs),
      totalMs: round(uploadMs + computeMs + downloadMs),
    };
  };
  return {
    schema: 1,
    ok: true,
    failure: null,
    backend,
    threads: 2,
    torch: { version: "1.13.1" },
    plugin: backend === "cpu" ? null : { path: "/in/plugin/lib/libvkforge_vulkan.so", sha256: digest(2) },
    model: { sha256: digest(backend === "cpu" ? 5 : 6), sizeBytes: 14_210_304 },
    device: backend === "cpu" ? null : DEVICE,
    loadMs: backend === "cpu" ? 84.2 : 131.6,
    firstRun: sample(backend === "cpu" ? 1.9 : 6.2),
    warmup: 3,
    samples: Array.from({ length: iterations }, () => ({ totalMs: sample(1).totalMs })),
    phases: backend === "cpu" ? [] : Array.from({ length: 10 }, () => sample(1.01)),
    outputsIdentical: true,
    outputs: [output(backend === "cpu" ? 8 : 9)],
    peakRssBytes: backend === "cpu" ? 271_581_184 : 492_830_720,
  };
}

const DEVICE = {
  deviceName: "SwiftShader Device (Subzero)",
  deviceType: "cpu",
  driverName: "SwiftShader driver",
  driverInfo: "",
  driverVersion: 0x01400000,
  apiVersion: "1.3.0",
  vendorId: 0x1ae0,
  deviceId: 0xc0de,
  limits: {
    maxImageDimension3D: 2048,
    maxComputeSharedMemorySize: 32_768,
    maxComputeWorkGroupInvocations: 256,
    timestampPeriod: 1,
  },
  features: { robustBufferAccess: { available: true, enabled: true } },
  queue: { familyIndex: 0, timestampValidBits: 64 },
};

const STEPS: ReadonlyArray<readonly [string, "hit" | "ran", number, number]> = [
  ["source swiftshader", "ran", 0.2, 3.1],
  ["source debian packages", "ran", 0.2, 27.8],
  ["source pytorch", "hit", 0.2, 0.2],
  ["image vulkan-sdk", "ran", 6.4, 48.9],
  ["host-runtime/source", "ran", 49, 52.3],
  ["models/mobilenet_v2/cpu", "ran", 49, 71.6],
  ["host-runtime/plugin", "ran", 52.3, 108.2],
  ["host-runtime/runner", "ran", 71.6, 96.4],
  ["models/mobilenet_v2/vulkan", "ran", 108.2, 118.9],
  ["measure mobilenet_v2", "ran", 118.9, 146.2],
];

function run(order: number, runner: SucceededRun): Run {
  const { backend, loadMs, firstRun, samples } = runner;
  const wallMs = loadMs + firstRun.totalMs + samples.reduce((sum, { totalMs }) => sum + totalMs, 600);
  return { replicate: 0, order, folder: `runs/mobilenet_v2/${backend}/0`, wallMs: round(wallMs), runner };
}

function output(seed: number): RunnerOutput {
  return {
    name: "output",
    file: "output0.json",
    dtype: "float32",
    shape: [1, 1000],
    sizeBytes: 4000,
    sha256: digest(seed),
    nan: 0,
    inf: 0,
    zero: 0,
    min: -9.12,
    max: 10.25,
  };
}

/** A digest that is one by form. */
function digest(seed: number): string {
  const random = seededRandom(seed);
  return Array.from({ length: 64 }, () => Math.floor(random() * 16).toString(16)).join("");
}

function round(ms: number): number {
  return Math.round(ms * 1e4) / 1e4;
}
