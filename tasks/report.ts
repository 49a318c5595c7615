/**
 * `deno task report`: the reports of a result folder, made again from its `result.json`.
 *
 * @module
 */
import { join } from "node:path";
import { EngineError, type Host } from "../engine/mod.ts";
import { readResult } from "../measure/mod.ts";
import { withComparisons } from "../measure/compare_arms.ts";
import { reportFiles } from "../measure/report/mod.ts";
import { expectedError } from "./_expected_error.ts";
import { baseCommand } from "./_options.ts";
import { assertOutputFolder } from "./_output_folder.ts";

/** The command. */
export function command(host: Host) {
  return baseCommand("report", "Make the reports of result folders again: HTML, Markdown, JUnit")
    .argument("<folders...>", "result folders; what was measured in them is not touched")
    .option("--out <folder>", "write there, in place of the result's own folder; for one result")
    .addHelpText("after", EXAMPLES)
    .action(async (folders, values) => {
      if (values.out !== undefined) {
        if (folders.length > 1) {
          throw new EngineError(
            "usage",
            `Cannot write the reports of ${folders.length} results to one folder`,
            {
              hint: "Give --out with one result, or leave it out",
            },
          );
        }
        assertOutputFolder(host, values.out, "--out");
      }
      try {
        const written = [];
        for (const folder of folders) {
          const result = withComparisons(await readResult(folder));
          const out = values.out ?? folder;
          host.fs.mkdir(out);
          for (const { path, content } of reportFiles(result)) host.fs.writeFile(join(out, path), content);
          written.push({ result: result.id, ok: result.ok, report: join(out, "report.html") });
        }
        if (values.json) console.log(JSON.stringify({ schema: 1, command: "report", ok: true, written }));
        else for (const { report } of written) console.log(`report: ${report}`);
      } catch (error) {
        throw expectedError(error);
      }
    });
}

const EXAMPLES = `
Examples:
  deno task report results/20260314T092653Z-5f1ac0de
  deno task report results/2026*
  deno task report results/20260314T092653Z-5f1ac0de --out look
`;
