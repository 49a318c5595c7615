/**
 * Why a step would run or not, for people.
 *
 * @module
 */
import { type Cause, describeReason, type DiffLine, type Explanation } from "../engine/mod.ts";
import { formatAge, formatBytes, formatCount, formatDuration } from "./format.ts";

/** How much of an explanation is shown. */
export interface ExplanationOptions {
  /** The time now, in milliseconds since 1970. */
  readonly nowMs: number;
  /** All lines of differences and all causes. */
  readonly verbose: boolean;
}

/** Lines of a difference, and causes of one step, that are shown without being asked for more. */
const SHOWN_LINES = 12;
const SHOWN_CAUSES = 10;

const SIGNS: Readonly<Record<DiffLine["kind"], string>> = {
  same: "  ",
  removed: "- ",
  added: "+ ",
  gap: "…",
};

/** The lines that tell why a step would run or not. */
export function explanationLines(explanation: Explanation, options: ExplanationOptions): string[] {
  const { name, status, causes, output } = explanation;
  if (status === "hit" && output !== undefined) {
    const made = output.madeMs === undefined ? "made" : `made ${formatAge(output.madeMs, options.nowMs)}`;
    const size = `${formatCount(output.entries, "entry", "entries")}, ${formatBytes(output.sizeBytes)}`;
    return [
      `${name}: hit: ${made} in ${formatDuration(output.durationMs)}`,
      `  output ${output.digest} (${size})`,
    ];
  }
  const [first] = causes;
  const more = causes.length > 1 ? `, and ${formatCount(causes.length - 1, "more reason")}` : "";
  return [
    `${name}: cache miss: ${first === undefined ? "no reason is known" : causeChain(first)}${more}`,
    ...detailLines(causes, { ...options, told: new Set() }, "  "),
  ];
}

/** `step "b" changed, because step "a" changed, because src/a.c changed`. */
export function causeChain(cause: Cause): string {
  const words: string[] = [];
  for (let next: Cause | undefined = cause; next !== undefined; next = next.because[0]) {
    words.push(describeReason(next.reason));
  }
  return words.join(", because ");
}

interface Detail extends ExplanationOptions {
  /** Steps whose causes stand above already. */
  readonly told: Set<string>;
}

/** Nothing where the headline has told all. */
function detailLines(causes: readonly Cause[], detail: Detail, indent: string): string[] {
  const isTold = causes.length === 1 && indent === "  " && isPlain(causes[0]!);
  if (isTold) return [];
  const shown = detail.verbose ? causes : causes.slice(0, SHOWN_CAUSES);
  const lines = shown.flatMap((cause) => causeLines(cause, detail, indent));
  if (causes.length > shown.length) {
    lines.push(
      `${indent}and ${formatCount(causes.length - shown.length, "more reason")} (--verbose shows them)`,
    );
  }
  return lines;
}

function isPlain({ reason, because, diff }: Cause): boolean {
  return because.length === 0 && diff.length === 0 && reason.kind !== "damaged";
}

function causeLines({ reason, because, diff }: Cause, detail: Detail, indent: string): string[] {
  const inner = `${indent}  `;
  switch (reason.kind) {
    case "step": {
      const head = `${indent}${describeReason(reason)}: ${shortId(reason.before)} → ${shortId(reason.now)}`;
      const key = `${reason.name} ${reason.before}`;
      if (detail.told.has(key)) return [`${head} (told above)`];
      detail.told.add(key);
      if (because.length === 0) return [head, `${inner}what it was made of before is not known any more`];
      return [head, ...detailLines(because, detail, inner)];
    }
    case "damaged":
      if (reason.manifest) return [`${indent}its manifest is damaged`];
      return reason.entries.map(({ path, digest, sizeBytes }) =>
        `${indent}${path}: blob ${digest} (${formatBytes(sizeBytes)}) is missing or has another size`
      );
    case "outputs":
      return [
        `${indent}${describeReason(reason)}`,
        `${inner}before: ${reason.before.join(", ")}`,
        `${inner}now: ${reason.now.join(", ")}`,
      ];
    default:
      return [`${indent}${describeReason(reason)}`, ...diffText(diff, detail, `${inner}  `)];
  }
}

function diffText(diff: readonly DiffLine[], { verbose }: Detail, indent: string): string[] {
  const shown = verbose ? diff : diff.slice(0, SHOWN_LINES);
  const lines = shown.map(({ kind, text }) => `${indent}${SIGNS[kind]}${text}`.trimEnd());
  if (diff.length > shown.length) {
    lines.push(`${indent}and ${formatCount(diff.length - shown.length, "more line")} (--verbose shows them)`);
  }
  return lines;
}

function shortId(id: string): string {
  return id.slice(0, 12);
}
