import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { join } from "node:path";
import { denoHost } from "../deno_host.ts";
import { pushRefusal } from "./read_only.ts";

let folder: string;

/** What a GitHub run may say of pushing. */
function inGithub(event: string, payload: unknown): string | undefined {
  const path = join(folder, "event.json");
  Deno.writeTextFileSync(path, typeof payload === "string" ? payload : JSON.stringify(payload));
  const env: Record<string, string> = {
    GITHUB_ACTIONS: "true",
    GITHUB_EVENT_NAME: event,
    GITHUB_EVENT_PATH: path,
    GITHUB_REPOSITORY: "acme/vkforge",
  };
  return pushRefusal({ ...denoHost(), env: { get: (name) => env[name] } }, { readOnly: false })?.message;
}

const pullRequestOf = (full_name: string | null) => ({
  pull_request: { head: { repo: full_name === null ? null : { full_name } } },
});

describe("pushRefusal()", () => {
  beforeEach(() => {
    folder = Deno.makeTempDirSync({ prefix: "vkforge-read-only-" });
  });

  afterEach(() => Deno.removeSync(folder, { recursive: true }));

  it.each(["pull_request", "pull_request_target", "pull_request_review"])(
    "lets %s of the repository itself push, and none of a fork",
    (event: string) => {
      expect(inGithub(event, pullRequestOf("acme/vkforge"))).toBe(undefined);
      expect(inGithub(event, pullRequestOf("mallory/vkforge"))).toBe(
        'Cannot push: this run is for a pull request of the fork "mallory/vkforge"',
      );
      expect(inGithub(event, pullRequestOf(null))).toContain("a fork that is gone");
      expect(inGithub(event, "{")).toContain("an unknown repository");
      expect(inGithub(event, {})).toContain("an unknown repository");
    },
  );

  it("looks at what a workflow_run is for", () => {
    const of = (full_name: string) => ({ workflow_run: { head_repository: { full_name } } });
    expect(inGithub("workflow_run", of("acme/vkforge"))).toBe(undefined);
    expect(inGithub("workflow_run", of("mallory/vkforge"))).toContain("mallory/vkforge");
  });

  it("has nothing against other runs", () => {
    expect(inGithub("push", {})).toBe(undefined);
    const nowhere = { ...denoHost(), env: { get: () => undefined } };
    expect(pushRefusal(nowhere, { readOnly: false })).toBe(undefined);
    expect(pushRefusal(nowhere, { readOnly: true })?.message).toBe("Cannot push: --read-only is given");
  });

  it("obeys the variable, but for 0", () => {
    const withVariable = (value: string) => ({ ...denoHost(), env: { get: () => value } });
    expect(pushRefusal(withVariable("1"), { readOnly: false })?.code).toBe("read-only");
    expect(pushRefusal(withVariable("0"), { readOnly: false })).toBe(undefined);
  });
});
