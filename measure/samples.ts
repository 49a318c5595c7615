import type { PhasedSample } from "./runner_result.ts";
import type { Result } from "./schema.ts";

/**
 * Columns of samples.csv. `kind` is "first" for the first inference of a process, "steady" for those after warm-up, and
 * "phases" for those with upload, compute and download timed apart.
 */
export const SAMPLE_COLUMNS = [
  "model",
  "arm",
  "replicate",
  "order",
  "kind",
  "index",
  "upload_ms",
  "compute_ms",
  "download_ms",
  "total_ms",
] as const;

/** Every raw sample of a result as CSV (RFC 4180, header line first), for spreadsheets and data frames. */
export function samplesCsv(result: Result): string {
  const rows = [SAMPLE_COLUMNS, ...rowsOf(result)];
  return rows.map((row) => `${row.map(csvField).join(",")}\r\n`).join("");
}

function* rowsOf(result: Result): Generator<ReadonlyArray<string | number>> {
  for (const model of result.models) {
    for (const arm of model.arms) {
      for (const { replicate, order, runner } of arm.runs) {
        if (!runner.ok) continue;
        const head = [model.name, arm.name, replicate, order];
        yield [...head, "first", 0, ...times(runner.firstRun)];
        for (const [index, { totalMs }] of runner.samples.entries()) {
          yield [...head, "steady", index, "", "", "", totalMs];
        }
        for (const [index, sample] of (runner.phases ?? []).entries()) {
          yield [...head, "phases", index, ...times(sample)];
        }
      }
    }
  }
}

function times({ uploadMs, computeMs, downloadMs, totalMs }: PhasedSample): number[] {
  return [uploadMs, computeMs, downloadMs, totalMs];
}

function csvField(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
