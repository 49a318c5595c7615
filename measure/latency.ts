import type { Arm, Latency, Run } from "./schema.ts";
import { describeSamples } from "./statistics.ts";

/**
 * Statistics of the steady state of an arm, all its successful processes pooled; `null` if there is none. First runs and
 * warm-up are not in it.
 */
export function latencyOf(runs: readonly Run[]): Latency | null {
  const succeeded = runs.flatMap(({ runner }) => runner.ok ? [runner] : []);
  const samples = succeeded.flatMap((run) => run.samples);
  const phases = succeeded.flatMap((run) => run.phases ?? []);
  if (samples.length === 0) return null;
  return {
    total: describeSamples(samples.map((sample) => sample.totalMs)),
    phases: phases.length === 0 ? null : {
      upload: describeSamples(phases.map((phase) => phase.uploadMs)),
      compute: describeSamples(phases.map((phase) => phase.computeMs)),
      download: describeSamples(phases.map((phase) => phase.downloadMs)),
    },
  };
}

/** Statistics of loading and of the first inference, one value for each successful process; `null` if there is none. */
export function startupOf(runs: readonly Run[]): NonNullable<Arm["startup"]> | null {
  const succeeded = runs.flatMap(({ runner }) => runner.ok ? [runner] : []);
  if (succeeded.length === 0) return null;
  return {
    load: describeSamples(succeeded.map(({ loadMs }) => loadMs)),
    firstRun: describeSamples(succeeded.map(({ firstRun }) => firstRun.totalMs)),
  };
}
