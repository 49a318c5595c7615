/**
 * The generated part of docs/backend.md: what each patch mends, and what each own operator adds.
 *
 * @module
 */
import type { Evidence } from "./evidence.ts";
import { GENERATED_MARKS } from "./markdown.ts";
import type { Counts } from "./summary.ts";

/** A patch as its text tells it. */
export interface PatchText {
  /** File name without ".patch". */
  readonly name: string;
  readonly subject: string;
  /** Paragraphs by their first word: "Fault", "Change", "Test", "Cost". */
  readonly parts: Readonly<Record<string, string>>;
}

/** An own operator's file. */
export interface OwnOperator {
  /** File name without ".cpp". */
  readonly name: string;
  /** Names that it registers: "aten::constant_pad_nd". */
  readonly registers: readonly string[];
}

/** Reads the text that stands before a patch's diff. */
export function parsePatch(name: string, text: string): PatchText {
  const head = text.split(/^---$/m)[0] ?? "";
  const subject = /^Subject: (?:\[[^\]]*\] )?(.*(?:\n .*)*)/m.exec(head)?.[1]?.replaceAll(/\s+/g, " ") ??
    name;
  const parts: Record<string, string> = {};
  let current: string | undefined;
  for (const paragraph of head.split(/\n\s*\n/)) {
    const flat = paragraph.trim().replaceAll(/\s+/g, " ");
    const [, word, rest] = /^(Fault|Change|Test|Cost): (.*)$/.exec(flat) ?? [];
    if (word !== undefined && rest !== undefined) {
      current = word;
      parts[word] = rest;
    } else if (current !== undefined && flat !== "") {
      parts[current] += ` ${flat}`;
    }
  }
  return { name, subject: subject.replace(/^vulkan: /, ""), parts };
}

/** Finds what a file of operators registers. */
export function parseOperator(name: string, source: string): OwnOperator {
  const names = [...source.matchAll(/m\.impl\(\s*(?:TORCH_SELECTIVE_NAME\()?\s*"([\w:.]+)"/g)].map(([, op]) =>
    op!
  );
  const qualified = names.map((op) => op.includes("::") ? op : `aten::${op}`);
  return { name, registers: [...new Set(qualified)].sort() };
}

/** The generated part, with its marks. */
export function renderBackend(
  patches: readonly PatchText[],
  operators: readonly OwnOperator[],
  evidence: ReadonlyMap<string, Evidence>,
): string {
  const [begin, end] = GENERATED_MARKS;
  return [
    begin,
    "",
    "### Patches",
    "",
    "Before and after: verdicts of the truth table's rows that name the patch, on SwiftShader.",
    "",
    "| patch | fault | before (stock) | after (vkforge) | cost |",
    "| --- | --- | --- | --- | --- |",
    ...patches.map(({ name, subject, parts }) => {
      const rows = evidence.get(name);
      const cells = [
        `${name.slice(0, 4)}: ${subject}`,
        parts.Fault ?? "",
        rows === undefined ? "" : countsText(rows.columns["swiftshader/stock"]),
        rows === undefined ? (parts.Test ?? "") : countsText(rows.columns["swiftshader/vkforge"]),
        parts.Cost ?? "",
      ];
      return `| ${cells.map(escaped).join(" | ")} |`;
    }),
    "",
    "### Own operators",
    "",
    "| file | registers | stock | vkforge |",
    "| --- | --- | --- | --- |",
    ...operators.map(({ name, registers }) => {
      const columns = evidence.get(name)?.columns ?? {};
      const counts = ["stock", "vkforge"].map((runtime) => countsText(columns[`swiftshader/${runtime}`]));
      return `| ${name} | ${registers.map((op) => `\`${op}\``).join(", ")} | ${counts.join(" | ")} |`;
    }),
    "",
    end,
  ].join("\n");
}

function countsText(counts: Counts | undefined): string {
  if (counts === undefined) return "";
  const { unclear, missing, crashed, ...rest } = counts;
  return Object.entries({ ...rest, crashed, "no kernel": missing, unclear })
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(", ");
}

function escaped(text: string): string {
  return text.replaceAll(/[|<>*_\\]/g, (character) => `\\${character}`);
}
