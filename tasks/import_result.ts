/**
 * `deno task import-result FOLDER`: judge what a bundle wrote on another machine.
 *
 * @module
 */
import { join, resolve } from "node:path";
import { Option } from "@commander-js/extra-typings";
import { EngineError, EXIT, type Host } from "../engine/mod.ts";
import { assertOutputFolder } from "./_output_folder.ts";
import { baseCommand } from "./_options.ts";
import { printResult } from "./_print_result.ts";
import { REPOSITORY } from "./_session.ts";

/** The command. */
export function command(host: Host) {
  return baseCommand("import-result", "Judge what a bundle wrote on another machine")
    .argument("<folder>", "the bundle as it came back, with its folder out/")
    .addOption(
      new Option("--results <folder>", "where result folders go").default(
        join(REPOSITORY, "results"),
        "results/",
      ),
    )
    .addHelpText("after", EXAMPLES)
    .action(async (argument, values) => {
      const folder = resolve(argument);
      for (const name of ["manifest.json", "out"]) {
        if (host.fs.lstat(join(folder, name)) !== undefined) continue;
        throw new EngineError("usage", `Cannot import "${argument}": it has no ${name}`, {
          hint: name === "out"
            ? "Start ./run in it on the machine to be measured, then bring the folder back"
            : "Give the folder that `deno task test-device --target bundle` made",
        });
      }
      assertOutputFolder(host, values.results, "--results");
      const { importBundle } = await import("./_import_bundle.ts");
      const imported = await importBundle(host, { folder, results: values.results });
      await printResult(imported, { json: values.json === true });
      if (imported.missing > 0) {
        console.error(
          `${imported.missing} processes did not run: start ./run again, it goes on where it stopped`,
        );
      }
      if (!imported.result.ok) Deno.exitCode = EXIT.failed;
    });
}

const EXAMPLES = `
Examples:
  deno task import-result bundle
  deno task test-device --target bundle --out bundle     what made it; bundle/run is what runs over there
`;
