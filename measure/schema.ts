import { z } from "zod";
import { RUNNER_FAILURE_CODES, RunnerResult, Sha256 } from "./runner_result.ts";
import { TargetEvidence } from "./targets/evidence.ts";

const figure = z.number().nullable();
const count = z.int().nonnegative();

function both<T extends z.ZodType>(type: T) {
  return z.object({ reference: type, actual: type });
}

const Interval = z.object({ level: z.number(), low: z.number(), high: z.number() });

const Statistics = z.object({
  n: count,
  min: z.number(),
  median: z.number(),
  p90: z.number(),
  p99: z.number(),
  max: z.number(),
  mean: z.number(),
  mad: z.number(),
  cv: figure,
  medianInterval: Interval.nullable(),
});

/** Statistics of the steady state of one arm, all replicates pooled, in milliseconds. */
export const Latency = z.object({
  /** Host to host, without waits in between. */
  total: Statistics,
  /** Phases of inferences of their own, with waits in between; `null` where they were not timed. */
  phases: z.object({ upload: Statistics, compute: Statistics, download: Statistics }).nullable(),
});

/** Statistics of the steady state of one arm. */
export type Latency = z.infer<typeof Latency>;

const Tolerance = z.object({ maxRel: z.number(), minCosine: z.number() });

/** One output tensor of one arm against its reference. */
export const ParityEntry = z.object({
  output: z.string(),
  /** The arm that was judged. */
  arm: z.string(),
  /** Which of the arm's processes, where it has several. */
  replicate: count.optional(),
  /** What it was judged against: the name of another arm, or "golden". */
  reference: z.string(),
  tolerance: Tolerance,
  ok: z.boolean(),
  reasons: z.array(z.string()),
  elements: count,
  referenceScale: figure,
  maxAbs: figure,
  maxRel: figure,
  rmse: figure,
  p999Abs: figure,
  cosine: figure,
  snrDb: figure,
  nan: both(count),
  inf: both(count),
  allZero: both(z.boolean()),
  constant: both(z.boolean()),
  identical: z.boolean(),
  worstIndex: z.array(count).readonly().nullable(),
}).readonly();

/** One output tensor of one arm against its reference. */
export type ParityEntry = z.infer<typeof ParityEntry>;

/** What is checked of each model; JUnit test cases and the report follow this list. */
export const CheckName = z.enum(["load", "run", "device", "parity", "determinism"]);

/** What is checked of each model. */
export type CheckName = z.infer<typeof CheckName>;

/** Codes of failures: those of the runner, and those found by judging what it gave. */
export const FailureCode = z.enum([
  ...RUNNER_FAILURE_CODES,
  "not-run",
  "no-device",
  "device-changed",
  "parity",
  "not-compared",
  "not-deterministic",
]);

/** Why a model failed. */
export const Failure = z.object({
  check: CheckName,
  /** The arm it happened in, where it belongs to one. */
  arm: z.string().optional(),
  code: FailureCode,
  message: z.string(),
  hint: z.string().optional(),
});

/** Why a model failed. */
export type Failure = z.infer<typeof Failure>;

/** One process: one replicate of one arm. */
export const Run = z.object({
  /** Counts from 0 within the arm. */
  replicate: count,
  /** Place in the order in which all processes of this model ran, from 0. */
  order: count,
  /** Where the runner's own files lie, relative to the result folder. */
  folder: z.string().optional(),
  /** From start of the process to its end. */
  wallMs: z.number().nonnegative().optional(),
  runner: RunnerResult,
});

/** One process: one replicate of one arm. */
export type Run = z.infer<typeof Run>;

/** One way of running a model; what is compared with another arm. */
export const Arm = z.object({
  name: z.string(),
  backend: z.enum(["cpu", "vulkan"]),
  /** For people, for example "CPU, XNNPACK, 2 threads". */
  title: z.string().optional(),
  /** Which golden input it ran on, from 0; the first unless given. */
  sample: count.optional(),
  runs: z.array(Run),
  /** `null` if no process of this arm has samples. */
  latency: Latency.nullable(),
  /** Over processes; absent if none succeeded, and in results of before there was one. */
  startup: z.object({ load: Statistics, firstRun: Statistics }).optional(),
});

/** One way of running a model. */
export type Arm = z.infer<typeof Arm>;

/** A model's Vulkan arm against its fastest CPU arm; the unit is a process, by the median of its steady state. */
export const ArmsComparison = z.object({
  /** The CPU arm that stands for the CPU. */
  base: z.string(),
  /** The Vulkan arm. */
  arm: z.string(),
  /** Median of `arm` over median of `base`: 0.5 says that Vulkan takes half the time. */
  ratio: figure,
  /** Bootstrap interval of the ratio; `null` where there is no verdict. */
  interval: Interval.nullable(),
  /** Mann-Whitney, two-sided. */
  p: figure,
  /** Adjusted for all models of the result, by Holm's method. */
  adjustedP: figure,
  /** A ratio within 1 + this, or its inverse, is no difference: 3 %, or the noise where it is larger. */
  threshold: z.number(),
  noise: figure,
  processes: z.object({ base: count, arm: count }),
  /** Each arm against itself: `ratio` of its odd processes over its even ones, `noise` as a fraction. */
  aa: z.array(z.object({ arm: z.string(), ratio: figure, noise: figure })),
  /** What Vulkan is beside the CPU. */
  verdict: z.enum(["faster", "slower", "no-difference", "invalid"]),
  /** Why it is invalid. */
  reason: z.string().optional(),
  /** Vulkan on the CPU: the verdict says nothing about a GPU. */
  software: z.boolean(),
});

