/**
 * `deno task build-models`: every form of the models, copied to a folder.
 *
 * @module
 */
import { join } from "node:path";
import { Option } from "@commander-js/extra-typings";
import type { Host } from "../engine/mod.ts";
import { explainModelFile } from "../recipes/model_file.ts";
import { mainJob } from "../recipes/project.ts";
import { jobOptions } from "./_job_options.ts";
import { chooseModelsAndFiles, inputShape } from "./_model_files.ts";
import { graphCommand } from "./_options.ts";
import { assertOutputFolder } from "./_output_folder.ts";
import { inSession, REPOSITORY } from "./_session.ts";

/** The command. */
export function command(host: Host) {
  return jobOptions(
    graphCommand("build-models", "Build every form of the models: CPU, lite, Vulkan, golden data"),
  )
    .option("--input <shape>", "of the file that --model names, once for each input", inputShape)
    .addOption(
      new Option("--out <folder>", "where the files go").default(
        join(REPOSITORY, "results", "models"),
        "results/models/",
      ),
    )
    .addHelpText("after", EXAMPLES)
    .action(async (values) => {
      const chosen = chooseModelsAndFiles(host, values);
      assertOutputFolder(host, values.out, "--out");
      const models = await inSession(host, values, async ({ project, engine, signal, drift }) => {
        const job = mainJob(project, {
          ...chosen,
          weights: values.weights,
          runtime: values.runtime,
          size: values.size,
          samples: values.samples,
        });
        const targets = job.models.flatMap(({ cpu, vulkan }) => [cpu, vulkan]);
        const manifests = await engine.build(targets, signal, "build-models").catch((error) => {
          throw explainModelFile(error);
        });
        return job.models.map(({ spec, cpu, vulkan }) => {
          const folder = join(values.out, spec.name);
          const trees = [cpu, vulkan].flatMap((step) => manifests.get(step.name)?.tree ?? []);
          engine.export(trees, folder);
          return { name: spec.name, folder, files: trees.map((entry) => entry.path), drift };
        });
      });
      if (values.json) console.log(JSON.stringify({ schema: 1, command: "build-models", ok: true, models }));
      else {for (const { name, folder, files } of models) {
          console.log(`${name}: ${files.length} files in ${folder}`);
        }}
    });
}

const EXAMPLES = `
Examples:
  deno task build-models
  deno task build-models --model mobilenet_v2 --weights pretrained --out /tmp/models
  deno task build-models --model net.pt --input 1,3,224,224
`;
