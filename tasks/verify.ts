/**
 * `deno task verify`: build again under other conditions, compare bit by bit.
 *
 * @module
 */
import { EXIT, type Host, inOrder, type StepVerdict } from "../engine/mod.ts";
import { verdictLines } from "../ui/verdict.ts";
import { graphCommand, positiveInteger } from "./_options.ts";
import { resolveAnyTarget } from "./_resolve_target.ts";
import { inSession } from "./_session.ts";
import { targetOptions } from "./_target_options.ts";

/** The command. */
export function command(host: Host) {
  return targetOptions(graphCommand("verify", "Build again under other conditions and compare bit by bit"))
    .argument(
      "<target>",
      "a step, or a command (test-swiftshader, build-models, build-aar) for all its steps",
    )
    .option("--runs <count>", "how often each step is built again", positiveInteger, 1)
    .option("--find-cause", "after a difference, find which condition makes it; a build for each")
    .addHelpText("after", EXAMPLES)
    .action(async (target, values) => {
      const verdicts = await inSession(host, values, async ({ project, engine, signal }) => {
        const { targets, isCommand } = await resolveAnyTarget(host, project, { target, values });
        return await engine.verify(isCommand ? inOrder(targets) : targets, signal, {
          runs: values.runs,
          findCause: values.findCause === true,
        });
      });
      const ok = verdicts.every(({ outcome }) => outcome === "reproducible");
      if (values.json) console.log(JSON.stringify(verifyDocument(verdicts, ok)));
      else {
        const options = { nowMs: host.clock.now(), verbose: values.verbose === true };
        for (const line of verdictLines(verdicts, options)) console.log(line);
      }
      if (!ok) Deno.exitCode = exitCode(verdicts);
    });
}

const EXAMPLES = `
Examples:
  deno task verify runner
  deno task verify test-swiftshader --runs 2
  deno task verify host-runtime/plugin --find-cause --json
  deno task verify build-aar --from maven

Exit code 4: a step made something else. 1: a step failed when it was built again.
`;

function exitCode(verdicts: readonly StepVerdict[]): number {
  return verdicts.some(({ outcome }) => outcome === "different") ? EXIT.notReproducible : EXIT.failed;
}

/** What `verify --json` prints. */
function verifyDocument(verdicts: readonly StepVerdict[], ok: boolean) {
  return {
    schema: 1,
    command: "verify",
    ok,
    steps: verdicts.map(({ error, ...verdict }) => ({
      ...verdict,
      ...(error === undefined
        ? {}
        : { error: { code: error.code, message: error.message, detail: error.detail } }),
    })),
  };
}
