/**
 * `deno task verify-aar`: judge any AAR.
 *
 * @module
 */
import { Argument } from "@commander-js/extra-typings";
import {
  type Aar,
  CHECKS,
  compareAars,
  isGood,
  judgeAar,
  readAar,
  type Verdict,
  verdictDocument,
  verdictLines,
} from "../aar/mod.ts";
import { EngineError, EXIT, explainIo, type Host } from "../engine/mod.ts";
import { checkNames } from "./_aar_checks.ts";
import { baseCommand } from "./_options.ts";

/** The command. */
export function command(host: Host) {
  return baseCommand("verify-aar", "Check any AAR: libraries, alignment, Vulkan backend, classes, licences")
    .addArgument(new Argument("<file>", "the AAR"))
    .option("--against <file>", "an earlier AAR, to compare with by API, symbols and size")
    .option("--allow <check...>", "checks that may fail")
    .option("--strict", "fail on warnings too")
    .addHelpText("after", EXAMPLES)
    .action(async (file, values) => {
      const allow = checkNames(values.allow ?? []);
      const aar = await readFile(host, file);
      const against = values.against === undefined ? undefined : {
        file: values.against,
        difference: compareAars(await readFile(host, values.against), aar),
      };
      const results = judgeAar(aar, { allow, strict: values.strict === true });
      const verdict: Verdict = { file, aar, results, against };
      if (values.json) console.log(JSON.stringify(verdictDocument(verdict)));
      else {for (const line of verdictLines(verdict, { verbose: values.verbose === true })) {
          console.log(line);
        }}
      if (!isGood(results)) Deno.exitCode = EXIT.failed;
    });
}

const WIDTH = Math.max(...CHECKS.map(({ name }) => name.length));

const EXAMPLES = `
Checks:
${CHECKS.map(({ name, question }) => `  ${name.padEnd(WIDTH)}  ${question}`).join("\n")}

Examples:
  deno task verify-aar app/libs/pytorch_android-1.13.1.aar
  deno task verify-aar new.aar --against old.aar
  deno task verify-aar new.aar --allow page-alignment licences --strict --json

Exit code 1: a check failed. 2: there is no such file or check.
`;

async function readFile(host: Host, file: string): Promise<Aar> {
  let bytes: Uint8Array;
  try {
    bytes = host.fs.readFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new EngineError("usage", `Cannot read "${file}": there is no such file`, { cause: error });
    }
    if (error instanceof Deno.errors.IsADirectory) {
      throw new EngineError("usage", `Cannot read "${file}": it is a folder`, {
        hint: "Name the .aar file",
        cause: error,
      });
    }
    throw explainIo(error, `read "${file}"`);
  }
  return await readAar(bytes);
}
