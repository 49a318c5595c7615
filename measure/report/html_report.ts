import type { Result } from "../schema.ts";
import { comparisonSection } from "./_comparison.ts";
import { deviceSection } from "./_device.ts";
import { digestsSection, environmentSection } from "./_environment.ts";
import { headerSection } from "./_header.ts";
import { html, Markup } from "./_html.ts";
import { latencySection } from "./_latency.ts";
import { modelsSection } from "./_models.ts";
import { notesSection } from "./_notes.ts";
import { paritySection } from "./_parity.ts";
import { stepsSection } from "./_steps.ts";
import { STYLE } from "./_style.ts";

/**
 * The result as one HTML file that needs nothing else: no script, no font, no request. A content security policy in the
 * file forbids all three, so that a report is safe to open wherever it came from.
 */
export function renderHtml(result: Result): string {
  const page = html`
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>${result.ok ? "PASS" : "FAIL"}: ${result.command} ${result.id}</title>
        <style>${new Markup(STYLE)}</style>
      </head>
      <body>
    ${headerSection(result)}
    <main>
    ${modelsSection(result)}
    ${comparisonSection(result)}
    ${paritySection(result)}
    ${latencySection(result)}
    ${deviceSection(result)}
    ${stepsSection(result)}
    ${environmentSection(result)}
    ${digestsSection(result)}
    ${notesSection()}
    </main>
    <footer>Result <code>${result.id}</code>, schema ${result.schema}. Made by vkforge ${result.environment
      .versions["vkforge"]}.</footer>
      </body>
    </html>
  `;
  return page.text;
}
