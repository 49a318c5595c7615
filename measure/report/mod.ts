/**
 * Reports made from a result: one self-contained HTML file, Markdown, and JUnit.
 *
 * @module
 */
export { reportFiles } from "./files.ts";
export { renderHtml } from "./html_report.ts";
export { renderMarkdown } from "./markdown_report.ts";
