/**
 * What the device's own timestamps come to, over all processes of an arm.
 *
 * @module
 */
import type { GpuOp, GpuPhase, GpuTimes } from "./gpu_times.ts";
import { succeededRuns } from "./judge.ts";
import type { Run } from "./schema.ts";
import { quantile } from "./statistics.ts";

/** Phases of an inference, in their order. */
export const PHASES = ["upload", "compute", "download"] as const;

/** A phase of an inference. */
export type Phase = typeof PHASES[number];

/** All calls of one operator in an inference. */
export interface OperatorTime {
  readonly name: string;
  /** Per inference. */
  readonly calls: number;
  /** Dispatches and copies of all its calls, per inference. */
  readonly commands: number;
  /** Median over inferences of the time of all its calls. */
  readonly busyMs: number;
  /** Of the compute phase's `busyMs` in the same inferences, from 0 to 1. */
  readonly share: number;
}

/** One place of the graph that calls an operator. */
export interface CallTime extends OperatorTime {
  /** Place among the calls of an inference, from 0. */
  readonly index: number;
  readonly shapes: ReadonlyArray<readonly number[]>;
}

/** Times on the device's clock; all figures are medians over inferences. */
export interface GpuTimestamps {
  readonly source: "timestamps";
  /** Processes that have such times. */
  readonly processes: number;
  readonly inferences: number;
  /** Wall time of these inferences, to which timestamps and the waits between the phases add. */
  readonly totalMs: number;
  readonly phases: Readonly<Record<Phase, GpuPhase>>;
  /** Longest first. */
  readonly operators: readonly OperatorTime[];
  /** Longest first, all of them. */
  readonly calls: readonly CallTime[];
  /** Of the compute phase, what no operator of the list accounts for. */
  readonly outside: Pick<OperatorTime, "busyMs" | "share">;
  /** Processes that count in the phases but not in operators and calls. */
  readonly leftOut: number;
}

/** The phases are known as fenced wall times only. */
export interface NoGpuTimestamps {
  readonly source: "none";
  readonly reason: string;
}

/** What the device's own timestamps come to. */
export type GpuSummary = GpuTimestamps | NoGpuTimestamps;

/**
 * Summarises the timestamps of an arm, all its successful processes pooled; `null` where no process says anything about
 * them, as on the CPU and in results of before there were any.
 *
 * A call is the same one in two processes only if both called the same operators with the same shapes and as many
 * commands, all along. Operators and calls are those of the sequence that most processes have (of several, the first
 * one's). Processes with another sequence count in the phases only, as do those whose own inferences differ: they list
 * no operators, or a call that lacks times. `leftOut` says how many there are.
 */
export function gpuSummary(arm: { readonly runs: readonly Run[] }): GpuSummary | null {
  const known = succeededRuns(arm).flatMap(({ gpu }) => gpu ? [gpu] : []);
  if (known.length === 0) return null;
  const timed = known.filter(({ source, runs }) => source === "timestamps" && runs.length > 0);
  if (timed.length === 0) {
    const reasons = new Set(known.flatMap(({ reason }) => reason ? [reason] : []));
    return { source: "none", reason: [...reasons].join("; ") || "no inference was timed by the device" };
  }
  const runs = timed.flatMap((process) => process.runs);
  const alike = processesAlike(timed);
  const phase = (name: Phase): GpuPhase => ({
    busyMs: median(runs.map((run) => run[name].busyMs)),
    spanMs: median(runs.map((run) => run[name].spanMs)),
    commands: Math.round(median(runs.map((run) => run[name].commands))),
  });
  return {
    source: "timestamps",
    processes: timed.length,
    inferences: runs.length,
    totalMs: median(runs.map(({ totalMs }) => totalMs)),
    phases: { upload: phase("upload"), compute: phase("compute"), download: phase("download") },
    ...operatorsOf(alike),
    leftOut: timed.length - alike.length,
  };
}

/** The processes of the commonest sequence of calls. */
function processesAlike(timed: readonly GpuTimes[]): readonly GpuTimes[] {
  const whole = timed.filter(({ ops, runs }) =>
    ops.length > 0 && ops.every(({ busyMs }) => busyMs.length === runs.length)
  );
  const groups = Map.groupBy(whole, sequenceOf).values().toArray();
  // Sorting is stable: of several, the first.
  return groups.toSorted((a, b) => b.length - a.length)[0] ?? [];
}

function sequenceOf({ ops }: GpuTimes): string {
  return JSON.stringify(ops.map(({ index, name, shapes, commands }) => [index, name, shapes, commands]));
}

/** Of processes with the same calls. */
function operatorsOf(
  processes: readonly GpuTimes[],
): Pick<GpuTimestamps, "operators" | "calls" | "outside"> {
  const [first] = processes;
  if (first === undefined) return { operators: [], calls: [], outside: { busyMs: 0, share: 0 } };
  const computed = processes.flatMap(({ runs }) => runs.map(({ compute }) => compute.busyMs));
  const whole = median(computed);
  const share = (busyMs: number) => whole === 0 ? 0 : busyMs / whole;
  /** Of the calls at these places together, for each inference of all processes. */
  const timesOf = (places: readonly number[]) =>
    processes.flatMap(({ ops, runs }) =>
      runs.map((_, run) => places.reduce((sum, place) => sum + ops[place]!.busyMs[run]!, 0))
    );
  const timeOf = (name: string, places: readonly number[]): OperatorTime => {
    const busyMs = median(timesOf(places));
    const commands = places.reduce((sum, place) => sum + first.ops[place]!.commands, 0);
    return { name, calls: places.length, commands, busyMs, share: share(busyMs) };
  };
  const places = first.ops.map((_, place) => place);
  const byName = Map.groupBy(places, (place) => first.ops[place]!.name);
  const inOperators = timesOf(places);
  // Sums of rounded times may lie above the phase's by a little.
  const outsideMs = median(computed.map((busyMs, run) => Math.max(0, busyMs - inOperators[run]!)));
  return {
    operators: [...byName].map(([name, own]) => timeOf(name, own)).toSorted(longestFirst),
    calls: first.ops.map(({ index, name, shapes }: GpuOp, place) => ({
      ...timeOf(name, [place]),
      index,
      shapes,
    })).toSorted(longestFirst),
    outside: { busyMs: outsideMs, share: share(outsideMs) },
  };
}

function longestFirst(a: OperatorTime, b: OperatorTime): number {
  return b.busyMs - a.busyMs;
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
