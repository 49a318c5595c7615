/**
 * `deno task plan`: what would run, and why.
 *
 * @module
 */
import { describeReason, type Host, type PlannedStep } from "../engine/mod.ts";
import { loadProject } from "../recipes/project.ts";
import { graphCommand } from "./_options.ts";
import { resolveAnyTarget } from "./_resolve_target.ts";
import { openEngine, REPOSITORY } from "./_session.ts";
import { targetOptions } from "./_target_options.ts";

/** The command. */
export function command(host: Host) {
  return targetOptions(graphCommand("plan", "Show what a target would run, and why"))
    .argument(
      "[target]",
      "a command (test-swiftshader, build-models, build-aar) or a step",
      "test-swiftshader",
    )
    .addHelpText("after", EXAMPLES)
    .action(async (target, values) => {
      const project = await loadProject(host, REPOSITORY);
      const { targets } = await resolveAnyTarget(host, project, { target, values });
      const steps = openEngine(host, project, values, () => {}).plan(targets);
      if (values.json) console.log(JSON.stringify(planDocument(steps)));
      else for (const line of planLines(steps, { verbose: values.verbose === true })) console.log(line);
    });
}

const EXAMPLES = `
Examples:
  deno task plan
  deno task plan host-runtime/plugin --json
  deno task plan build-aar --abi arm64-v8a x86_64
  deno task plan build-aar --from maven
`;

/** What `plan --json` prints. */
export function planDocument(steps: readonly PlannedStep[]) {
  return {
    schema: 1,
    steps: steps.map(({ step, id, status, reason, needed }) => ({
      name: step.name,
      id,
      status,
      reason,
      needed,
    })),
  };
}

/** The plan for people. */
export function planLines(steps: readonly PlannedStep[], options: { readonly verbose: boolean }): string[] {
  const width = Math.max(...steps.map(({ step }) => step.name.length));
  const lines = steps.map(({ step, id, status, reasons, reason, needed }) => {
    const why = status === "hit"
      ? ""
      : `${options.verbose ? reasons.map(describeReason).join(", ") : reason}${
        needed ? "" : " (not needed)"
      }`;
    return `${status === "hit" ? "=" : "+"} ${step.name.padEnd(width)}  ${id.slice(0, 12)}  ${status}  ${why}`
      .trimEnd();
  });
  const misses = steps.filter((step) => step.needed).length;
  return [
    ...lines,
    "",
    misses === 0
      ? `Nothing to do: all ${steps.length} steps are in the store`
      : `${misses} of ${steps.length} steps would run`,
  ];
}
