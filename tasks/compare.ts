/**
 * `deno task compare`: two results, arm by arm, and a gate on regressions.
 *
 * @module
 */
import { EngineError, EXIT, type Host } from "../engine/mod.ts";
import { compareResults, comparisonMarkdown, comparisonRows, headline } from "../measure/compare/mod.ts";
import { readResult } from "../measure/mod.ts";
import { layoutTable } from "../ui/format.ts";
import { expectedError } from "./_expected_error.ts";
import { baseCommand } from "./_options.ts";

/** The command. */
export function command(_host: Host) {
  return baseCommand("compare", "Compare two results: what became faster or slower, with evidence")
    .argument("<before>", "a result folder")
    .argument("<after>", "another, of the same models and inputs")
    .option("--again <folders...>", "before and after measured once more: a slowdown must be there again")
    .option("--markdown", "print Markdown, for a pull request")
    .addHelpText("after", EXAMPLES)
    .action(async (before, after, values) => {
      try {
        const rerun = await rerunOf(values.again);
        const comparison = compareResults(await readResult(before), await readResult(after), rerun);
        if (values.json) {
          console.log(JSON.stringify({ schema: 1, command: "compare", ...comparison }));
        } else if (values.markdown) console.log(comparisonMarkdown(comparison));
        else {
          const lines = layoutTable(comparisonRows(comparison), {
            align: "llrlrrl",
          });
          const { failures, notes } = comparison;
          for (const line of [...lines, "", ...failures, ...notes, headline(comparison)]) console.log(line);
          if (comparison.unconfirmed.length > 0) {
            console.log(`Measure both once more, then: ${withRerun(before, after)}`);
          }
        }
        if (!comparison.ok) Deno.exitCode = EXIT.failed;
      } catch (error) {
        throw expectedError(error);
      }
    });
}

function withRerun(before: string, after: string): string {
  return `deno task compare ${before} ${after} --again BEFORE2 AFTER2`;
}

async function rerunOf(folders: readonly string[] | undefined) {
  if (folders === undefined) return undefined;
  const [before, after, ...more] = folders;
  if (before === undefined || after === undefined || more.length > 0) {
    throw new EngineError("usage", `Cannot take ${folders.length} folders for --again`, {
      hint: "Give two: the rerun of the first result, then of the second",
    });
  }
  return { before: await readResult(before), after: await readResult(after) };
}

const EXAMPLES = `
Examples:
  deno task compare results/20260314T092653Z-5f1ac0de results/20260315T081200Z-0a1b2c3d
  deno task compare A B --again A2 B2
  deno task compare A B --markdown > comparison.md

A verdict needs 7 processes an arm or more, 8 with two to six models: measure with --effort normal or thorough.

Exit codes: 0 no regression; 1 a regression, a slowdown that no rerun has confirmed or contradicted yet, a model that
does not pass its checks any more, or nothing to compare; 2 results of other models, weights or inputs.
`;
