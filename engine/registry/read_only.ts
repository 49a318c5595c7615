/**
 * Who must not push: a cache that many trust is written by few.
 *
 * @module
 */
import { z } from "zod";
import { EngineError } from "../error.ts";
import type { Host } from "../host.ts";

const Named = z.object({ repo: z.object({ full_name: z.string() }).nullable() });
const Payload = z.object({
  pull_request: z.object({ head: Named }).optional(),
  workflow_run: z.object({ head_repository: z.object({ full_name: z.string() }).nullable() }).optional(),
});

/**
 * Why this process may not push; `undefined` if it may.
 *
 * Besides `--read-only` and `VKFORGE_CACHE_READ_ONLY` that is a GitHub run for a pull request of a fork, whatever rights
 * its token has: `pull_request_target` and `workflow_run` have those of the repository, and what they build may be
 * anybody's.
 */
export function pushRefusal(host: Host, options: { readonly readOnly: boolean }): EngineError | undefined {
  if (options.readOnly) return refusal("--read-only is given", "Leave it out to push");
  const variable = host.env.get("VKFORGE_CACHE_READ_ONLY") ?? "";
  if (variable !== "" && variable !== "0") {
    return refusal("VKFORGE_CACHE_READ_ONLY is set", "Pulls work as ever; unset it to push");
  }
  const fork = forkOnGithub(host);
  if (fork === undefined) return undefined;
  return refusal(
    `this run is for a pull request of ${fork}`,
    "Pulls work as ever; push from runs on a branch of the repository itself",
  );
}

function refusal(reason: string, hint: string): EngineError {
  return new EngineError("read-only", `Cannot push: ${reason}`, { hint });
}

/** The fork that a GitHub run builds something of, as a phrase. */
function forkOnGithub(host: Host): string | undefined {
  if (host.env.get("GITHUB_ACTIONS") !== "true") return undefined;
  const event = host.env.get("GITHUB_EVENT_NAME") ?? "";
  if (!event.startsWith("pull_request") && event !== "workflow_run") return undefined;
  const payload = readPayload(host);
  const heads = [
    ...(payload?.pull_request === undefined ? [] : [payload.pull_request.head.repo]),
    ...(payload?.workflow_run === undefined ? [] : [payload.workflow_run.head_repository]),
  ];
  // What cannot be read is taken for the worse.
  if (heads.length === 0) return "an unknown repository";
  const other = heads.find((head) => head?.full_name !== host.env.get("GITHUB_REPOSITORY"));
  if (other === undefined) return undefined;
  return other === null ? "a fork that is gone" : `the fork "${other.full_name}"`;
}

function readPayload(host: Host): z.infer<typeof Payload> | undefined {
  try {
    return Payload.safeParse(JSON.parse(host.fs.readTextFile(host.env.get("GITHUB_EVENT_PATH") ?? ""))).data;
  } catch {
    return undefined;
  }
}