/** A model's Vulkan arm against its fastest CPU arm. */
export type ArmsComparison = z.infer<typeof ArmsComparison>;

/** All that was measured of one model, and the verdict. */
export const ModelResult = z.object({
  name: z.string(),
  title: z.string().optional(),
  ok: z.boolean(),
  failures: z.array(Failure),
  /** For example { kind: "seeded" }, or { kind: "pretrained", sha256: … }. */
  weights: z.object({ kind: z.string(), sha256: Sha256.optional() }).optional(),
  /** What the timed arms ran on, by content; absent in results of before it was recorded. */
  inputs: z.array(z.object({ name: z.string(), shape: z.array(count), sha256: Sha256 })).optional(),
  arms: z.array(Arm),
  parity: z.array(ParityEntry),
  /** Absent where it lacks one of the arms, and in results of before there was one. */
  comparison: ArmsComparison.optional(),
});

/** All that was measured of one model, and the verdict. */
export type ModelResult = z.infer<typeof ModelResult>;

/** The Vulkan device that did the work, as the backend itself reported it. */
export const Device = z.object({
  name: z.string(),
  driver: z.string(),
  type: z.string().optional(),
  apiVersion: z.string().optional(),
  vendorId: z.string().optional(),
  deviceId: z.string().optional(),
  /** Vulkan on the CPU: timings say nothing about a GPU. */
  software: z.boolean(),
  /** Everything else the backend said: limits, features, queue properties. */
  evidence: z.record(z.string(), z.unknown()),
});

/** The Vulkan device that did the work. */
export type Device = z.infer<typeof Device>;

/** An input that is not the one the lock names. */
export const Drift = z.object({
  /** For example "debian:libtorch1.13". */
  subject: z.string(),
  locked: z.string(),
  used: z.string(),
  reason: z.string().optional(),
});

/** An input that is not the one the lock names. */
export type Drift = z.infer<typeof Drift>;

/** A file that took part, by content. */
export const Digest = z.object({
  /** What it is: "runtime", "plugin", "runner", "driver", "image", "model", "input", "golden", "lock", … */
  role: z.string(),
  name: z.string(),
  sha256: Sha256,
  sizeBytes: count.optional(),
});

/** A file that took part, by content. */
export type Digest = z.infer<typeof Digest>;

/** A step of the command and when it ran. */
export const StepTiming = z.object({
  name: z.string(),
  id: z.string().optional(),
  /** "hit": taken from the store. */
  status: z.enum(["hit", "ran", "failed"]),
  /** Since the start of the command. */
  startMs: z.number().nonnegative(),
  durationMs: z.number().nonnegative(),
});

/** A step of the command and when it ran. */
export type StepTiming = z.infer<typeof StepTiming>;

/** The machine and sandbox the measurement ran in. */
export const Environment = z.object({
  os: z.string(),
  kernel: z.string().optional(),
  arch: z.string(),
  cpu: z.object({
    model: z.string(),
    /** CPUs this process may use. */
    logical: z.int().positive(),
    physical: z.int().positive().optional(),
  }),
  memoryBytes: count.optional(),
  /** Load average of the last minute, before measuring. */
  loadBefore: z.number().nonnegative().optional(),
  sandbox: z.object({ driver: z.string(), version: z.string().optional() }).optional(),
  /** Versions of tools: deno, vkforge, torch, … */
  versions: z.record(z.string(), z.string()),
  /** The whole environment the runner was given, except secrets (it has none). */
  variables: z.record(z.string(), z.string()),
});

/** The machine and sandbox the measurement ran in. */
export type Environment = z.infer<typeof Environment>;

/** Name of a result folder: UTC time and eight hex digits. */
export const ResultId = z.string().regex(/^\d{8}T\d{6}Z-[0-9a-f]{8}$/);

/** `result.json` of a result folder (schema 1): everything the tables, reports and later comparisons are made from. */
export const Result = z.object({
  schema: z.literal(1),
  id: ResultId,
  command: z.string(),
  /** Options of the command that shape the result, defaults included. */
  options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  /** False if the command was cut short; what was measured so far is here. */
  complete: z.boolean(),
  /** The verdict: complete, at least one model, and every model ok. */
  ok: z.boolean(),
  /** For example { name: "swiftshader" }, { name: "adb", address: "emulator-5554" }. */
  target: z.object({ name: z.string(), address: z.string().optional() }),
  device: Device.nullable(),
  /** Of a device that is not this machine: what it is and how it did. */
  evidence: TargetEvidence.optional(),
  environment: Environment,
  digests: z.array(Digest),
  drift: z.array(Drift),
  steps: z.array(StepTiming),
  models: z.array(ModelResult),
  /** Marks made-up numbers; reports say so in large letters. */
  fixture: z.boolean().optional(),
});

/** Everything one measurement found; see docs/results.md. */
export type Result = z.infer<typeof Result>;
