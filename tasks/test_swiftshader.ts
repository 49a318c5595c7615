/**
 * `deno task test-swiftshader`, the main job: build, convert, run on CPU and SwiftShader, compare, report.
 *
 * @module
 */
import { join } from "node:path";
import { Option } from "@commander-js/extra-typings";
import { EngineError, EXIT, type Host } from "../engine/mod.ts";
import type { Result } from "../measure/mod.ts";
import { DRIVERS, findMachineDriver } from "../recipes/drivers/mod.ts";
import { explainModelFile } from "../recipes/model_file.ts";
import { mainJob } from "../recipes/project.ts";
import { jobOptions } from "./_job_options.ts";
import { measureOptions } from "./_measure_options.ts";
import { chooseModelsAndFiles } from "./_model_files.ts";
import { graphCommand } from "./_options.ts";
import { assertOutputFolder } from "./_output_folder.ts";
import { inSession } from "./_session.ts";

/** The command. */
export function command(host: Host) {
  return jobOptions(measureOptions(
    graphCommand(
      "test-swiftshader",
      "Build, convert and run the models on CPU and SwiftShader; compare and report",
    ),
  ))
    .addOption(
      new Option("--driver <name>", "where Vulkan runs: two drivers in software, or this machine's own GPU")
        .choices(DRIVERS).default("swiftshader" as const),
    )
    .option("--bisect", "where a model's outputs are wrong, find the first operator that differs")
    .addHelpText("after", EXAMPLES)
    .action(async (values) => {
      const chosen = chooseModelsAndFiles(host, values);
      assertOutputFolder(host, values.results, "--results");
      // Minutes before it is needed.
      if (values.driver === "gpu") findMachineDriver(host);
      if (values.bisect && values.driver === "gpu") {
        throw new EngineError("usage", "Cannot bisect on this machine's GPU", {
          hint: "Use --driver swiftshader or --driver lavapipe with --bisect",
        });
      }
      const { result, folder, bisected } = await inSession(host, values, async (session) => {
        const job = mainJob(session.project, {
          ...chosen,
          weights: values.weights,
          runtime: values.runtime,
          size: values.size,
          samples: values.samples,
        });
        const manifests = await session.engine.build(job.targets, session.signal, "test-swiftshader")
          .catch((error) => {
            throw explainModelFile(error);
          });
        const { measureModels } = await import("./_measure.ts");
        const measured = await measureModels(session, {
          command: "test-swiftshader",
          job,
          manifests,
          values,
        });
        const failed = wrongModels(measured.result);
        if (!values.bisect || failed.length === 0) return { ...measured, bisected: [] };
        const { bisectLines, bisectModels } = await import("./_bisect.ts");
        const reports = await bisectModels(session, { job, driver: values.driver, failed });
        const bisected = [...reports].map(([name, report]) => ({
          name,
          report,
          lines: bisectLines(name, report),
        }));
        return { ...measured, bisected };
      });
      const { renderTable, summarize } = await import("../measure/mod.ts");
      if (values.json) {
        const bisect = Object.fromEntries(bisected.map(({ name, report }) => [name, report]));
        console.log(JSON.stringify({ ...summarize(result, folder), ...(values.bisect ? { bisect } : {}) }));
      } else for (const line of renderTable(result, consoleWidth())) console.log(line);
      if (!values.json) { for (const { lines } of bisected) console.log(`\n${lines.join("\n")}`); }
      if (!values.json) console.log(`\nreport: ${join(folder, "report.html")}`);
      if (!result.ok) Deno.exitCode = EXIT.failed;
    });
}

const EXAMPLES = `
Examples:
  deno task test-swiftshader
  deno task test-swiftshader --model mobilenet_v2 --iterations 30
  deno task test-swiftshader --model mobilenet_v2 --effort normal
  deno task test-swiftshader --runtime stock --json --bisect
  deno task test-swiftshader --driver lavapipe --samples 20
  deno task test-swiftshader --driver gpu --size full
  deno task test-swiftshader --model net.pt --input 1,3,224,224
`;

/** Names of the models whose outputs are wrong. */
function wrongModels({ models }: Result): string[] {
  return models.filter(({ failures }) => failures.some(({ check }) => check === "parity"))
    .map(({ name }) => name);
}

function consoleWidth(): number {
  try {
    return Deno.consoleSize().columns;
  } catch {
    return 100;
  }
}
