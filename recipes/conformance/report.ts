/**
 * The reports of upstream's tests: what their runs noted, brought together, as a summary and as JUnit.
 *
 * @module
 */
import { XMLBuilder } from "fast-xml-parser";
import { z } from "zod";

const TestRecord = z.object({
  name: z.string(),
  runs: z.int(),
  skipped: z.int(),
  /** Of the slowest run. */
  timeMs: z.int(),
  failedSeeds: z.array(z.int()),
  message: z.string().optional(),
  /** Alone, with the seed that failed first and with others. */
  reruns: z.array(z.object({ seed: z.int(), passed: z.boolean() })).optional(),
});

type TestRecord = z.infer<typeof TestRecord>;

/** What `run_tests.py` writes: the tests of each of upstream's programs. */
export const ConformanceRecords = z.object({
  schema: z.literal(1),
  suites: z.record(z.string(), z.array(TestRecord)),
});

/** See {@linkcode ConformanceRecords}. */
export type ConformanceRecords = z.infer<typeof ConformanceRecords>;

/** What came of a test over all runs. */
export type TestStatus = "passed" | "failed" | "flaky" | "skipped";

/** The summary of one of upstream's programs. */
export interface SuiteSummary extends Readonly<Record<TestStatus, number>> {
  readonly tests: number;
  readonly notPassed: ReadonlyArray<{
    readonly name: string;
    readonly status: "failed" | "flaky";
    readonly failedSeeds: readonly number[];
    readonly reruns: ReadonlyArray<{ readonly seed: number; readonly passed: boolean }>;
    readonly message: string;
  }>;
}

/** Brings the records of several runs together. */
export function mergeRecords(runs: readonly ConformanceRecords[]): ConformanceRecords {
  const suites: Record<string, Map<string, TestRecord>> = {};
  for (const [suite, records] of runs.flatMap((run) => Object.entries(run.suites))) {
    const merged = suites[suite] ??= new Map<string, TestRecord>();
    for (const record of records) {
      const before = merged.get(record.name);
      merged.set(record.name, before === undefined ? record : mergeRecord(before, record));
    }
  }
  return {
    schema: 1,
    suites: Object.fromEntries(
      Object.entries(suites).map(([name, records]) => [name, [...records.values()]]),
    ),
  };
}

/**
 * "failed": each time, alone too. "flaky": sometimes, so that what else ran, the seed or chance decides. "skipped":
 * never run.
 */
export function statusOf({ runs, skipped, failedSeeds, reruns = [] }: TestRecord): TestStatus {
  if (failedSeeds.length === 0) return skipped === runs ? "skipped" : "passed";
  const passedSometimes = runs > failedSeeds.length || reruns.some(({ passed }) => passed);
  return passedSometimes ? "flaky" : "failed";
}

/** Counts, and what did not pass each time, by program. */
export function summarizeRecords({ suites }: ConformanceRecords): Record<string, SuiteSummary> {
  return Object.fromEntries(
    Object.entries(suites).map(([name, records]) => {
      const count = (status: TestStatus) => records.filter((record) => statusOf(record) === status).length;
      return [name, {
        tests: records.length,
        passed: count("passed"),
        failed: count("failed"),
        flaky: count("flaky"),
        skipped: count("skipped"),
        notPassed: records.flatMap((record) => {
          const status = statusOf(record);
          if (status !== "failed" && status !== "flaky") return [];
          const { name, failedSeeds, reruns = [], message = "" } = record;
          return [{ name, status, failedSeeds, reruns, message }];
        }),
      }];
    }),
  );
}

/** One suite for each program; a flaky test passes, with what Maven's readers know as flakyFailure. */
export function conformanceJunit({ suites }: ConformanceRecords): string {
  const builder = new XMLBuilder({
    ignoreAttributes: false,
    attributeNamePrefix: "@",
    format: true,
    suppressEmptyNode: true,
  });
  return builder.build({
    "?xml": { "@version": "1.0", "@encoding": "UTF-8" },
    testsuites: {
      "@name": "vkforge conformance",
      testsuite: Object.entries(suites).map(([suite, records]) => {
        const count = (status: TestStatus) => records.filter((record) => statusOf(record) === status).length;
        return {
          "@name": suite,
          "@tests": records.length,
          "@failures": count("failed"),
          "@skipped": count("skipped"),
          testcase: records.map((record) => testCase(suite, record)),
        };
      }),
    },
  });
}

function testCase(suite: string, record: TestRecord) {
  const [group = "", ...rest] = record.name.split(".");
  const status = statusOf(record);
  const why = {
    "@message": `failed with seeds ${record.failedSeeds.join(", ")}, in ${record.runs} runs`,
    "#text": printable(record.message ?? ""),
  };
  return {
    "@classname": `${suite}.${group}`,
    "@name": rest.join("."),
    "@time": (record.timeMs / 1000).toFixed(3),
    ...(status === "skipped" ? { skipped: "" } : {}),
    ...(status === "failed" ? { failure: why } : {}),
    ...(status === "flaky" ? { flakyFailure: why } : {}),
  };
}

function mergeRecord(a: TestRecord, b: TestRecord): TestRecord {
  const message = a.message ?? b.message;
  const reruns = [...a.reruns ?? [], ...b.reruns ?? []];
  return {
    name: a.name,
    runs: a.runs + b.runs,
    skipped: a.skipped + b.skipped,
    timeMs: Math.max(a.timeMs, b.timeMs),
    failedSeeds: [...a.failedSeeds, ...b.failedSeeds],
    ...(message === undefined ? {} : { message }),
    ...(reruns.length === 0 ? {} : { reruns }),
  };
}

/** Leaves out what XML cannot hold. */
function printable(text: string): string {
  // deno-lint-ignore no-control-regex -- control characters are what is looked for
  return text.replaceAll(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "\ufffd");
}
