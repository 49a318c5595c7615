/**
 * `deno task cache pull`: steps from a registry, instead of building them.
 *
 * @module
 */
import { Command } from "@commander-js/extra-typings";
import { EXIT, type Host } from "../engine/mod.ts";
import type { PulledStep } from "../engine/registry/mod.ts";
import { DEFAULT_TARGETS, registryOf, sessionValues, targetsOf } from "./_cache_registry.ts";
import { jobOptions } from "./_job_options.ts";
import { processSecrets } from "./_secrets.ts";
import { inSession } from "./_session.ts";
import type { CacheCommand } from "./cache.ts";

/** Adds the command. */
export function addPull(cache: CacheCommand, host: Host): void {
  const pull = jobOptions(new Command("pull").copyInheritedSettings(cache))
    .summary("take steps from a registry")
    .description("Take from a registry what the targets need and the store lacks; every byte is hashed first")
    .argument("[targets...]", "commands (test-swiftshader, build-models) or steps", [...DEFAULT_TARGETS])
    .option(
      "--cache <registry>",
      "registry and repository, such as ghcr.io/acme/vkforge (default: VKFORGE_CACHE)",
    )
    .option("--plain-http", "use http to another machine")
    .addHelpText("after", EXAMPLES)
    .action(async (names, values) => {
      const client = await registryOf(host, values);
      const { pullSteps } = await import("../engine/registry/mod.ts");
      const base = cache.opts();
      const started = host.clock.monotonic();
      const { steps, absent } = await inSession(host, sessionValues(base), async (session) => {
        const { engine, renderer, signal, project } = session;
        const targets = targetsOf(project, names, values);
        const steps = await pullSteps(targets, engine.plan(targets), {
          client,
          host,
          store: engine.store,
          signal,
          emit: processSecrets().sink(renderer.onEvent),
        });
        const wanted = new Set(targets.map(({ name }) => name));
        return {
          steps,
          absent: steps.filter(({ name, outcome }) => wanted.has(name) && outcome === "absent"),
        };
      });
      const ok = absent.length === 0;
      const registry = client.address.text;
      const durationMs = Math.round(host.clock.monotonic() - started);
      if (base.json) {
        const error = ok ? {} : { error: absentError(absent, registry) };
        console.log(
          JSON.stringify({ schema: 1, command: "cache pull", ok, registry, durationMs, steps, ...error }),
        );
      } else {
        const { pulledLines } = await import("../ui/remote_cache.ts");
        for (const line of pulledLines(steps, { registry, durationMs })) console.log(line);
        if (!ok) {
          const { message, hint } = absentError(absent, registry);
          console.error(`error: ${message}\n  hint: ${hint}`);
        }
      }
      if (!ok) Deno.exitCode = EXIT.input;
    });
  cache.addCommand(pull);
}

function absentError(absent: readonly PulledStep[], registry: string) {
  const names = absent.map(({ name }) => `"${name}"`).join(", ");
  return {
    code: "source-gone",
    message: `The registry ${registry} does not have ${names} in this form`,
    hint:
      "Build it here, or push it from a machine that has it with `deno task cache push`; what was found is kept",
  };
}

const EXAMPLES = `
Examples:
  deno task cache pull --cache ghcr.io/acme/vkforge
  deno task cache pull host-runtime/plugin runner --cache localhost:5000/cache
  VKFORGE_CACHE=ghcr.io/acme/vkforge deno task cache pull --json

Exit code 3: the registry does not have a target, does not answer, does not let you in, or gave wrong bytes.
`;
