import type { Attachment } from "../result.ts";
import { renderJunit } from "../junit.ts";
import type { Result } from "../schema.ts";
import { renderHtml } from "./html_report.ts";
import { renderMarkdown } from "./markdown_report.ts";

/** The reports that lie in a result folder beside `result.json`. */
export function reportFiles(result: Result): ReadonlyArray<Attachment & { readonly content: string }> {
  return [
    { path: "report.html", content: renderHtml(result) },
    { path: "report.md", content: renderMarkdown(result) },
    { path: "junit.xml", content: renderJunit(result) },
  ];
}
