/**
 * `deno task cache push`: steps to a registry, for others to pull.
 *
 * @module
 */
import { Command } from "@commander-js/extra-typings";
import { EngineError, type Host, type PlannedStep, type Step } from "../engine/mod.ts";
import { DEFAULT_TARGETS, registryOf, sessionValues, targetsOf } from "./_cache_registry.ts";
import { jobOptions } from "./_job_options.ts";
import { processSecrets } from "./_secrets.ts";
import { inSession } from "./_session.ts";
import type { CacheCommand } from "./cache.ts";

/** Adds the command. */
export function addPush(cache: CacheCommand, host: Host): void {
  const push = jobOptions(new Command("push").copyInheritedSettings(cache))
    .summary("put steps into a registry")
    .description("Put the targets, and what the store has of the steps that they read, into a registry")
    .argument("[targets...]", "commands (test-swiftshader, build-models) or steps", [...DEFAULT_TARGETS])
    .option(
      "--cache <registry>",
      "registry and repository, such as ghcr.io/acme/vkforge (default: VKFORGE_CACHE)",
    )
    .option("--plain-http", "use http to another machine")
    .option("--replace", "put a step there whatever is under its id")
    .option("--read-only", "refuse; what runs for pull requests of forks on GitHub does so by itself")
    .addHelpText("after", EXAMPLES)
    .action(async (names, values) => {
      const { pushRefusal, pushSteps } = await import("../engine/registry/mod.ts");
      const refusal = pushRefusal(host, { readOnly: values.readOnly === true });
      if (refusal !== undefined) throw refusal;
      const client = await registryOf(host, values);
      const base = cache.opts();
      const started = host.clock.monotonic();
      const steps = await inSession(host, sessionValues(base), async (session) => {
        const { engine, renderer, signal, project } = session;
        const targets = targetsOf(project, names, values);
        const planned = engine.plan(targets);
        expectBuilt(targets, planned);
        const manifests = planned.flatMap(({ manifest }) => manifest ?? []);
        return await pushSteps(manifests, {
          client,
          host,
          store: engine.store,
          signal,
          emit: processSecrets().sink(renderer.onEvent),
          replace: values.replace,
        });
      });
      const registry = client.address.text;
      const durationMs = Math.round(host.clock.monotonic() - started);
      if (base.json) {
        const document = { schema: 1, command: "cache push", ok: true, registry, durationMs, steps };
        console.log(JSON.stringify(document));
      } else {
        const { pushedLines } = await import("../ui/remote_cache.ts");
        for (const line of pushedLines(steps, { registry, durationMs })) console.log(line);
      }
    });
  cache.addCommand(push);
}

/** Steps that targets read may be missing: they are not needed to use the targets. */
function expectBuilt(targets: readonly Step[], planned: readonly PlannedStep[]): void {
  const missing = planned.filter(({ step, status }) => status === "miss" && targets.includes(step));
  if (missing.length === 0) return;
  const names = missing.map(({ step }) => `"${step.name}"`).join(", ");
  throw new EngineError("source-unavailable", `Cannot push ${names}: not in the store`, {
    hint: "Build first, for instance with `deno task test-swiftshader`",
  });
}

const EXAMPLES = `
Examples:
  deno task cache push --cache ghcr.io/acme/vkforge
  deno task cache push host-runtime/plugin --cache localhost:5000/cache --json

Exit code 1: the registry does not answer or does not let you push. 3: a target is not in the store.
4: the registry has another output under the same id.
`;
