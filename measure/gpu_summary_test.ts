import { describe, expect, it } from "vitest";
import { gpuSummary, type GpuTimestamps } from "./gpu_summary.ts";
import type { GpuTimes } from "./gpu_times.ts";
import type { Run } from "./schema.ts";
import { fixtureRun } from "./testdata/fixture.ts";
import { fixtureGpuTimes } from "./testdata/gpu_fixture.ts";

describe("gpuSummary()", () => {
  it("gives null where nothing is said of timestamps", () => {
    expect(gpuSummary({ runs: [] })).toBe(null);
    expect(gpuSummary(armOf(undefined))).toBe(null);
    expect(gpuSummary(armOf(null))).toBe(null);
  });

  it("ignores processes that failed", () => {
    const failure = { code: "crash" as const, message: "SIGSEGV" };
    const runner = { schema: 1 as const, ok: false as const, failure, gpu: fixtureGpuTimes() };
    expect(gpuSummary({ runs: [{ replicate: 0, order: 0, runner }] })).toBe(null);
  });

  it("gives each reason once", () => {
    const none = (reason: string | null): GpuTimes => ({ source: "none", reason, runs: [], ops: [] });
    expect(gpuSummary(armOf(none("No valid bits"), none("No valid bits"), none("Other")))).toEqual({
      source: "none",
      reason: "No valid bits; Other",
    });
    expect(gpuSummary(armOf(none(null)))).toMatchObject({ reason: "no inference was timed by the device" });
    expect(gpuSummary(armOf({ ...none(null), source: "timestamps" }))).toMatchObject({ source: "none" });
  });

  it("pools the inferences of all processes", () => {
    const summary = timestamps(
      times({ compute: [4, 6], calls: [["a", [4, 6]]] }),
      times({ compute: [8], calls: [["a", [8]]] }),
      { source: "none", reason: "Lost", runs: [], ops: [] },
    );
    expect(summary).toMatchObject({ processes: 2, inferences: 3, leftOut: 0, totalMs: 12 });
    expect(summary.phases.compute).toEqual({ busyMs: 6, spanMs: 7, commands: 1 });
    expect(summary.phases.upload).toEqual({ busyMs: 0.5, spanMs: 0.5, commands: 2 });
  });

  it("adds up the calls of an operator within each inference, before the median", () => {
    // In turn slow: the median of each call is 1 or 9, both together always take 10.
    const { operators } = timestamps(times({
      compute: [20, 20, 20],
      calls: [["a", [1, 9, 1]], ["b", [4, 5, 6]], ["a", [9, 1, 9]]],
    }));
    expect(operators).toEqual([
      { name: "a", calls: 2, commands: 2, busyMs: 10, share: 0.5 },
      { name: "b", calls: 1, commands: 1, busyMs: 5, share: 0.25 },
    ]);
  });

  it("sorts calls by their own time, and keeps their places and shapes", () => {
    const { calls } = timestamps(times({ compute: [10], calls: [["a", [1]], ["b", [6]], ["a", [3]]] }));
    expect(calls.map(({ index, name, busyMs }) => [index, name, busyMs])).toEqual([
      [10, "b", 6],
      [20, "a", 3],
      [0, "a", 1],
    ]);
    expect(calls[0]!.shapes).toEqual([[1, 1]]);
  });

  it("tells what no operator accounts for, never less than nothing", () => {
    expect(timestamps(times({ compute: [10], calls: [["a", [7]]] })).outside).toEqual({
      busyMs: 3,
      share: 0.3,
    });
    expect(timestamps(times({ compute: [10], calls: [["a", [10.001]]] })).outside).toEqual({
      busyMs: 0,
      share: 0,
    });
  });

  it("takes the operators of the commonest sequence, and counts the others", () => {
    const common = times({ compute: [10], calls: [["a", [4]], ["b", [6]]] });
    const other = times({ compute: [40], calls: [["b", [30]], ["a", [10]]] });
    const summary = timestamps(other, common, common);
    expect(summary.leftOut).toBe(1);
    expect(summary.phases.compute.busyMs).toBe(10);
    expect(summary.operators).toEqual([
      { name: "b", calls: 1, commands: 1, busyMs: 6, share: 0.6 },
      { name: "a", calls: 1, commands: 1, busyMs: 4, share: 0.4 },
    ]);
    expect(timestamps(other, common).operators[0]!.busyMs).toBe(30);
  });

  it("tells sequences apart by shapes and by commands too", () => {
    const one = times({ compute: [10], calls: [["a", [4]]] });
    const changed = (change: Partial<GpuTimes["ops"][number]>) => ({
      ...one,
      ops: one.ops.map((op) => ({ ...op, ...change })),
    });
    expect(timestamps(one, changed({ shapes: [[1, 2]] })).leftOut).toBe(1);
    expect(timestamps(one, changed({ commands: 2 })).leftOut).toBe(1);
    expect(timestamps(one, changed({})).leftOut).toBe(0);
  });

  it("leaves out a process whose inferences differ among themselves", () => {
    const unlike = { ...times({ compute: [30, 30], calls: [["a", [1, 1]]] }), ops: [] };
    expect(timestamps(unlike, unlike)).toMatchObject({
      leftOut: 2,
      operators: [],
      calls: [],
      outside: { busyMs: 0 },
    });
    const alike = times({ compute: [10], calls: [["a", [5]]] });
    expect(timestamps(unlike, unlike, alike)).toMatchObject({
      leftOut: 2,
      inferences: 5,
      outside: { busyMs: 5, share: 0.5 },
    });
  });

  it("leaves out a process in which a call lacks a time", () => {
    const short = times({ compute: [10, 10], calls: [["a", [4]]] });
    expect(timestamps(short)).toMatchObject({ leftOut: 1, operators: [], calls: [], outside: { busyMs: 0 } });
    const whole = times({ compute: [10], calls: [["a", [5]]] });
    expect(timestamps(short, whole)).toMatchObject({ leftOut: 1, inferences: 3 });
    expect(timestamps(short, whole).operators[0]!.busyMs).toBe(5);
  });

  it("has no share of nothing", () => {
    expect(timestamps(times({ compute: [0], calls: [["a", [0]]] })).operators[0]!.share).toBe(0);
  });
});

