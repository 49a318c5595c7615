/**
 * Where the time goes on the device, by its own timestamps.
 *
 * @module
 */
import { z } from "zod";

const milliseconds = z.number().nonnegative();
const count = z.int().nonnegative();

/** The commands of one phase of an inference on the device's clock. */
export const GpuPhase = z.object({
  /** Time in which the device ran the commands: sum over commands, which follow one another. */
  busyMs: milliseconds,
  /** From the first command's begin to the last one's end. What it is longer than `busyMs`, the device waited. */
  spanMs: milliseconds,
  /** Dispatches and copies. */
  commands: count,
});

/** The commands of one phase of an inference on the device's clock. */
export type GpuPhase = z.infer<typeof GpuPhase>;

/** An operator that the model's graph calls, in one place of it. Those without a command (views, shapes) are left out. */
export const GpuOp = z.object({
  /** Place among the calls of an inference, from 0. */
  index: count,
  /** For example "vulkan_prepack::run_conv2d_context". */
  name: z.string(),
  /** Shapes of its tensor arguments. */
  shapes: z.array(z.array(count)),
  commands: count,
  /** Time of its commands, for each run that was timed. */
  busyMs: z.array(milliseconds),
});

/** An operator that the model's graph calls, in one place of it. */
export type GpuOp = z.infer<typeof GpuOp>;

/** Inferences that had each command timed by the device, after those that count: timestamps cost time of their own. */
export const GpuTimes = z.object({
  /** "none": the device or the backend has no timestamps, and phases are known as fenced wall times only. */
  source: z.enum(["timestamps", "none"]),
  /** Why there are none. */
  reason: z.string().nullish(),
  runs: z.array(z.object({
    /** When it began, since the runner's own start. */
    atMs: milliseconds,
    /** Wall time, host to host, with waits between the phases. */
    totalMs: milliseconds,
    upload: GpuPhase,
    compute: GpuPhase,
    download: GpuPhase,
  })),
  /** Of the compute phase, in the order of their calls. */
  ops: z.array(GpuOp),
});

/** Inferences that had each command timed by the device. */
export type GpuTimes = z.infer<typeof GpuTimes>;
