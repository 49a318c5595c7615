import { z } from "zod";
import { GpuTimes } from "./gpu_times.ts";
import { DTYPES } from "./tensor.ts";

/** A SHA-256 as 64 lower-case hex digits. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, "not a SHA-256 in lower-case hex");

const milliseconds = z.number().nonnegative();

/** Where a model ran. */
export const Backend = z.enum(["cpu", "vulkan"]);

/** Where a model ran. */
export type Backend = z.infer<typeof Backend>;

/** Failures a runner reports. */
export const RUNNER_FAILURE_CODES = [
  "usage",
  "bad-input",
  "load-failed",
  "missing-op",
  "unsupported",
  "wrong-device",
  "not-finite",
  "crash",
  "timeout",
  "out-of-memory",
  "device-lost",
  "io",
  "internal",
] as const;

/** Why a runner could not give a result. */
export const RunnerFailure = z.object({
  code: z.enum(RUNNER_FAILURE_CODES),
  message: z.string(),
  hint: z.string().optional(),
  detail: z.string().optional(),
});

/** Why a runner could not give a result. */
export type RunnerFailure = z.infer<typeof RunnerFailure>;

/**
 * One inference, host to host, in milliseconds: inputs in host memory to outputs in host memory. `atMs` is when it began,
 * since the runner's own start.
 */
export const Sample = z.object({ totalMs: milliseconds, atMs: milliseconds.optional() });

/** One inference, host to host, in milliseconds. */
export type Sample = z.infer<typeof Sample>;

/**
 * One inference with its phases timed apart: `upload` moves the inputs to the device, `compute` ends when the device is
 * done, `download` moves the outputs back. The waits between phases cost time of their own, so these inferences are not
 * among the samples.
 */
export const PhasedSample = z.object({
  uploadMs: milliseconds,
  computeMs: milliseconds,
  downloadMs: milliseconds,
  totalMs: milliseconds,
  atMs: milliseconds.optional(),
});

/** One inference with its phases timed apart. */
export type PhasedSample = z.infer<typeof PhasedSample>;

/** A tensor the runner wrote; counts are over its elements. */
export const RunnerOutput = z.object({
  name: z.string(),
  /** Header file of the tensor, beside the runner's result.json. */
  file: z.string(),
  dtype: z.enum(DTYPES),
  shape: z.array(z.int().nonnegative()),
  sizeBytes: z.int().nonnegative(),
  sha256: Sha256,
  nan: z.int().nonnegative(),
  inf: z.int().nonnegative(),
  zero: z.int().nonnegative(),
  // JSON has no NaN: null where no element is finite.
  min: z.number().nullable(),
  max: z.number().nullable(),
});

/** A tensor the runner wrote. */
export type RunnerOutput = z.infer<typeof RunnerOutput>;

/** What the Vulkan backend says about the adapter it really used. Unknown fields are kept as evidence. */
export const DeviceEvidence = z.looseObject({
  deviceName: z.string(),
  deviceType: z.union([z.string(), z.number()]).optional(),
  driverName: z.string().optional(),
  driverInfo: z.string().optional(),
  driverVersion: z.union([z.string(), z.number()]).optional(),
  apiVersion: z.union([z.string(), z.number()]).optional(),
  vendorId: z.union([z.string(), z.number()]).optional(),
  deviceId: z.union([z.string(), z.number()]).optional(),
});

/** What the Vulkan backend says about the adapter it really used. */
export type DeviceEvidence = z.infer<typeof DeviceEvidence>;

const measured = {
  /** When the process began, by its own clock. */
  startedAt: z.string().optional(),
  backend: Backend,
  threads: z.int().positive(),
  torch: z.looseObject({ version: z.string() }),
  plugin: z.object({ path: z.string(), sha256: Sha256 }).nullable(),
  model: z.object({ sha256: Sha256, sizeBytes: z.int().nonnegative() }),
  device: DeviceEvidence.nullable(),
  loadMs: milliseconds,
  /** The first inference of the process, with shader compilation and allocation in it. */
  firstRun: PhasedSample,
  /** How many inferences warmed up, and how long each took. */
  warmup: z.int().nonnegative(),
  warmupMs: z.array(milliseconds).optional(),
  /** Whether inferences no longer became faster; `null` where warm-up had a fixed length. */
  warm: z.boolean().nullish(),
  /** How many measured inferences were asked for; 0 where only the first one's outputs were wanted. */
  iterations: z.int().nonnegative().optional(),
  budgetMs: z.number().positive().nullish(),
  /** Why there are no more samples: there are all that were asked for, or the budget was used up. */
  stoppedBy: z.enum(["iterations", "budget"]).nullish(),
  /** Steady state, in run order; empty only where none were asked for. */
  samples: z.array(Sample),
  /** Steady state with the phases apart; empty or absent where there is nothing to move, as on the CPU. */
  phases: z.array(PhasedSample).optional(),
  /** The device's own clock; absent on the CPU, where none were asked for, and in results of before there was one. */
  gpu: GpuTimes.nullish(),
  /** Every inference of the process gave the same bytes. */
  outputsIdentical: z.boolean(),
  outputs: z.array(RunnerOutput),
  peakRssBytes: z.int().nonnegative(),
};

const succeeded = z.looseObject({
  schema: z.literal(1),
  ok: z.literal(true),
  failure: z.null(),
  ...measured,
}).refine(({ samples, iterations }) => samples.length > 0 || iterations === 0, {
  message: "a run that succeeded must have samples",
  path: ["samples"],
});

const failed = z.looseObject({
  schema: z.literal(1),
  ok: z.literal(false),
  failure: RunnerFailure,
  ...nullish(measured),
});

/** Whatever was not known yet when it failed is null or absent. */
function nullish<T extends Readonly<Record<string, z.ZodType>>>(shape: T) {
  const entries = Object.entries(shape).map(([key, type]) => [key, type.nullish()]);
  return Object.fromEntries(entries) as { [K in keyof T]: z.ZodOptional<z.ZodNullable<T[K]>> };
}

/** `result.json` of one runner process (schema 1). Unknown fields are kept. */
export const RunnerResult = z.discriminatedUnion("ok", [succeeded, failed]);

/** `result.json` of one runner process (schema 1). */
export type RunnerResult = z.infer<typeof RunnerResult>;

/** A runner result that holds measurements. */
export type SucceededRun = z.infer<typeof succeeded>;
