/**
 * What came of building steps again, for people.
 *
 * @module
 */
import type { DescribedDifference, RepeatedBuild, StepVerdict } from "../engine/mod.ts";
import { cleanLine } from "./clean.ts";
import { formatAge, formatBytes, formatCount, formatDuration, layoutTable } from "./format.ts";

/** How much is shown. */
export interface VerdictOptions {
  /** The time now, in milliseconds since 1970. */
  readonly nowMs: number;
  /** All differences. */
  readonly verbose: boolean;
}

/** Differences of one build that are shown without being asked for more. */
const SHOWN_DIFFERENCES = 10;

/** One line a step, what differs, and what was and was not varied. */
export function verdictLines(verdicts: readonly StepVerdict[], options: VerdictOptions): string[] {
  const rows = verdicts.map((verdict) => [
    SIGNS[verdict.outcome],
    verdict.name,
    WORDS[verdict.outcome],
    formatCount(verdict.reference.entries, "entry", "entries"),
    formatBytes(verdict.reference.sizeBytes),
    verdict.runs.map(({ durationMs }) => formatDuration(durationMs)).join(", "),
  ]);
  const table = layoutTable(rows, { align: "lllrrl" });
  const details = verdicts.flatMap((verdict) => detailLines(verdict, options));
  return [...table, ...details, "", ...conditionLines(verdicts, options), "", summary(verdicts)];
}

const SIGNS: Readonly<Record<StepVerdict["outcome"], string>> = {
  reproducible: "=",
  different: "≠",
  failed: "✗",
};
const WORDS: Readonly<Record<StepVerdict["outcome"], string>> = {
  reproducible: "reproducible",
  different: "NOT REPRODUCIBLE",
  failed: "FAILED",
};

function detailLines(verdict: StepVerdict, options: VerdictOptions): string[] {
  const { name, runs, error, cause } = verdict;
  if (error !== undefined) return ["", `${name}: the repeated build failed: ${error.message}`];
  const last = runs.at(-1);
  if (last === undefined || last.differences.length === 0) return [];
  const shown = options.verbose ? last.differences : last.differences.slice(0, SHOWN_DIFFERENCES);
  const lines = ["", `${name}: ${formatCount(last.differences.length, "entry differs", "entries differ")}`];
  lines.push(...shown.flatMap(differenceLines));
  if (shown.length < last.differences.length) {
    lines.push(`  and ${last.differences.length - shown.length} more (--verbose shows them)`);
  }
  lines.push(...causeLines(cause));
  return lines;
}

function differenceLines({ path, kind, before, now, description }: DescribedDifference): string[] {
  const head = `  ${cleanLine(path)}: `;
  switch (kind) {
    case "missing":
      return [`${head}missing`];
    case "extra":
      return [`${head}extra`];
    case "type":
      return [`${head}was a ${before?.kind}, is a ${now?.kind}`];
    case "executable":
      return [`${head}${now?.kind === "file" && now.executable ? "is now" : "is no longer"} executable`];
    case "target": {
      const [was, is] = [before, now].map((entry) => entry?.kind === "link" ? entry.target : "");
      return [`${head}led to "${cleanLine(was ?? "")}", leads to "${cleanLine(is ?? "")}"`];
    }
    case "content":
      return [`${head}other bytes`, ...description.map((line) => `    ${cleanLine(line)}`)];
  }
}

function causeLines(cause: StepVerdict["cause"]): string[] {
  if (cause === undefined) {
    return ["  --find-cause tells which of the varied conditions makes the difference"];
  }
  if (cause === "itself") {
    return ["  cause: it differs when nothing is varied: time, random numbers, or a race between processes"];
  }
  if (cause.length === 0) {
    return ["  cause: none of the conditions alone; it differs by chance, or by several at once"];
  }
  return [`  cause: ${cause.join(", ")}`];
}

function conditionLines(verdicts: readonly StepVerdict[], { nowMs }: VerdictOptions): string[] {
  const runs = verdicts.flatMap((verdict) => verdict.runs);
  const made = verdicts.flatMap(({ reference }) => reference.madeMs ?? []);
  const age = made.length === 0 ? "" : `, the oldest made ${formatAge(Math.min(...made), nowMs)}`;
  return [
    `compared with the builds in the store${age}`,
    ...section("varied:", runs.flatMap(variedRows)),
    ...section("not varied:", runs.flatMap(({ fixed }) => fixed.map(({ name, reason }) => [name, reason]))),
  ];
}

function variedRows({ varied }: RepeatedBuild): string[][] {
  return varied.map(({ name, from, to }) => [name, `${from} → ${to}`]);
}

/** A table with a title; what several builds have in common stands once, what differs is joined. */
function section(title: string, rows: readonly string[][]): string[] {
  const byName = new Map<string, Set<string>>();
  for (const [name = "", words = ""] of rows) {
    byName.set(name, (byName.get(name) ?? new Set()).add(words));
  }
  if (byName.size === 0) return [];
  const table = layoutTable([...byName].map(([name, words]) => [`  ${name}`, [...words].join("; ")]));
  return [title, ...table];
}

function summary(verdicts: readonly StepVerdict[]): string {
  const count = (outcome: StepVerdict["outcome"]) => verdicts.filter((one) => one.outcome === outcome).length;
  const parts = [`${count("reproducible")} of ${formatCount(verdicts.length, "step")} reproducible`];
  if (count("different") > 0) parts.push(`${count("different")} not`);
  if (count("failed") > 0) parts.push(`${count("failed")} failed when built again`);
  return parts.join(", ");
}
