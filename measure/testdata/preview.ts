/**
 * Writes reports of made-up results into a folder, to look at: `deno run -A measure/testdata/preview.ts FOLDER`.
 *
 * @module
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { renderHtml, renderMarkdown } from "../report/mod.ts";
import { failedModel, fixtureModel, fixtureResult, wrongModel } from "./fixture.ts";

const folder = Deno.args[0];
if (folder === undefined) throw new Error("Usage: preview.ts FOLDER");

const results = {
  pass: fixtureResult(),
  fail: fixtureResult({
    models: [
      fixtureModel(),
      wrongModel("detnet"),
      failedModel("yolov5s", {
        code: "missing-op",
        message: 'The Vulkan backend has no "aten::silu"',
        hint: "Run `deno task check-ops yolov5s` for the rewrite that replaces it",
      }),
    ],
    drift: [{
      subject: "debian:libprotobuf-lite32",
      locked: "3.21.12-3",
      used: "3.21.12-3+deb12u1",
      reason: "left the mirror and the snapshot archive",
    }],
  }),
};

await mkdir(folder, { recursive: true });
for (const [name, result] of Object.entries(results)) {
  await writeFile(join(folder, `${name}.html`), renderHtml(result));
  await writeFile(join(folder, `${name}.md`), renderMarkdown(result));
}
