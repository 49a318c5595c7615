/**
 * Sharing steps through any OCI registry: push and pull, and a remote cache for builds.
 *
 * @module
 */
import type { Host } from "../host.ts";
import type { Secrets } from "../secrets/mod.ts";
import { RegistryClient } from "./client.ts";
import { findCredentials, type FoundCredentials } from "./credentials.ts";
import { parseRegistry } from "./reference.ts";

export { RegistryClient } from "./client.ts";
export { type PulledStep, type PullOptions, pullSteps } from "./pull.ts";
export { type PushedStep, type PushOptions, pushSteps } from "./push.ts";
export { pushRefusal } from "./read_only.ts";
export { type RegistryAddress } from "./reference.ts";
export { RemoteCache, type RemoteCacheOptions, type Wanted } from "./remote_cache.ts";

/** Options of {@linkcode openRegistry}. */
export interface RegistryOptions {
  /** Allow http to other machines. */
  readonly plainHttp: boolean;
  /** Told of passwords and tokens. */
  readonly secrets?: Secrets | undefined;
}

/**
 * A client for an address such as `ghcr.io/acme/vkforge-cache`. Nothing is asked of the registry yet, and credentials
 * are looked for when it wants them.
 *
 * @throws {EngineError} "usage"
 */
export function openRegistry(host: Host, address: string, options: RegistryOptions): RegistryClient {
  const parsed = parseRegistry(address, options);
  let found: FoundCredentials | undefined;
  return new RegistryClient({
    host,
    address: parsed,
    credentials: () => found ??= findCredentials(host, parsed.host),
    secrets: options.secrets,
  });
}
