/**
 * What `cache push` and `cache pull` share: the registry, the steps, and a session for both.
 *
 * @module
 */
import { EngineError, type Host, type Step } from "../engine/mod.ts";
import type { RegistryClient } from "../engine/registry/mod.ts";
import { mainJob, type Project, resolveTarget } from "../recipes/project.ts";
import type { JobValues } from "./_job_options.ts";
import type { BaseValues, GraphValues } from "./_options.ts";
import { processSecrets } from "./_secrets.ts";

/** What is pushed and pulled if nothing is named. */
export const DEFAULT_TARGETS: readonly string[] = ["test-swiftshader"];

/** Values of the options that both have. */
export interface RegistryValues {
  readonly cache?: string | undefined;
  readonly plainHttp?: true | undefined;
}

/** A client for the registry that `--cache` or `VKFORGE_CACHE` names. */
export async function registryOf(
  host: Host,
  { cache, plainHttp }: RegistryValues,
): Promise<RegistryClient> {
  const address = cache ?? host.env.get("VKFORGE_CACHE") ?? "";
  if (address === "") {
    throw new EngineError("usage", "No registry given", {
      hint: "Name one with --cache HOST/NAME, such as ghcr.io/acme/vkforge-cache, or set VKFORGE_CACHE",
    });
  }
  const { openRegistry } = await import("../engine/registry/mod.ts");
  return openRegistry(host, address, { plainHttp: plainHttp === true, secrets: processSecrets() });
}

/** The steps that the names stand for, each once. */
export function targetsOf(project: Project, names: readonly string[], values: JobValues): Step[] {
  const { model = [], weights, runtime, size, samples } = values;
  const job = mainJob(project, { models: model, weights, runtime, size, samples });
  const targets = names.length === 0 ? DEFAULT_TARGETS : names;
  return [...new Set(targets.flatMap((name) => resolveTarget(job, name)))];
}

/** Values for a session that neither builds nor fetches sources. */
export function sessionValues({ json, verbose, logFormat }: BaseValues): GraphValues {
  return { json, verbose, logFormat, offline: true, engine: "auto", jobs: 1 };
}
