/**
 * What a result records about the machine and about the time that steps took.
 *
 * @module
 */
import { cpus, release, type } from "node:os";
import type { Event, Host } from "../engine/mod.ts";
import type { Environment, StepTiming } from "../measure/mod.ts";
import config from "../deno.json" with { type: "json" };

/** What the runner was given, besides the machine. */
export interface RunSurroundings {
  readonly sandbox: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** The machine and the sandbox, as a result records them. */
export function environmentOf(host: Host, { sandbox, variables }: RunSurroundings): Environment {
  return {
    os: type(),
    kernel: release(),
    arch: host.machine.architecture,
    cpu: { model: cpus()[0]?.model ?? "unknown", logical: host.machine.cpus },
    memoryBytes: host.machine.memoryBytes,
    sandbox: { driver: sandbox },
    versions: { deno: Deno.version.deno, vkforge: config.version },
    variables,
  };
}

/** When each step ran, from the engine's events. */
export function stepTimings(
  events: ReadonlyArray<{ readonly atMs: number; readonly event: Event }>,
): StepTiming[] {
  const timings: StepTiming[] = [];
  let downloadStart: number | undefined;
  let downloadEnd = 0;
  for (const { atMs, event } of events) {
    switch (event.type) {
      case "fetch-start":
        downloadStart ??= atMs;
        break;
      case "fetch-end":
        downloadEnd = atMs;
        break;
      case "image-end":
        timings.push({
          name: `image/${event.name}`,
          status: "ran",
          startMs: Math.max(0, atMs - event.durationMs),
          durationMs: event.durationMs,
        });
        break;
      case "step-end":
        timings.push({
          name: event.name,
          id: event.id,
          status: event.outcome === "hit" ? "hit" : event.outcome === "built" ? "ran" : "failed",
          startMs: Math.max(0, atMs - event.durationMs),
          durationMs: event.durationMs,
        });
        break;
    }
  }
  if (downloadStart !== undefined) {
    timings.push({
      name: "downloads",
      status: "ran",
      startMs: downloadStart,
      durationMs: Math.max(0, downloadEnd - downloadStart),
    });
  }
  return timings;
}
