/**
 * `deno task verify`: build again under other conditions, compare bit by bit.
 *
 * @module
 */
import { EXIT, type Host, inOrder, type StepVerdict } from "../engine/mod.ts";
import { mainJob, resolveTarget, TARGETS } from "../recipes/project.ts";
import { verdictLines } from "../ui/verdict.ts";
import { jobOptions } from "./_job_options.ts";
import { graphCommand, positiveInteger } from "./_options.ts";
import { inSession } from "./_session.ts";

/** The command. */
export function command(host: Host) {
  return jobOptions(graphCommand("verify", "Build again under other conditions and compare bit by bit"))
    .argument("<target>", "a step, or a command (test-swiftshader, build-models) for all its steps")
    .option("--runs <count>", "how often each step is built again", positiveInteger, 1)
    .option("--find-cause", "after a difference, find which condition makes it; a build for each")
    .addHelpText("after", EXAMPLES)
    .action(async (target, values) => {
      const verdicts = await inSession(host, values, async ({ project, engine, signal }) => {
        const job = mainJob(project, {
          models: values.model ?? [],
          weights: values.weights,
          runtime: values.runtime,
          size: values.size,
          samples: values.samples,
        });
        const targets = resolveTarget(job, target);
        const isStep = !(TARGETS as readonly string[]).includes(target);
        return await engine.verify(isStep ? targets : inOrder(targets), signal, {
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
