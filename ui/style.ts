/**
 * Colours and symbols, used sparingly: green, red and yellow for how a step ended, dim for what explains.
 *
 * @module
 */
import { displayWidth, truncate } from "./_display_width.ts";

/** What a piece of text means. */
export type Tone = "plain" | "strong" | "dim" | "good" | "bad" | "warning";

/** A piece of a line. */
export interface Span {
  readonly text: string;
  readonly tone: Tone;
}

/** How tones and symbols look. */
export interface Style {
  readonly paint: (text: string, tone: Tone) => string;
  readonly symbols: {
    readonly built: string;
    readonly hit: string;
    readonly failed: string;
    readonly cancelled: string;
  };
}

const CODES: Record<Tone, string> = {
  plain: "",
  strong: "1",
  dim: "2",
  good: "32",
  bad: "31",
  warning: "33",
};

const SYMBOLS: Style["symbols"] = { built: "✓", hit: "=", failed: "✗", cancelled: "-" };

/** No colours. */
export const PLAIN_STYLE: Style = { paint: (text) => text, symbols: SYMBOLS };

/** ANSI colours, the sixteen that follow the user's theme. */
export const COLOR_STYLE: Style = {
  paint: (text, tone) => tone === "plain" || text === "" ? text : `\x1b[${CODES[tone]}m${text}\x1b[0m`,
  symbols: SYMBOLS,
};

/** Whether colours are wanted: not with NO_COLOR (https://no-color.org) and not on a dumb terminal. */
export function wantsColor(env: { get(name: string): string | undefined }): boolean {
  return (env.get("NO_COLOR") ?? "") === "" && env.get("TERM") !== "dumb";
}

/** A piece of a line with its tone. */
export function span(text: string, tone: Tone = "plain"): Span {
  return { text, tone };
}

/** Cuts the pieces to the width and paints them. */
export function paintSpans(spans: readonly Span[], width: number, style: Style): string {
  let line = "";
  let left = width;
  for (const { text, tone } of spans) {
    if (left <= 0) break;
    line += style.paint(truncate(text, left), tone);
    left -= displayWidth(text);
  }
  return line;
}
