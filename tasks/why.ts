/**
 * `deno task why`: why a step would run, or what it was made of.
 *
 * @module
 */
import { explainStep, type Host } from "../engine/mod.ts";
import { loadProject } from "../recipes/project.ts";
import { explanationLines } from "../ui/explanation.ts";
import { graphCommand } from "./_options.ts";
import { resolveAnyTarget } from "./_resolve_target.ts";
import { openEngine, REPOSITORY } from "./_session.ts";
import { targetOptions } from "./_target_options.ts";

/** The command. */
export function command(host: Host) {
  return targetOptions(graphCommand("why", "Tell why a step would run: what changed, with old and new value"))
    .argument("<step>", "a step, or a command (test-swiftshader, build-models, build-aar) for all its steps")
    .addHelpText("after", EXAMPLES)
    .action(async (target, values) => {
      const project = await loadProject(host, REPOSITORY);
      const { targets } = await resolveAnyTarget(host, project, { target, values });
      const engine = openEngine(host, project, values, () => {});
      const planned = engine.plan(targets);
      const asked = targets.length === 1 ? planned.slice(-1) : planned;
      const explanations = asked.map((step) =>
        explainStep(step, planned, { host, store: engine.store, repository: REPOSITORY })
      );
      if (values.json) {
        console.log(JSON.stringify({ schema: 1, command: "why", ok: true, steps: explanations }));
        return;
      }
      const options = { nowMs: host.clock.now(), verbose: values.verbose === true };
      const lines = explanations.flatMap((one) => ["", ...explanationLines(one, options)]);
      for (const line of lines.slice(1)) console.log(line);
    });
}

const EXAMPLES = `
Examples:
  deno task why host-runtime/plugin
  deno task why runner --verbose
  deno task why test-swiftshader --json
  deno task why torch-android/arm64-v8a --fp16
`;
