import { plural } from "../format.ts";
import type { ArmComparison, ResultComparison } from "./compare_results.ts";
import { LEVEL } from "./verdict.ts";

/** The comparison as Markdown, for a pull request. */
export function comparisonMarkdown(comparison: ResultComparison): string {
  const rows = comparison.arms.map((one) => `| ${cells(one).join(" | ")} |`);
  return [
    `### ${headline(comparison)}`,
    "",
    `| ${HEADS.join(" | ")} |`,
    "| --- | --- | ---: | --- | ---: | ---: | --- |",
    ...rows,
    "",
    `\`${comparison.before}\` against \`${comparison.after}\`. Ratio: median over processes, after / before, with its 99 % interval. ` +
    `A difference counts where p < ${LEVEL} and the whole interval lies beyond the threshold.`,
    ...[...comparison.failures, ...comparison.notes].map((note) => `- ${note}`),
    "",
  ].join("\n");
}

/** The comparison as rows of cells for a terminal's table, heads first. */
export function comparisonRows(comparison: ResultComparison): string[][] {
  return [[...HEADS], ...comparison.arms.map((one) => [...cells(one)])];
}

/** How it ended, in one sentence. */
export function headline({ arms, regressions, unconfirmed, failures }: ResultComparison): string {
  if (regressions.length > 0) {
    return `${plural(regressions.length, "regression")}: ${namesOf(regressions)}`;
  }
  if (unconfirmed.length > 0) {
    return `${plural(unconfirmed.length, "slowdown")} to be confirmed by a rerun: ${namesOf(unconfirmed)}`;
  }
  if (failures.length > 0) return `No regression in time, but ${failures.join(", ")}`;
  if (arms.every(({ verdict }) => verdict === "invalid")) return "No verdict: nothing could be compared";
  const faster = arms.filter(({ verdict }) => verdict === "faster").length;
  return faster === 0 ? "No regression" : `No regression, ${faster} faster`;
}

function namesOf(arms: readonly ArmComparison[]): string {
  return arms.map(({ model, backend }) => `${model} on ${backend}`).join(", ");
}

const HEADS = ["model", "on", "ratio", "99 % interval", "p", "threshold", "verdict"] as const;

function cells(one: ArmComparison): string[] {
  const { interval, ratio, adjustedP } = one;
  return [
    one.model,
    one.backend,
    ratio === null ? "" : ratio.toFixed(3),
    interval === null ? "" : `${interval.low.toFixed(3)} to ${interval.high.toFixed(3)}`,
    adjustedP === null ? "" : adjustedP < 0.0001 ? "< 0.0001" : adjustedP.toFixed(4),
    `${(one.threshold * 100).toFixed(1)} %`,
    verdictText(one),
  ];
}

function verdictText({ verdict, invalid, confirmed }: ArmComparison): string {
  if (invalid !== undefined) return `no verdict: ${invalid}`;
  if (verdict === "no-difference") return "no difference";
  if (verdict !== "slower") return verdict;
  if (confirmed === undefined) return "slower, to be confirmed";
  return confirmed ? "slower, twice" : "slower, not so in the rerun";
}
