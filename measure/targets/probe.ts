/**
 * The first look at a machine: what it runs, where there is room, and what it lacks.
 *
 * @module
 */
import type { Platform } from "./bundle.ts";
import { DeviceError } from "./device_error.ts";
import { fact, readFacts } from "./facts.ts";
import { scriptText } from "./scripts/mod.ts";
import { withParameters } from "./sentinel.ts";
import type { CallOptions, Transport } from "./transport.ts";

/** What a look at a machine gave. */
export interface Probe {
  /** The platforms it runs programs for, the one to prefer first. */
  readonly platforms: readonly Platform[];
  /** Its folder for this project. */
  readonly folder: string;
  readonly freeBytes: number;
}

/**
 * Looks.
 *
 * @param folder where to work; a place that can be written and where programs can start, if left out
 * @throws {DeviceError} "missing-tools", "no-place", "no-space"
 */
export async function probe(
  transport: Transport,
  folder: string | undefined,
  options: CallOptions,
): Promise<Probe> {
  const { output } = await transport.shell(withParameters(scriptText("probe"), [folder ?? ""]), options);
  const facts = readFacts(output);
  const missing = facts.get("missing") ?? [];
  if (missing.length > 0) {
    throw new DeviceError("missing-tools", `The device "${transport.address}" lacks ${missing.join(", ")}`, {
      hint: "Android has had them since version 8; on Linux they are in coreutils, findutils and util-linux",
    });
  }
  const place = fact(facts, "folder");
  const full = facts.get("full") ?? [];
  if (place === undefined && full.length > 0) {
    throw new DeviceError(
      "no-space",
      `No space is left in "${full[0]}" on the device "${transport.address}"`,
      {
        hint: "Remove files from it, or give another place with --device-folder",
      },
    );
  }
  if (place === undefined) {
    throw new DeviceError(
      "no-place",
      folder === undefined
        ? `Cannot find a place on the device "${transport.address}" where programs can be put and started`
        : `Cannot put programs into "${folder}" on the device "${transport.address}" and start them`,
      { hint: "Give a folder on a file system that is writable and not mounted noexec: --device-folder" },
    );
  }
  const abis = fact(facts, "abis");
  return {
    folder: place,
    freeBytes: Number(fact(facts, "free_kb") ?? 0) * 1024,
    platforms: abis === undefined
      ? [{ abi: fact(facts, "machine") ?? "unknown", libc: "glibc" }]
      : abis.split(",").map((abi) => ({ abi, libc: "bionic" as const })),
  };
}
