/**
 * How long statistics and reports of many samples take, with the device's times of 220 operators in each Vulkan process,
 * and how large the page becomes.
 *
 *     deno run -A bench/report.ts [--samples 100000] [--models 6] [--json]
 *
 * Exit code 1 where it takes more than 3 s or the page has 2 MB or more.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { judgeModel, judgeResult } from "../measure/judge.ts";
import { reportFiles } from "../measure/report/mod.ts";
import { samplesCsv } from "../measure/samples.ts";
import type { Result } from "../measure/schema.ts";
import { fixtureModel, fixtureResult, fixtureRun } from "../measure/testdata/fixture.ts";
import { fixtureGpuTimes, withGpuTimes } from "../measure/testdata/gpu_fixture.ts";
import { layoutTable } from "../ui/format.ts";

const LIMITS = { ms: 3_000, bytes: 2_000_000 };
const REPLICATES = 12;
/** As many as `--effort thorough` times on the device's clock, of a model with many operators. */
const GPU = { runs: 10, calls: 220 };

if (import.meta.main) Deno.exit(main());

function main(): number {
  const { values } = parseArgs({
    options: {
      samples: { type: "string", default: "100000" },
      models: { type: "string", default: "6" },
      json: { type: "boolean", default: false },
    },
  });
  const measured = measuredModels(Number(values.samples), Number(values.models));
  const started = performance.now();
  const result = judgeResult({ ...fixtureResult(), models: measured.map((model) => judgeModel(model)) });
  const statisticsMs = performance.now() - started;
  const html = reportFiles(result)[0]!.content;
  const reportMs = performance.now() - started - statisticsMs;
  samplesCsv(result);
  const csvMs = performance.now() - started - statisticsMs - reportMs;
  const figures = {
    samples: countOf(result),
    gpuTimes: gpuTimesOf(result),
    statisticsMs,
    reportMs,
    csvMs,
    totalMs: statisticsMs + reportMs,
    htmlBytes: new TextEncoder().encode(html).length,
  };
  const isMet = figures.totalMs <= LIMITS.ms && figures.htmlBytes < LIMITS.bytes;
  if (values.json) console.log(JSON.stringify({ schema: 1, ...figures, isMet }));
  else {
    const ms = (value: number) => `${value.toFixed(0)} ms`;
    console.log(
      layoutTable([
        [
          "samples",
          "times of operators",
          "statistics",
          "reports",
          "together",
          "goal",
          "CSV besides",
          "report.html",
          "goal",
        ],
        [
          figures.samples.toLocaleString("en-US"),
          figures.gpuTimes.toLocaleString("en-US"),
          ms(statisticsMs),
          ms(reportMs),
          ms(figures.totalMs),
          `≤ ${LIMITS.ms} ms`,
          ms(csvMs),
          `${(figures.htmlBytes / 1e6).toFixed(2)} MB`,
          `< ${LIMITS.bytes / 1e6} MB`,
        ],
      ]).join("\n"),
    );
  }
  return isMet ? 0 : 1;
}

/** Made-up models whose arms have so many samples together. */
function measuredModels(samples: number, models: number) {
  return Array.from({ length: models }, (_, place) => {
    const model = fixtureModel(`model_${place + 1}`);
    const iterations = Math.ceil(samples / models / model.arms.length / REPLICATES);
    const arms = model.arms.map((arm, index) => ({
      ...arm,
      runs: Array.from({ length: REPLICATES }, (_, replicate) => {
        const order = replicate * model.arms.length + index;
        const runner = fixtureRun(arm.backend, {
          centreMs: arm.backend === "cpu" ? 30 : 90,
          seed: place * 1_000 + order,
          iterations,
        });
        const withTimes = runner.samples.map((sample, at) => ({ ...sample, atMs: 500 + at * 30 }));
        const startedAt = new Date(Date.UTC(2026, 2, 14, 9, 27) + order * 60_000).toISOString();
        return { replicate, order, runner: { ...runner, samples: withTimes, startedAt } };
      }),
    }));
    return withGpuTimes({ ...model, arms }, (process) => fixtureGpuTimes({ ...GPU, seed: process + 1 }));
  });
}

function countOf(result: Result): number {
  return runnersOf(result).reduce((sum, { samples }) => sum + (samples?.length ?? 0), 0);
}

function gpuTimesOf(result: Result): number {
  return runnersOf(result).flatMap(({ gpu }) => gpu?.ops ?? [])
    .reduce((sum, { busyMs }) => sum + busyMs.length, 0);
}

function runnersOf({ models }: Result) {
  return models.flatMap(({ arms }) => arms).flatMap(({ runs }) => runs).map(({ runner }) => runner);
}
