import { describe, expect, it } from "vitest";
import { FAILURES } from "./diagnose.ts";
import { troubleshootingMarkdown } from "./troubleshooting.ts";

describe("troubleshootingMarkdown()", () => {
  it("is what docs/troubleshooting.md holds", () => {
    const file = new URL("../../docs/troubleshooting.md", import.meta.url);
    // Where lines break is the formatter's matter.
    const words = (text: string) => text.split(/\s+/);
    expect(words(Deno.readTextFileSync(file)), "Run: deno run -A recipes/doctor/write_docs.ts").toEqual(
      words(troubleshootingMarkdown()),
    );
  });

  it("has an entry for every failure", () => {
    const text = troubleshootingMarkdown();
    for (const { id, title } of FAILURES) expect(text).toContain(`<a id="${id}"></a>\n\n### ${title}\n`);
  });
});
