/**
 * Made-up timestamps of a device, for tests, benchmarks and for looking at reports. Marked like everything of
 * {@linkcode fixtureResult}.
 *
 * @module
 */
import type { GpuOp, GpuTimes } from "../gpu_times.ts";
import type { MeasuredModel } from "../judge.ts";
import { seededRandom } from "../random.ts";
import type { RunnerResult } from "../runner_result.ts";

/** What to vary in {@linkcode fixtureGpuTimes}. */
export interface GpuFixtureOptions {
  readonly seed?: number;
  /** Inferences that were timed; 3 unless given. */
  readonly runs?: number;
  /** Calls of operators in an inference; those of MobileNetV2, 67, unless given. */
  readonly calls?: number;
  /** What all commands of the compute phase take together, about; 160 ms unless given. */
  readonly computeMs?: number;
}

/** The timestamps of one process. Every operator of the list has a name, shapes and a weight of its own. */
export function fixtureGpuTimes(options: GpuFixtureOptions = {}): GpuTimes {
  const { seed = 1, runs = 3, calls = 67, computeMs = 160 } = options;
  const random = seededRandom(seed);
  const graph = Array.from({ length: calls }, (_, index) => callAt(index, calls));
  const weight = graph.reduce((sum, call) => sum + call.weight, 0);
  const ops = graph.map(({ name, shapes, weight: own, commands }, index): GpuOp => ({
    index,
    name,
    shapes: shapes.map((shape) => [...shape]),
    commands,
    busyMs: Array.from({ length: runs }, () => round(computeMs * own / weight * (1 + 0.05 * random()))),
  }));
  const commands = ops.reduce((sum, op) => sum + op.commands, 0);
  return {
    source: "timestamps",
    runs: Array.from({ length: runs }, (_, run) => {
      const busyMs = round(ops.reduce((sum, op) => sum + op.busyMs[run]!, 0));
      return {
        atMs: 9_000 + 300 * run,
        totalMs: round(busyMs * 1.7 + 4),
        upload: { busyMs: 0.41, spanMs: 0.44, commands: 2 },
        compute: { busyMs, spanMs: round(busyMs * 1.12), commands },
        download: { busyMs: 0.021, spanMs: 0.021, commands: 2 },
      };
    }),
    ops,
  };
}

/** The model with timestamps in every process of its Vulkan arms; another seed for each process. */
export function withGpuTimes(
  model: MeasuredModel,
  timesOf: (process: number) => GpuTimes = (process) => fixtureGpuTimes({ seed: process + 1 }),
): MeasuredModel {
  return {
    ...model,
    arms: model.arms.map((arm) =>
      arm.backend === "cpu" ? arm : {
        ...arm,
        runs: arm.runs.map((run, process) => ({
          ...run,
          runner: { ...run.runner, gpu: timesOf(process) } as RunnerResult,
        })),
      }
    ),
  };
}

interface Call {
  readonly name: string;
  readonly shapes: ReadonlyArray<readonly number[]>;
  readonly weight: number;
  readonly commands: number;
}

/** Mostly convolutions, as networks for images are, and some operators that come seldom. */
function callAt(index: number, calls: number): Call {
  const progress = index / calls;
  const side = 112 >> Math.floor(progress * 5);
  const channels = 24 + 8 * Math.floor(progress * 20);
  const shape = [1, channels, side, side];
  if (index === calls - 1) {
    return { name: "vulkan_prepack::run_linear_context", shapes: [[1, 1280]], weight: 1.2, commands: 1 };
  }
  if (index === calls - 2) {
    return { name: "aten::mean", shapes: [[1, 1280, 7, 7]], weight: 0.5, commands: 1 };
  }
  const odd = SELDOM[Math.floor(index / 11) % SELDOM.length]!;
  if (index % 11 === 10) return { name: odd, shapes: [shape], weight: 0.9 + (index % 4) / 2, commands: 2 };
  if (index % 6 === 5) return { name: "aten::add", shapes: [shape, shape], weight: 0.8, commands: 1 };
  if (index % 4 === 3) return { name: "aten::clamp", shapes: [shape], weight: 0.5, commands: 1 };
  const isClamped = index % 3 > 0;
  return {
    name: `vulkan_prepack::run_conv2d_${isClamped ? "clamp_" : ""}context`,
    shapes: [shape],
    weight: 3 - 2 * progress + (index % 3),
    commands: 1,
  };
}

const SELDOM = [
  "aten::cat",
  "aten::upsample_bilinear2d",
  "aten::leaky_relu_",
  "aten::slice",
  "aten::sigmoid",
  "aten::max_pool2d",
  "aten::hardswish",
  "aten::mul",
  "aten::softmax",
  "aten::permute",
  "vulkan_prepack::run_tconv2d_context",
  "aten::instance_norm",
  "aten::reflection_pad2d",
  "aten::sub",
];

function round(ms: number): number {
  return Math.round(ms * 1e6) / 1e6;
}
