/**
 * Who to be for a registry: from the environment, or from what `docker login` keeps.
 *
 * @module
 */
import { join } from "node:path";
import { z } from "zod";
import { EngineError, explainIo } from "../error.ts";
import type { Host } from "../host.ts";

/** A user and a password; of many registries the password is a token. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** What was found. */
export interface FoundCredentials {
  readonly credentials: Credentials | undefined;
  /** What stands in the way of using what is there, for the hint of an error. */
  readonly remark?: string;
}

const DockerConfig = z.object({
  auths: z.record(
    z.string(),
    z.object({
      auth: z.string().optional(),
      username: z.string().optional(),
      password: z.string().optional(),
      identitytoken: z.string().optional(),
    }),
  ).optional(),
  credsStore: z.string().optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
});

/**
 * `VKFORGE_REGISTRY_USER` and `VKFORGE_REGISTRY_PASSWORD`, else the registry's entry in docker's `config.json`.
 *
 * @throws {EngineError} "usage" for half of the variables
 */
export function findCredentials(host: Host, registry: string): FoundCredentials {
  const user = host.env.get("VKFORGE_REGISTRY_USER") ?? "";
  const password = host.env.get("VKFORGE_REGISTRY_PASSWORD") ?? "";
  if (user !== "" && password !== "") return { credentials: { user, password } };
  if (user !== "" || password !== "") {
    throw new EngineError("usage", "Only one of VKFORGE_REGISTRY_USER and VKFORGE_REGISTRY_PASSWORD is set", {
      hint: "Set both, or none to use docker's config.json",
    });
  }
  return fromDocker(host, registry);
}

function fromDocker(host: Host, registry: string): FoundCredentials {
  const folder = host.env.get("DOCKER_CONFIG") || join(host.env.get("HOME") || "/", ".docker");
  const path = join(folder, "config.json");
  if (host.fs.lstat(path) === undefined) return { credentials: undefined };
  const parsed = DockerConfig.safeParse(readJson(host, path));
  if (!parsed.success) return { credentials: undefined, remark: `"${path}" is not docker's configuration` };
  const { auths = {}, credHelpers = {}, credsStore } = parsed.data;
  const key = Object.keys(auths).find((name) => hostOf(name) === registry);
  const entry = key === undefined ? undefined : auths[key];
  if (entry?.username !== undefined && entry.password !== undefined) {
    return { credentials: { user: entry.username, password: entry.password } };
  }
  const [, user, password] = /^([^:]*):(.*)$/s.exec(decode(entry?.auth ?? "").replace(/\0+$/, "")) ?? [];
  if (user !== undefined && password !== undefined && password !== "") {
    return { credentials: { user, password } };
  }
  const helper = credHelpers[registry] ?? (entry === undefined ? undefined : credsStore);
  if (helper === undefined && entry?.identitytoken === undefined) return { credentials: undefined };
  return {
    credentials: undefined,
    remark: helper === undefined
      ? `docker keeps an identity token for ${registry}, which is not used here`
      : `docker keeps the password of ${registry} in the credential helper "${helper}", which is not asked here`,
  };
}

function readJson(host: Host, path: string): unknown {
  let text: string;
  try {
    text = host.fs.readTextFile(path);
  } catch (error) {
    throw explainIo(error, `read "${path}"`);
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Entries are host names or, of old, URLs. */
function hostOf(name: string): string {
  return name.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
}

function decode(base64: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
  } catch {
    return "";
  }
}
