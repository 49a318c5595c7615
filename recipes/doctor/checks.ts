/**
 * Whether this machine can do the work, before any work is begun.
 *
 * @module
 */
import type { Host } from "../../engine/host.ts";
import type { Check } from "./check.ts";
import {
  checkCacheFolder,
  checkClock,
  checkDeno,
  checkDisk,
  checkMemory,
  checkPlatform,
} from "./checks_machine.ts";
import { checkContainerEngine, checkUserNamespaces } from "./checks_sandbox.ts";
import { checkVulkanDrivers } from "./checks_vulkan.ts";

/** Options of {@linkcode checks}. */
export interface ChecksOptions {
  /** Where the store lies; by default $VKFORGE_HOME, else `vkforge` in the XDG cache folder. */
  readonly cacheFolder?: string;
  /** The version of the running Deno, where it is not this process's own. */
  readonly denoVersion?: string;
}

/** Examines the machine. No check throws, and none waits longer than five seconds. */
export async function checks(host: Host, options: ChecksOptions = {}): Promise<Check[]> {
  const cacheFolder = options.cacheFolder ?? defaultCacheFolder(host);
  return [
    checkDeno(options.denoVersion ?? Deno.version.deno),
    checkPlatform(host),
    checkMemory(host),
    checkDisk(host, cacheFolder),
    checkCacheFolder(host, cacheFolder),
    checkClock(host),
    ...(await Promise.all([checkUserNamespaces(host), checkContainerEngine(host)])),
    checkVulkanDrivers(host),
  ];
}

function defaultCacheFolder(host: Host): string {
  const own = host.env.get("VKFORGE_HOME");
  if (own !== undefined && own !== "") return own;
  const cache = host.env.get("XDG_CACHE_HOME");
  // The XDG specification has relative paths ignored.
  if (cache?.startsWith("/")) return `${cache}/vkforge`;
  return `${host.env.get("HOME") ?? "/root"}/.cache/vkforge`;
}
