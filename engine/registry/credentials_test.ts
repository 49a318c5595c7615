import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { join } from "node:path";
import { denoHost } from "../deno_host.ts";
import type { Host } from "../host.ts";
import { findCredentials } from "./credentials.ts";

let folder: string;

function hostWith(config: unknown, env: Readonly<Record<string, string>> = {}): Host {
  const text = typeof config === "string" ? config : JSON.stringify(config);
  Deno.writeTextFileSync(join(folder, "config.json"), text);
  return { ...denoHost(), env: { get: (name) => ({ DOCKER_CONFIG: folder, ...env })[name] } };
}

describe("findCredentials()", () => {
  beforeEach(() => {
    folder = Deno.makeTempDirSync({ prefix: "vkforge-credentials-" });
  });

  afterEach(() => Deno.removeSync(folder, { recursive: true }));

  it("prefers the environment, and wants both of its variables", () => {
    const auths = { "ghcr.io": { auth: btoa("other:one") } };
    const both = { VKFORGE_REGISTRY_USER: "me", VKFORGE_REGISTRY_PASSWORD: "pw" };
    expect(findCredentials(hostWith({ auths }, both), "ghcr.io").credentials).toEqual({
      user: "me",
      password: "pw",
    });
    expect(() => findCredentials(hostWith({ auths }, { VKFORGE_REGISTRY_USER: "me" }), "ghcr.io")).toThrow(
      "Only one of",
    );
  });

  it.each([
    ["a host", { "ghcr.io": { auth: btoa("me:p:w") } }],
    ["an address of old", { "https://ghcr.io/v1/": { auth: btoa("me:p:w") } }],
    ["plain members", { "ghcr.io": { username: "me", password: "p:w" } }],
  ])("reads docker's entry for %s", (_what: string, auths: unknown) => {
    expect(findCredentials(hostWith({ auths }), "ghcr.io").credentials).toEqual({
      user: "me",
      password: "p:w",
    });
    expect(findCredentials(hostWith({ auths }), "evil-ghcr.io")).toEqual({ credentials: undefined });
  });

  it.each([
    ["a helper for the registry", { credHelpers: { "ghcr.io": "gcloud" } }, 'credential helper "gcloud"'],
    ["a helper for all", { auths: { "ghcr.io": {} }, credsStore: "desktop" }, 'credential helper "desktop"'],
    ["an identity token", { auths: { "ghcr.io": { identitytoken: "x" } } }, "an identity token"],
    ["no JSON", "{", "is not docker's configuration"],
  ])("says that it cannot use %s", (_what: string, config: unknown, remark: string) => {
    const found = findCredentials(hostWith(config), "ghcr.io");
    expect(found.credentials).toBe(undefined);
    expect(found.remark).toContain(remark);
  });

  it("finds nothing where there is nothing", () => {
    const host: Host = { ...denoHost(), env: { get: (name) => name === "HOME" ? folder : undefined } };
    expect(findCredentials(host, "ghcr.io")).toEqual({ credentials: undefined });
  });
});
