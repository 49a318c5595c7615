import type { Failure } from "./failure.ts";
import { ANDROID_FAILURES } from "./failures_android.ts";
import { BUILD_FAILURES } from "./failures_build.ts";
import { MACHINE_FAILURES } from "./failures_machine.ts";
import { MODEL_FAILURES } from "./failures_model.ts";
import { RUN_FAILURES } from "./failures_run.ts";

/** All known failures, in the order of the documentation. */
export const FAILURES: readonly Failure[] = [
  ...MACHINE_FAILURES,
  ...BUILD_FAILURES,
  ...ANDROID_FAILURES,
  ...MODEL_FAILURES,
  ...RUN_FAILURES,
];

/** A known failure, found in a log. */
export interface Diagnosis extends Omit<Failure, "symptom" | "example"> {
  /** The line where it shows first, and its number, counted from 1. */
  readonly line: string;
  readonly lineNumber: number;
}

/**
 * Looks for known failures in the text of a log.
 *
 * @returns each failure once, in the order in which the log shows them
 */
export function diagnose(log: string): Diagnosis[] {
  const text = withoutColours(log);
  const found: { readonly index: number; readonly failure: Failure }[] = [];
  for (const failure of FAILURES) {
    const index = text.search(failure.symptom);
    if (index >= 0) found.push({ index, failure });
  }
  return found.sort((a, b) => a.index - b.index).map(({ index, failure }) =>
    toDiagnosis(failure, text, index)
  );
}

function toDiagnosis(failure: Failure, text: string, index: number): Diagnosis {
  const { symptom: _symptom, example: _example, ...known } = failure;
  const start = text.lastIndexOf("\n", index - 1) + 1;
  const end = text.indexOf("\n", index);
  const line = text.slice(start, end < 0 ? undefined : end).trim();
  return { ...known, line, lineNumber: countNewlines(text, start) + 1 };
}

/** Compilers colour their messages in the middle of the words that symptoms look for. */
function withoutColours(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/\x1b\[[\d;]*[mK]/g, "");
}

function countNewlines(text: string, end: number): number {
  let count = 0;
  for (let index = text.indexOf("\n"); index >= 0 && index < end; index = text.indexOf("\n", index + 1)) {
    count++;
  }
  return count;
}
