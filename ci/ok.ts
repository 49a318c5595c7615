/**
 * `deno task ok`: all that CI checks. Ends with a line `N passed, N failed`.
 *
 * @module
 */
import { join } from "node:path";
import $ from "dax";
import { XMLParser } from "fast-xml-parser";

const REPOSITORY = join(import.meta.dirname ?? ".", "..");

/** Everything but the tests; a name and the command. */
const CHECKS: ReadonlyArray<readonly [name: string, command: readonly string[]]> = [
  ["format", ["fmt", "--check", "--quiet"]],
  ["lint", ["lint", "--quiet"]],
  ["types", ["check", "--quiet", "."]],
];

if (import.meta.main) Deno.exit(await main(Deno.args));

async function main(testArgs: readonly string[]): Promise<number> {
  let passed = 0;
  let failed = 0;
  for (const [name, args] of CHECKS) {
    const started = performance.now();
    const result = await $`${Deno.execPath()} ${args}`.cwd(REPOSITORY).noThrow().quiet().captureCombined();
    const ok = result.code === 0;
    if (!ok) console.log(result.combined);
    console.log(`${ok ? "ok  " : "FAIL"}  ${name}  ${((performance.now() - started) / 1000).toFixed(1)} s`);
    if (ok) passed++;
    else failed++;
  }
  const report = await Deno.makeTempFile({ suffix: ".xml" });
  const tests = await $`${Deno.execPath()} test -A --parallel --junit-path=${report} ${testArgs}`.cwd(
    REPOSITORY,
  ).noThrow();
  const counted = await countTests(report);
  await Deno.remove(report);
  passed += counted.passed;
  failed += counted.failed + (tests.code !== 0 && counted.failed === 0 ? 1 : 0);
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

/** Counts the test cases of a JUnit file. */
export async function countTests(
  path: string,
): Promise<{ readonly passed: number; readonly failed: number }> {
  const parser = new XMLParser({
    ignoreAttributes: false,
    isArray: (name) => name === "testsuite" || name === "testcase",
  });
  const document = parser.parse(await Deno.readTextFile(path)) as {
    readonly testsuites?: {
      readonly testsuite?: ReadonlyArray<{ readonly testcase?: readonly Record<string, unknown>[] }>;
    };
  };
  let passed = 0;
  let failed = 0;
  for (const suite of document.testsuites?.testsuite ?? []) {
    for (const test of suite.testcase ?? []) {
      if ("failure" in test || "error" in test) failed++;
      else if (!("skipped" in test)) passed++;
    }
  }
  return { passed, failed };
}
