/**
 * `deno task bench`: every ratio that the engine is held to, in one run, with a table of them at the end.
 *
 *     deno task bench [--only noop,growth,sandbox,restore] [--runs 15] [--steps 50] [--files 10000] [--json]
 *
 * A part that compares with a program that is not installed says so. Exit code 1 if a part fails or misses its goal.
 *
 * @module
 */
import { join } from "node:path";
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { layoutTable } from "../ui/format.ts";
import { type Figure, isMet, type PartResult, Skipped } from "./measure.ts";
import { measureGrowth, measureNoop } from "./noop.ts";
import { measureRestore } from "./restore.ts";
import { measureSandbox } from "./sandbox.ts";

/** How a part went. */
interface Part {
  readonly name: string;
  readonly result?: PartResult;
  readonly skipped?: string;
  readonly failed?: string;
  /** Processes that wanted a processor, over the last minute: before and after. */
  readonly load: readonly [number, number];
}

if (import.meta.main) {
  const { values } = parseArgs({
    args: Deno.args.filter((word) => word !== "--"),
    options: {
      only: { type: "string" },
      runs: { type: "string", default: "15" },
      steps: { type: "string", default: "50" },
      files: { type: "string", default: "10000" },
      json: { type: "boolean", default: false },
    },
  });
  const runs = Number(values.runs);
  const size = { steps: Number(values.steps), files: Number(values.files) };
  const all: Readonly<Record<string, (folder: string) => Promise<PartResult>>> = {
    noop: (folder) => measureNoop({ folder, size, runs }),
    growth: (folder) => measureGrowth({ folder, runs }),
    sandbox: () => measureSandbox(runs),
    restore: (folder) => measureRestore(folder),
  };
  const chosen = values.only?.split(",") ?? Object.keys(all);
  const unknown = chosen.find((name) => !(name in all));
  if (unknown !== undefined) {
    console.error(`Unknown part "${unknown}"; parts are ${Object.keys(all).join(", ")}`);
    Deno.exit(2);
  }
  const parts: Part[] = [];
  for (const name of chosen) {
    console.error(`== ${name}`);
    const part = await runPart(name, all[name]!);
    parts.push(part);
    if (!values.json) { for (const line of partLines(part)) console.log(line); }
  }
  if (values.json) console.log(JSON.stringify({ schema: 1, command: "bench", size, runs, parts }));
  else for (const line of summaryLines(parts)) console.log(line);
  const isMissed = parts.some(({ failed, result }) =>
    failed !== undefined || result?.figures.some((figure) => isMet(figure) === false)
  );
  Deno.exit(isMissed ? 1 : 0);
}

async function runPart(name: string, measure: (folder: string) => Promise<PartResult>): Promise<Part> {
  const folder = await Deno.makeTempDir({ prefix: "vkforge-bench-" });
  const before = loadavg()[0] ?? 0;
  const load = () => [before, loadavg()[0] ?? 0] as const;
  try {
    await Deno.mkdir(join(folder, "work"));
    const result = await measure(join(folder, "work"));
    return { name, result, load: load() };
  } catch (error) {
    if (error instanceof Skipped) return { name, skipped: error.message, load: load() };
    return { name, failed: error instanceof Error ? error.message : String(error), load: load() };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function partLines({ name, result, skipped, failed, load }: Part): string[] {
  const head = `${name} (load ${load.map((value) => value.toFixed(1)).join(" to ")})`;
  const body = result?.lines ?? [skipped === undefined ? `failed: ${failed}` : `not measured: ${skipped}`];
  return [head, "", ...body, ""];
}

function summaryLines(parts: readonly Part[]): string[] {
  const rows = parts.flatMap(({ name, result, skipped, failed }): string[][] =>
    result?.figures.map(figureRow) ??
      [[
        name,
        failed === undefined ? "-" : "failed",
        "",
        skipped === undefined ? "no" : `not measured: ${skipped}`,
      ]]
  );
  return ["All ratios", "", ...layoutTable([["", "measured", "goal", "met"], ...rows], { align: "lrrl" })];
}

function figureRow(figure: Figure): string[] {
  const { what, value, unit, goal } = figure;
  const met = isMet(figure);
  const asked = goal === undefined
    ? ""
    : "atMost" in goal
    ? `≤ ${goal.atMost} ${unit}`
    : `≥ ${goal.atLeast} ${unit}`;
  return [
    what,
    `${value.toFixed(value < 10 ? 2 : 0)} ${unit}`,
    asked,
    met === undefined ? "" : met ? "yes" : "no",
  ];
}
