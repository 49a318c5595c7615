import { escapeHtml } from "./_html.ts";

/** Text as text: no markup, no HTML, no mention, one line. */
export function escapeMarkdown(text: string): string {
  return text
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[\\`*_[\]|~]/g, "\\$&")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll("@", "@\u200b");
}

/** Text within HTML that stands in Markdown, where backslashes escape nothing: no markup, no mention, one line. */
export function escapeInHtml(text: string): string {
  return escapeHtml(text.replaceAll(/\s+/g, " ")).replaceAll("@", "@\u200b");
}

/** A table of cells that are Markdown already, below its two lines of head. */
export function markdownTable(
  head: readonly [names: string, alignment: string],
  rows: ReadonlyArray<readonly string[]>,
): string {
  return [...head, ...rows.map((cells) => `| ${cells.join(" | ")} |`)].join("\n");
}
