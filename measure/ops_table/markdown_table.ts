/**
 * Tables of Markdown as `deno fmt` lays them out, so that a generated page is a formatted one.
 *
 * @module
 */

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
