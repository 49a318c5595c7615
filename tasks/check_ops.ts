/**
 * `deno task check-ops`: tell of any TorchScript file what Vulkan makes of each operator, and mend it.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { Argument, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { EngineError, EXIT, explainIo, type Host } from "../engine/mod.ts";
import { checkOpsStep, isGood, MENDED_FILE, parseCheck, renderCheck } from "../recipes/check_ops/mod.ts";
import { userModel } from "../recipes/user_model.ts";
import { graphCommand } from "./_options.ts";
import { inSession } from "./_session.ts";

/** The command. */
export function command(host: Host) {
  return graphCommand(
    "check-ops",
    "Tell of any TorchScript file what Vulkan makes of each operator, and mend it",
  )
    .addArgument(new Argument("<file>", "a TorchScript file, not yet optimised for a backend"))
    .addOption(
      new Option("--input <shape...>", "shape of each input, in order").argParser(addShape)
        .default([] as ReadonlyArray<readonly number[]>, "1,3,224,224"),
    )
    .addOption(
      new Option("--runtime <name>", "the patched backend, or the one as upstream left it")
        .choices(["vkforge", "stock"] as const).default("vkforge" as const),
    )
    .option("--fix <file>", "write the model anew, by operators that the runtime computes rightly")
    .addHelpText("after", EXAMPLES)
    .action(async (file, values) => {
      const model = await userModel(file);
      if (values.fix !== undefined) assertWritable(values.fix);
      const inputs = values.input.length === 0 ? [[1, 3, 224, 224]] : values.input;
      const found = await inSession(host, values, async ({ engine, project, signal }) => {
        const step = checkOpsStep(project.materials, {
          model,
          inputs,
          runtime: values.runtime,
          fix: values.fix !== undefined,
        });
        const manifest = (await engine.build([step], signal, "check-ops")).get(step.name);
        if (manifest === undefined) throw new EngineError("io", `The output of "${step.name}" is not there`);
        const folder = join(engine.folderOf(manifest), "check");
        const report = parseCheck(await Deno.readTextFile(join(folder, "check.json")));
        if (values.fix !== undefined && report.fix?.equal === true) {
          await copyWhole(join(folder, MENDED_FILE), values.fix);
        }
        return report;
      });
      const ok = isGood(found);
      if (values.json) {
        console.log(JSON.stringify({ command: "check-ops", ...found, ok, written: values.fix ?? null }));
      } else {
        for (const line of renderCheck(found, { verbose: values.verbose === true })) console.log(line);
        if (found.fix?.equal === true) console.log(`written: ${values.fix}`);
      }
      if (!ok) Deno.exitCode = EXIT.failed;
    });
}

const EXAMPLES = `
Examples:
  deno task check-ops model.pt --input 1,3,224,224
  deno task check-ops model.pt --runtime stock --fix model_stock.pt
  deno task check-ops two_inputs.pt --input 1,3,160,192 --input 1,1,40,48 --json

Exit code 0: every operator is right, or, with --fix, the mended file's are. 1: something stays, or the file cannot be
used. 2: the inputs do not fit.
`;

function addShape(text: string, before: ReadonlyArray<readonly number[]>): ReadonlyArray<readonly number[]> {
  const shape = text.split(/[x,]/).map(Number);
  if (shape.some((size) => !Number.isSafeInteger(size) || size < 1)) {
    throw new InvalidArgumentError("Give sizes above zero: 1,3,224,224.");
  }
  return [...before, shape];
}

function assertWritable(file: string): void {
  try {
    if (Deno.statSync(dirname(file)).isDirectory) return;
  } catch {
    // Told below.
  }
  throw new EngineError("usage", `Cannot write "${file}": its folder is not there`, {
    hint: "Make the folder first",
  });
}

/** Copies a file so that nobody sees half of it. */
async function copyWhole(from: string, to: string): Promise<void> {
  const part = `${to}.part`;
  try {
    await Deno.copyFile(from, part);
    await Deno.chmod(part, 0o644);
    await Deno.rename(part, to);
  } catch (error) {
    await Deno.remove(part).catch(() => {});
    throw explainIo(error, `write "${to}"`);
  }
}
