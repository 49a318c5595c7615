/**
 * The remote cache that `--cache` or `VKFORGE_CACHE` names, for commands that build.
 *
 * @module
 */
import { EngineError, type EventSink, type Host } from "../engine/mod.ts";
import { parseRegistry } from "../engine/registry/reference.ts";
import type { RemoteCache } from "../engine/registry/remote_cache.ts";
import { processSecrets } from "./_secrets.ts";

/** Values of the options that are about it. */
export interface RemoteCacheValues {
  readonly cache?: string | undefined;
  readonly cachePush?: true | undefined;
  readonly plainHttp?: true | undefined;
  readonly offline?: true | undefined;
}

/**
 * Opens the remote cache once something has to be built: a build that has nothing to do does not load what speaks to it.
 *
 * @throws {EngineError} "usage" for an address that is none, at once
 */
export function remoteCacheOf(
  host: Host,
  { cache, cachePush, plainHttp, offline }: RemoteCacheValues,
  emit: EventSink,
): (() => Promise<RemoteCache>) | undefined {
  const address = cache ?? host.env.get("VKFORGE_CACHE") ?? "";
  if (address === "") {
    if (cachePush !== true) return undefined;
    throw new EngineError("usage", "--cache-push needs a registry", {
      hint: "Name one with --cache HOST/NAME, or set VKFORGE_CACHE",
    });
  }
  const options = { plainHttp: plainHttp === true, secrets: processSecrets() };
  parseRegistry(address, options);
  if (offline === true) return undefined;
  let opened: Promise<RemoteCache> | undefined;
  return () => opened ??= openRemoteCache(host, address, { ...options, push: cachePush === true, emit });
}

async function openRemoteCache(
  host: Host,
  address: string,
  options: Parameters<typeof import("../engine/registry/mod.ts").openRegistry>[2] & {
    readonly push: boolean;
    readonly emit: EventSink;
  },
): Promise<RemoteCache> {
  const { openRegistry, pushRefusal, RemoteCache } = await import("../engine/registry/mod.ts");
  const { emit } = options;
  const refusal = options.push ? pushRefusal(host, { readOnly: false }) : undefined;
  // The same workflow runs for branches and for forks: it must not fail for the latter.
  if (refusal !== undefined) {
    emit({
      type: "warning",
      message: `${refusal.message}; what is built stays here`,
      ...(refusal.hint === undefined ? {} : { hint: refusal.hint }),
    });
  }
  const client = openRegistry(host, address, options);
  return new RemoteCache({ client, host, emit, push: options.push && refusal === undefined });
}
