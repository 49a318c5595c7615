/**
 * Output of steps is not trusted: a control sequence in it could move the cursor, set the title, write to the
 * clipboard or hide text. Only printable characters and tabs reach the terminal.
 *
 * @module
 */

// Strings of OSC, DCS, SOS, PM and APC, up to their end or the end of the line; then CSI and the other escapes.
// What is left of a broken sequence loses its introducer below and is shown as plain text.
// deno-lint-ignore no-control-regex
const STRINGS = /(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?/g;
// deno-lint-ignore no-control-regex
const SEQUENCES = /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?|\x1b[ -/]*[0-~]?/g;
// Controls but for the tab, and the marks that reorder or hide text ("Trojan Source").
// deno-lint-ignore no-control-regex
const CONTROLS = /[\x00-\x08\x0a-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
// deno-lint-ignore no-control-regex
const SUSPECT = /[\x00-\x08\x0a-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

/** One line of foreign text, safe to print. Of a line that was overwritten with `\r`, only the last state is kept. */
export function cleanLine(line: string): string {
  if (!SUSPECT.test(line)) return line;
  const overwritten = line.replace(/\r+$/, "");
  const last = overwritten.slice(overwritten.lastIndexOf("\r") + 1);
  return last.replace(STRINGS, "").replace(SEQUENCES, "").replace(CONTROLS, "");
}

/** Foreign text of several lines, safe to print. */
export function cleanLines(text: string): string[] {
  return text.split(/\r?\n/).map(cleanLine);
}
