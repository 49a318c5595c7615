/**
 * Whether the disk is large enough, asked before the first byte is fetched.
 *
 * @module
 */
import { EngineError, type Host } from "../../engine/mod.ts";
import type { TorchAndroidOptions } from "./options.ts";

const GB = 10 ** 9;

/**
 * NDK 1.2 GB packed and about 4 GB unpacked; PyTorch with all submodules about 1.5 GB each as git objects, archive and
 * files; image and SDK 1.5 GB. Estimated, see docs/android.md.
 */
const SHARED_BYTES = 12 * GB;

/** A copy of the sources, objects, archives, and what is kept of them. */
const ABI_BYTES = 5 * GB;

/** What the steps of some options need in the store's file system, if nothing of it is there yet. */
export function neededBytes({ abis }: Pick<TorchAndroidOptions, "abis">): number {
  return SHARED_BYTES + abis.length * ABI_BYTES;
}

/**
 * Passes if the store's disk has room for the build.
 *
 * @param storeRoot folder of the store; need not exist
 * @throws {EngineError} "disk-full"
 */
export function assertDisk(
  host: Host,
  storeRoot: string,
  options: Pick<TorchAndroidOptions, "abis">,
): void {
  const needed = neededBytes(options);
  const free = host.fs.freeBytes(storeRoot);
  if (free >= needed) return;
  const [abi = ""] = options.abis;
  const fewer = options.abis.length > 1 ? `, or build fewer ABIs at a time (--abi ${abi})` : "";
  throw new EngineError(
    "disk-full",
    `Cannot build torch for Android: it needs about ${inGb(needed)} GB, ${
      inGb(free)
    } GB are free at "${storeRoot}"`,
    { hint: `Free some space or point VKFORGE_HOME to a larger disk${fewer}` },
  );
}

function inGb(bytes: number): string {
  return (bytes / GB).toFixed(0);
}
