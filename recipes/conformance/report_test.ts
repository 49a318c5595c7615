import { XMLParser } from "fast-xml-parser";
import { describe, expect, it } from "vitest";
import { conformanceJunit, type ConformanceRecords, mergeRecords, summarizeRecords } from "./report.ts";

type TestRecord = ConformanceRecords["suites"][string][number];

function record(name: string, more: Partial<TestRecord> = {}): TestRecord {
  return { name, runs: 1, skipped: 0, timeMs: 5, failedSeeds: [], ...more };
}

function failing(name: string, seed: number, passesAgain: boolean): TestRecord {
  return record(name, { failedSeeds: [seed], message: "off < 1", reruns: [{ seed, passed: passesAgain }] });
}

function run(...records: TestRecord[]): ConformanceRecords {
  return { schema: 1, suites: { vulkan_api_test: records } };
}

const MERGED = mergeRecords([
  run(
    record("T.good"),
    failing("T.odd", 0, false),
    failing("T.bad", 0, false),
    record("T.gone", { skipped: 1 }),
  ),
  run(
    record("T.good", { timeMs: 9 }),
    record("T.odd"),
    failing("T.bad", 1, false),
    record("T.gone", { skipped: 1 }),
  ),
]);

describe("mergeRecords() and summarizeRecords()", () => {
  it("tells failed from flaky over all runs", () => {
    const summary = summarizeRecords(MERGED).vulkan_api_test!;
    expect(summary).toMatchObject({ tests: 4, passed: 1, failed: 1, flaky: 1, skipped: 1 });
    expect(summary.notPassed.map(({ name, status, failedSeeds }) => [name, status, failedSeeds])).toEqual([
      ["T.odd", "flaky", [0]],
      ["T.bad", "failed", [0, 1]],
    ]);
  });

  it("calls a test flaky that passes when it is run again", () => {
    const { notPassed } = summarizeRecords(run(failing("T.once", 3, true))).vulkan_api_test!;
    expect(notPassed[0]!.status).toBe("flaky");
  });

  it("keeps the time of the slowest run", () => {
    expect(MERGED.suites.vulkan_api_test![0]!.timeMs).toBe(9);
  });
});

describe("conformanceJunit()", () => {
  it("counts failures but not flakes, and escapes messages", () => {
    const xml = conformanceJunit(MERGED);
    const { testsuite } =
      new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "" }).parse(xml).testsuites;
    expect(testsuite).toMatchObject({ name: "vulkan_api_test", tests: "4", failures: "1", skipped: "1" });
    expect(testsuite.testcase[1].flakyFailure).toMatchObject({
      message: "failed with seeds 0, in 2 runs",
      "#text": "off < 1",
    });
    expect(testsuite.testcase[2]).toHaveProperty("failure");
    expect(testsuite.testcase[3]).toHaveProperty("skipped");
  });
});
