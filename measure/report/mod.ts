/**
 * Reports made from a result: one self-contained HTML file, and Markdown.
 *
 * @module
 */
export { renderHtml } from "./html_report.ts";
export { renderMarkdown } from "./markdown_report.ts";
