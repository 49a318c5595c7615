/**
 * How an error reads, for every command: what failed, the tail of the log, known causes, and what to do next.
 *
 * @module
 */
import { EngineError } from "../engine/error.ts";
import { cleanLine, cleanLines } from "./clean.ts";
import { wrapText } from "./format.ts";
import { PLAIN_STYLE, type Style, type Tone } from "./style.ts";

/** A known failure that the text of a log points to. */
export interface Advice {
  readonly title: string;
  readonly fix: string;
  readonly reference: string;
}

/** Looks for known failures in the text of a log. */
export type Diagnose = (log: string) => readonly Advice[];

/** Options of {@linkcode renderError}. */
export interface RenderErrorOptions {
  /** Shows the code, the causes and the stack as well. */
  readonly verbose?: boolean;
  /** Columns; hints are wrapped, lines of a log are not. */
  readonly width?: number;
  readonly style?: Style;
  /** Where given, known failures are looked for in the message and its details. */
  readonly diagnose?: Diagnose;
}

const REPORT_HINT =
  "This is a fault in vkforge itself; please report it with the output of the same command and --verbose";

/** The lines that tell an error; works for whatever was thrown. */
export function renderError(error: unknown, options: RenderErrorOptions = {}): string[] {
  const { verbose = false, width = 80, style = PLAIN_STYLE, diagnose } = options;
  const expected = error instanceof EngineError;
  const title = style.paint(expected ? "error:" : "unexpected error:", "bad");
  const [first = "", ...more] = cleanLines(messageOf(error));
  const lines = [`${title} ${first}`, ...more.map((line) => `  ${line}`)];

  const detail = detailOf(error);
  for (const line of detail) lines.push(`  ${style.paint("|", "dim")} ${line}`.trimEnd());
  if (error instanceof AggregateError) {
    for (const inner of error.errors) {
      lines.push(...indent(renderError(inner, { ...options, width: width - 2 })));
    }
  }

  const label = (name: string, text: string, tone: Tone) => labelled(name, text, { width, style, tone });
  const known = knowsItsRemedy(error) ? [] : diagnose?.([messageOf(error), ...detail].join("\n")) ?? [];
  for (const advice of known) {
    lines.push(...label("known", advice.title, "warning"), ...label("fix", advice.fix, "warning"));
    lines.push(`  ${style.paint("see:", "dim")} ${advice.reference}`);
  }
  const hint = expected ? error.hint : REPORT_HINT;
  if (hint !== undefined) lines.push(...label("hint", cleanLine(hint), "strong"));

  if (!verbose) return lines;
  if (expected) lines.push(...label("code", error.code, "dim"));
  for (const cause of causesOf(error)) lines.push(...label("cause", cleanLine(messageOf(cause)), "dim"));
  return [...lines, ...stackOf(error).map((line) => `  ${style.paint(line, "dim")}`)];
}

/** The table of known failures is about what programs print; a cause that the engine found itself comes with its hint. */
function knowsItsRemedy(error: unknown): boolean {
  return error instanceof EngineError && error.hint !== undefined && !error.code.startsWith("step-");
}

function messageOf(error: unknown): string {
  if (error instanceof EngineError) return error.message;
  if (error instanceof Error) return `${error.name}: ${error.message}`;
  return typeof error === "string" ? error : `thrown value ${Deno.inspect(error, { depth: 2 })}`;
}

function detailOf(error: unknown): string[] {
  return error instanceof EngineError ? error.detail.flatMap(cleanLines) : [];
}

/** The chain of causes; a chain that bites its own tail ends there. */
function causesOf(error: unknown): unknown[] {
  const causes: unknown[] = [];
  let next = error instanceof Error ? error.cause : undefined;
  while (next !== undefined && next !== error && !causes.includes(next)) {
    causes.push(next);
    next = next instanceof Error ? next.cause : undefined;
  }
  return causes;
}

function stackOf(error: unknown): string[] {
  const stack = error instanceof Error ? error.stack ?? "" : "";
  return cleanLines(stack).map((line) => line.trim()).filter((line) => line.startsWith("at "));
}

function labelled(
  name: string,
  text: string,
  options: { width: number; style: Style; tone: Tone },
): string[] {
  const margin = " ".repeat(name.length + 4);
  return wrapText(text, Math.max(20, options.width - margin.length)).map((line, index) =>
    index === 0 ? `  ${options.style.paint(`${name}:`, options.tone)} ${line}` : margin + line
  );
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
