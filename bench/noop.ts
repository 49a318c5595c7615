/**
 * What it costs to find that there is nothing to do.
 *
 * The same graph for vkforge's engine, wireit and Turborepo: each builds it, runs twice more to warm up, and is then
 * timed, one after the other in turn, so that whatever else the machine does weighs on all alike. Then vkforge alone
 * over growing graphs. Needs the network for npm's packages and, the first time, Debian's.
 *
 * @module
 */
import { join } from "node:path";
import { formatBytes, layoutTable } from "../ui/format.ts";
import { median, type PartResult, Skipped } from "./measure.ts";
import type { GraphSize } from "./noop/graph.ts";
import { type Run, run, type System, which } from "./noop/system.ts";
import { turborepoSystems } from "./noop/turborepo.ts";
import { type VkforgeRun, vkforgeSystem } from "./noop/vkforge.ts";
import { wireitSystem } from "./noop/wireit.ts";

/** One system's times. */
interface Timing {
  readonly system: string;
  readonly medianMs: number;
  readonly fastestMs: number;
  /** How often vkforge's median fits into this one. */
  readonly ratio: number;
}

/** One size of vkforge's own table. */
interface Scale extends GraphSize {
  readonly medianMs: number;
  readonly fastestMs: number;
  readonly peakBytes: number;
}

/** Steps grow, then files, then both. */
const SIZES: readonly GraphSize[] = [
  { steps: 50, files: 1_000 },
  { steps: 50, files: 10_000 },
  { steps: 50, files: 100_000 },
  { steps: 200, files: 10_000 },
  { steps: 1_000, files: 10_000 },
  { steps: 2_000, files: 10_000 },
  { steps: 2_000, files: 100_000 },
];

/** What to measure. */
export interface NoopOptions {
  /** Empty, and the caller's to remove. */
  readonly folder: string;
  readonly size: GraphSize;
  readonly runs: number;
}

/**
 * A no-op of vkforge beside the others'.
 *
 * @throws {Skipped} where npm or git is not installed
 */
export async function measureNoop({ folder, size, runs }: NoopOptions): Promise<PartResult> {
  for (const program of ["npm", "git"]) {
    if (which(program) === undefined) throw new Skipped(`"${program}" is not installed`);
  }
  const timings = await compare(folder, { size, runs });
  const [, ...others] = timings;
  const figures = others.map(({ system, ratio }) => ({
    what: `no-op of ${size.steps} steps and ${size.files} files: ${system} beside vkforge`,
    value: ratio,
    unit: "×",
    // The native program alone is no command that a user would type.
    ...(system.includes("alone") ? {} : { goal: { atLeast: 1 } }),
  }));
  return { figures, lines: comparisonLines(timings, size) };
}

/** How vkforge's no-op grows. */
export async function measureGrowth({ folder, runs }: Omit<NoopOptions, "size">): Promise<PartResult> {
  const scales = await scale(folder, Math.max(3, Math.ceil(runs / 3)));
  const ms = (steps: number, files: number) =>
    scales.find((one) => one.steps === steps && one.files === files)?.medianMs ?? 0;
  // What steps add and what files add, each alone, should be all that both add together.
  const sum = ms(50, 100_000) + ms(2_000, 10_000) - ms(50, 10_000);
  return {
    figures: [
      {
        what: "no-op of 2,000 steps and 100,000 files, beside what both cost alone",
        value: ms(2_000, 100_000) / sum,
        unit: "×",
        goal: { atMost: 1.25 },
      },
      {
        what: "peak memory of a no-op, largest graph",
        value: Math.max(...scales.map(({ peakBytes }) => peakBytes)) / 1e6,
        unit: "MB",
        goal: { atMost: 300 },
      },
    ],
    lines: scalingLines(scales),
  };
}

async function compare(
  folder: string,
  { size, runs }: { readonly size: GraphSize; readonly runs: number },
): Promise<Timing[]> {
  const systems: readonly System[] = [
    await vkforgeSystem(await folderFor(folder, "vkforge"), size),
    await wireitSystem(await folderFor(folder, "wireit"), size),
    ...await turborepoSystems(await folderFor(folder, "turborepo"), size),
  ];
  await warmUp(systems);
  const times = await takeTurns(systems, runs);
  const medians = times.map((one) => median(one.map(({ ms }) => ms)));
  return systems.map(({ name, version }, index) => ({
    system: `${name} ${version}`,
    medianMs: medians[index] ?? 0,
    fastestMs: Math.min(...(times[index] ?? []).map(({ ms }) => ms)),
    ratio: (medians[index] ?? 0) / (medians[0] ?? 1),
  }));
}

async function scale(folder: string, runs: number): Promise<Scale[]> {
  const scales: Scale[] = [];
  for (const size of SIZES) {
    const place = await folderFor(folder, `scale-${size.steps}-${size.files}`);
    const system = await vkforgeSystem(place, size);
    await warmUp([system]);
    const [found = []] = await takeTurns([system], runs);
    const told = found.map(({ stdout }): VkforgeRun => JSON.parse(stdout));
    if (told.some(({ built }) => built > 0)) throw new Error("A run that should do nothing built something");
    const ms = found.map((one) => one.ms);
    scales.push({
      ...size,
      medianMs: median(ms),
      fastestMs: Math.min(...ms),
      peakBytes: Math.max(...told.map(({ peakBytes }) => peakBytes)),
    });
    console.error(`${size.steps} steps, ${size.files} files: ${Math.round(median(ms))} ms`);
    await Deno.remove(place, { recursive: true });
  }
  return scales;
}

/** Builds everything, lets file times grow older than what indexes distrust, and runs twice more. */
async function warmUp(systems: readonly System[]): Promise<void> {
  for (const system of systems) {
    console.error(`${system.name}: first build`);
    await run(system.command);
  }
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  await takeTurns(systems, 2);
}

/** Runs every system once, and again, so many times. */
async function takeTurns(systems: readonly System[], runs: number): Promise<Run[][]> {
  const results: Run[][] = systems.map(() => []);
  for (let turn = 0; turn < runs; turn++) {
    for (const [index, system] of systems.entries()) results[index]?.push(await run(system.command));
  }
  return results;
}

function comparisonLines(timings: readonly Timing[], size: GraphSize): string[] {
  if (timings.length === 0) return [];
  return [
    `No-op over ${size.steps} steps and ${size.files} files`,
    "",
    ...layoutTable([
      ["system", "median", "fastest", "ratio"],
      ...timings.map(({ system, medianMs, fastestMs, ratio }) => [
        system,
        `${medianMs.toFixed(0)} ms`,
        `${fastestMs.toFixed(0)} ms`,
        ratio.toFixed(2),
      ]),
    ], { align: "lrrr" }),
    "",
  ];
}

function scalingLines(scales: readonly Scale[]): string[] {
  if (scales.length === 0) return [];
  return [
    "vkforge alone",
    "",
    ...layoutTable([
      ["steps", "files", "median", "fastest", "peak memory"],
      ...scales.map(({ steps, files, medianMs, fastestMs, peakBytes }) => [
        String(steps),
        String(files),
        `${medianMs.toFixed(0)} ms`,
        `${fastestMs.toFixed(0)} ms`,
        formatBytes(peakBytes),
      ]),
    ], { align: "rrrrr" }),
  ];
}

async function folderFor(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  await Deno.mkdir(path);
  return path;
}