function timestamps(...processes: readonly GpuTimes[]): GpuTimestamps {
  const summary = gpuSummary(armOf(...processes));
  if (summary?.source !== "timestamps") throw new Error("No timestamps");
  return summary;
}

function armOf(...processes: ReadonlyArray<GpuTimes | null | undefined>): { readonly runs: readonly Run[] } {
  const runs = processes.map((gpu, replicate): Run => {
    const runner = fixtureRun("vulkan", { centreMs: 90, seed: replicate, iterations: 1 });
    return { replicate, order: replicate, runner: gpu === undefined ? runner : { ...runner, gpu } };
  });
  return { runs };
}

function times({ compute, calls }: {
  readonly compute: readonly number[];
  readonly calls: ReadonlyArray<readonly [name: string, busyMs: readonly number[]]>;
}): GpuTimes {
  return {
    source: "timestamps",
    runs: compute.map((busyMs, run) => ({
      atMs: run,
      totalMs: busyMs * 2,
      upload: { busyMs: 0.5, spanMs: 0.5, commands: 2 },
      compute: { busyMs, spanMs: busyMs + 1, commands: calls.length },
      download: { busyMs: 0.1, spanMs: 0.1, commands: 2 },
    })),
    // Places have gaps: operators without a command are left out.
    ops: calls.map(([name, busyMs], place) => ({
      index: 10 * place,
      name,
      shapes: [[1, place]],
      commands: 1,
      busyMs: [...busyMs],
    })),
  };
}
