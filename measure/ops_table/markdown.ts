/**
 * Markdown as `deno fmt` lays it out, so that a generated page is a formatted one.
 *
 * @module
 */

/** Marks around the generated part of a page; what is written around it stays. */
export const GENERATED_MARKS = ["<!-- Made by `deno task ops-table`: begin -->", "<!-- end -->"] as const;

/** Puts a generated part, with its marks, into a page in place of the old; a page without marks stays as it is. */
export function replaceGenerated(page: string, generated: string): string {
  const [begin, end] = GENERATED_MARKS;
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from);
  if (from < 0 || to < 0) return page;
  return page.slice(0, from) + generated + page.slice(to + end.length);
}

/** A column's heading, and whether its cells stand at the right, as numbers do. */
export interface Heading {
  readonly text: string;
  readonly right?: boolean;
}

/** The lines of a table; cells are text of Markdown already. */
export function markdownTable(headings: readonly Heading[], rows: readonly (readonly string[])[]): string[] {
  const widths = headings.map(({ text }, i) =>
    Math.max(3, [...text].length, ...rows.map((row) => [...row[i] ?? ""].length))
  );
  const line = (cells: readonly string[]) =>
    `| ${
      cells.map((cell, i) => {
        const gap = " ".repeat(widths[i]! - [...cell].length);
        return headings[i]!.right === true ? gap + cell : cell + gap;
      }).join(" | ")
    } |`;
  const rule = headings.map(({ right }, i) =>
    right === true ? `${"-".repeat(widths[i]! - 1)}:` : "-".repeat(widths[i]!)
  );
  return [line(headings.map(({ text }) => text)), `| ${rule.join(" | ")} |`, ...rows.map(line)];
}

/** Text as Markdown shows it, in a table too. */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/[|<>*_`\\[\]]/g, (character) => `\\${character}`);
}

/** The width at which the repository's files are wrapped, as in deno.json. */
const LINE_WIDTH = 110;

/** The lines of a paragraph, or of an item of a list with its mark: `- ` or `  - `. */
export function wrapMarkdown(text: string, mark = ""): string[] {
  const indent = " ".repeat(mark.length);
  const lines: string[] = [];
  let line = mark;
  for (const word of text.split(/\s+/)) {
    const isEmpty = line === mark || line === indent;
    if (!isEmpty && [...line].length + 1 + [...word].length > LINE_WIDTH) {
      lines.push(line);
      line = indent + word;
    } else line += isEmpty ? word : ` ${word}`;
  }
  return [...lines, line];
}
