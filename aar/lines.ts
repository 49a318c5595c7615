/**
 * A verdict as text for people.
 *
 * @module
 */
import type { CheckResult } from "./check.ts";
import type { AarDifference, LibraryDifference, ListDifference } from "./compare.ts";
import type { Verdict } from "./document.ts";
import { isGood } from "./judge.ts";

/** How much is shown. */
export interface LineOptions {
  /** All details of all checks. */
  readonly verbose: boolean;
}

const SIGNS: Readonly<Record<CheckResult["status"], string>> = {
  pass: "✓",
  fail: "✗",
  warn: "!",
  none: "-",
  allowed: "~",
};

/** Details of one check that are shown without being asked for more. */
const SHOWN_DETAILS = 4;

/** One line a check, what was found, sizes, what changed, and the verdict last. */
export function verdictLines({ file, aar, results, against }: Verdict, options: LineOptions): string[] {
  const width = Math.max(...results.map(({ name }) => name.length));
  const checks = results.flatMap((result) => [
    `${SIGNS[result.status]} ${result.name.padEnd(width)}  ${result.summary}` +
    (result.status === "allowed" ? " (allowed)" : ""),
    ...detailLines(result, options),
  ]);
  const partWidth = Math.max(...aar.parts.map(({ part }) => part.length), 0);
  const sizes = aar.parts.map(({ part, files, sizeBytes, compressedBytes }) =>
    `  ${part.padEnd(partWidth)}  ${megabytes(compressedBytes)} packed, ${
      megabytes(sizeBytes)
    } unpacked, ${files} ${files === 1 ? "file" : "files"}`
  );
  return [
    `${file}: ${megabytes(aar.sizeBytes).trim()}, sha256 ${aar.sha256}`,
    "",
    ...checks,
    ...(sizes.length === 0 ? [] : ["", "Sizes", ...sizes]),
    ...(against === undefined ? [] : ["", ...differenceLines(against.file, against.difference, options)]),
    "",
    verdictLine(results),
  ];
}

function detailLines({ status, details = [], hint }: CheckResult, { verbose }: LineOptions): string[] {
  if (status === "pass" || status === "none") return verbose ? details.map((line) => `    ${line}`) : [];
  const shown = verbose ? details : details.slice(0, SHOWN_DETAILS);
  const rest = details.length - shown.length;
  return [
    ...shown.map((line) => `    ${line}`),
    ...(rest > 0 ? [`    and ${rest} more (--verbose shows them)`] : []),
    ...(hint === undefined || status === "allowed" ? [] : [`    hint: ${hint}`]),
  ];
}

function verdictLine(results: readonly CheckResult[]): string {
  const named = (status: CheckResult["status"]) =>
    results.filter((result) => result.status === status).map(({ name }) => name);
  const [failed, warned] = [named("fail"), named("warn")];
  const warnings = warned.length === 0 ? "" : `; warnings: ${warned.join(", ")}`;
  return isGood(results) ? `Good${warnings}` : `FAILED: ${failed.join(", ")}${warnings}`;
}

function differenceLines(file: string, difference: AarDifference, { verbose }: LineOptions): string[] {
  const { isSameFile, sizeBytes, api, libraries, parts } = difference;
  if (isSameFile) return [`Against ${file}: the same bytes`];
  const list = (title: string, { added, removed }: ListDifference, shownCount: number) => {
    const lines = [...removed.map((line) => `- ${line}`), ...added.map((line) => `+ ${line}`)];
    const shown = verbose ? lines : lines.slice(0, shownCount);
    return [
      `  ${title}: ${added.length} added, ${removed.length} removed`,
      ...shown.map((line) => `    ${line}`),
      ...(shown.length < lines.length
        ? [`    and ${lines.length - shown.length} more (--verbose shows them)`]
        : []),
    ];
  };
  return [
    `Against ${file}: ${change(sizeBytes.before, sizeBytes.after)}`,
    ...parts.filter(({ before, after }) => before !== after)
      .map(({ part, before, after }) => `  ${part}: ${change(before, after)}`),
    ...list("Java API", api, 12),
    ...libraries.flatMap((library) => [
      ...libraryFacts(library),
      ...(library.before === undefined || library.after === undefined
        ? []
        : list(`${library.path}, exported symbols`, library.symbols, 0)),
    ]),
  ];
}

function libraryFacts({ path, before, after }: LibraryDifference): string[] {
  if (before === undefined) return [`  ${path}: added`];
  if (after === undefined) return [`  ${path}: removed`];
  const counts = [
    ...(before.shaders === after.shaders ? [] : [`shaders ${before.shaders} → ${after.shaders}`]),
    ...(before.vulkanOps === after.vulkanOps
      ? []
      : [`prepack operators ${before.vulkanOps} → ${after.vulkanOps}`]),
  ];
  return counts.length === 0 ? [] : [`  ${path}: ${counts.join(", ")}`];
}

function change(before: number, after: number): string {
  const percent = before === 0
    ? ""
    : ` (${after >= before ? "+" : ""}${((after / before - 1) * 100).toFixed(1)} %)`;
  return `${megabytes(before).trim()} → ${megabytes(after).trim()}${percent}`;
}

function megabytes(bytes: number): string {
  return bytes < 100_000
    ? `${(bytes / 1000).toFixed(1).padStart(6)} kB`
    : `${(bytes / 1e6).toFixed(1).padStart(6)} MB`;
}
