/**
 * How often `compare` cries wolf, and what it misses: many comparisons of equal arms, and of arms with a slowdown put in,
 * drawn from made-up processes and from recorded ones.
 *
 *     deno run -A bench/comparison.ts [RESULT-FOLDER...] [--comparisons 1000] [--processes 20] [--seed 1] [--json]
 *
 * Exit code 1 where more than 4 of 1,000 equal arms raise an alarm, or fewer than 95 % of the slowdowns are found.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { processMedians } from "../measure/compare/mod.ts";
import {
  isMet,
  type Rates,
  recordedSource,
  simulate,
  type Source,
  syntheticSource,
} from "../measure/compare/simulate.ts";
import { readResult } from "../measure/result.ts";
import { layoutTable } from "../ui/format.ts";

if (import.meta.main) Deno.exit(await main());

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    args: Deno.args,
    allowPositionals: true,
    options: {
      comparisons: { type: "string", default: "1000" },
      processes: { type: "string", default: "20" },
      seed: { type: "string", default: "1" },
      json: { type: "boolean", default: false },
    },
  });
  const sources = new Map<string, Source>(
    [0.002, 0.005, 0.01].map((spread) =>
      [`made up, ${spread * 100} % spread`, syntheticSource(spread)] as const
    ),
  );
  for (const folder of positionals) {
    const result = await readResult(folder);
    for (const model of result.models) {
      for (const arm of model.arms) {
        const medians = processMedians(arm);
        if (medians.length >= 4) {
          sources.set(`${model.name} ${arm.name} of ${result.id}`, recordedSource(medians));
        }
      }
    }
  }
  const rates: Rates[] = [];
  for (const [name, source] of sources) {
    for (const slowdown of [0, 0.05, 0.1]) {
      const options = {
        slowdown,
        comparisons: Number(values.comparisons),
        processes: Number(values.processes),
        seed: Number(values.seed),
      };
      rates.push({
        source: name,
        slowdown,
        comparisons: options.comparisons,
        alarms: simulate(source, options),
      });
    }
  }
  if (values.json) console.log(JSON.stringify({ schema: 1, rates }));
  else console.log(table(rates));
  return rates.every(isMet) ? 0 : 1;
}

function table(rates: readonly Rates[]): string {
  const rows = rates.map((rate) => [
    rate.source,
    rate.slowdown === 0 ? "none" : `${rate.slowdown * 100} %`,
    `${rate.alarms} of ${rate.comparisons}`,
    rate.slowdown === 0 ? "≤ 0.4 %" : "≥ 95 %",
    isMet(rate) ? "yes" : "no",
  ]);
  return layoutTable([["processes", "slowdown", "alarms", "goal", "met"], ...rows]).join("\n");
}
