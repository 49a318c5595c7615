import { XMLBuilder } from "fast-xml-parser";
import { type Check, checksOf } from "./checks.ts";
import type { Failure, ModelResult, Result } from "./schema.ts";

/**
 * The result as JUnit XML: one test suite per model; test cases load, run on each arm, device, parity, determinism.
 * An incomplete measurement has a suite of its own that fails, so that a CI never takes it for a pass.
 */
export function renderJunit(result: Result): string {
  const suites = result.models.map((model) => suiteOf(model, result));
  if (!result.complete || result.models.length === 0) suites.push(incompleteSuite(result));
  const builder = new XMLBuilder({
    ignoreAttributes: false,
    attributeNamePrefix: "@",
    format: true,
    suppressEmptyNode: true,
    // Otherwise value="true" becomes a bare `value`, which is not XML.
    suppressBooleanAttributes: false,
  });
  const total = (key: "@tests" | "@failures" | "@skipped") =>
    suites.reduce((sum, suite) => sum + suite[key], 0);
  return builder.build({
    "?xml": { "@version": "1.0", "@encoding": "UTF-8" },
    testsuites: {
      "@name": attribute(`vkforge ${result.command}`),
      "@tests": total("@tests"),
      "@failures": total("@failures"),
      "@errors": 0,
      "@skipped": total("@skipped"),
      "@time": seconds(Date.parse(result.finishedAt) - Date.parse(result.startedAt)),
      testsuite: suites,
    },
  });
}

interface Suite {
  readonly "@tests": number;
  readonly "@failures": number;
  readonly "@skipped": number;
  readonly [child: string]: unknown;
}

function suiteOf(model: ModelResult, result: Result): Suite {
  const checks = checksOf(model);
  const count = (status: Check["status"]) => checks.filter((check) => check.status === status).length;
  const properties = {
    result: result.id,
    device: result.device?.name ?? "none",
    driver: result.device?.driver ?? "none",
    drift: String(result.drift.length),
    ...(result.fixture ? { fixture: "true" } : {}),
  };
  return {
    "@name": attribute(model.name),
    "@tests": checks.length,
    "@failures": count("failed"),
    "@errors": 0,
    "@skipped": count("skipped"),
    "@time": seconds(checks.reduce((sum, check) => sum + (check.durationMs ?? 0), 0)),
    "@timestamp": result.startedAt.replace(/\.\d+Z$/, ""),
    properties: {
      property: Object.entries(properties).map(([name, value]) => ({
        "@name": name,
        "@value": attribute(value),
      })),
    },
    testcase: checks.map((check) => testCase(model.name, check)),
  };
}

function testCase(model: string, check: Check): Record<string, unknown> {
  const head = {
    "@classname": attribute(`vkforge.${model}`),
    "@name": attribute(check.title),
    "@time": seconds(check.durationMs ?? 0),
  };
  if (check.status === "skipped") return { ...head, skipped: { "@message": attribute(check.reason ?? "") } };
  if (check.status === "passed") return head;
  // JUnit readers show one failure per test case: all messages go into its text.
  const [first] = check.failures;
  return {
    ...head,
    failure: {
      "@type": first!.code,
      "@message": attribute(first!.message),
      "#text": text(check.failures.map(failureText).join("\n")),
    },
  };
}

function incompleteSuite(result: Result): Suite {
  const message = result.models.length === 0 ? "Nothing was measured" : "The measurement was cut short";
  return {
    "@name": "measurement",
    "@tests": 1,
    "@failures": 1,
    "@errors": 0,
    "@skipped": 0,
    "@time": seconds(0),
    "@timestamp": result.startedAt.replace(/\.\d+Z$/, ""),
    testcase: [{
      "@classname": "vkforge",
      "@name": "complete",
      "@time": seconds(0),
      failure: { "@type": "incomplete", "@message": message, "#text": message },
    }],
  };
}

function failureText({ code, arm, message, hint }: Failure): string {
  return `${code}${arm === undefined ? "" : ` on ${arm}`}: ${message}${
    hint === undefined ? "" : `\nhint: ${hint}`
  }`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

/** XML parsers fold line breaks in attributes; better to do it knowingly. */
function attribute(value: string): string {
  return text(value).replaceAll(/\s+/g, " ");
}

/** XML 1.0 cannot hold most control characters or lone surrogates, not even escaped. */
function text(value: string): string {
  // deno-lint-ignore no-control-regex -- control characters are what is looked for
  return value.toWellFormed().replaceAll(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "\ufffd");
}
