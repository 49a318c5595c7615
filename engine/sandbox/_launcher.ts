/**
 * What is set for a process before it starts and handed on to its children: processors and address layout. By the
 * host's util-linux, where it has them.
 *
 * @module
 */
import { join } from "node:path";
import type { Host } from "../host.ts";
import type { Variation } from "./sandbox.ts";

/** What is put before a command to vary it. Only for what {@linkcode launcherVariations} gave. */
export function launcher(host: Host, variation: Variation = {}): string[] {
  const { cpus, randomizeAddresses } = variation;
  return [
    ...(cpus === undefined
      ? []
      : [program(host, "taskset")!, "-c", allowedCpus(host).slice(0, cpus).join(",")]),
    ...(randomizeAddresses === false ? fixedAddresses(host)! : []),
  ];
}

/** What the host's programs can vary. Tried, since a container may forbid it. */
export async function launcherVariations(host: Host): Promise<Array<"cpus" | "randomizeAddresses">> {
  const taskset = program(host, "taskset");
  const canPin = taskset !== undefined &&
    await works(host, [taskset, "-c", String(allowedCpus(host)[0]), taskset, "--version"]);
  const fixed = fixedAddresses(host);
  const canFix = fixed !== undefined && await works(host, [...fixed, ...fixed.slice(0, 1), "--version"]);
  return [...(canPin ? ["cpus" as const] : []), ...(canFix ? ["randomizeAddresses" as const] : [])];
}

function fixedAddresses(host: Host): string[] | undefined {
  const setarch = program(host, "setarch");
  return setarch === undefined ? undefined : [setarch, host.machine.architecture, "-R"];
}

async function works(host: Host, [first = "", ...args]: readonly string[]): Promise<boolean> {
  try {
    return (await host.spawn(first, { args, cwd: "/", env: {} }).exit).code === 0;
  } catch {
    return false;
  }
}

/** A program of the host by name. */
function program(host: Host, name: string): string | undefined {
  return (host.env.get("PATH") ?? "").split(":").filter((folder) => folder.startsWith("/"))
    .map((folder) => join(folder, name)).find((path) => host.fs.lstat(path) !== undefined);
}

/** Numbers of the processors that this process may run on, such as 0, 1, 4 of `0-1,4`. */
function allowedCpus(host: Host): number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(host.fs.readTextFile("/proc/self/status"))?.[1] ?? "0";
  return list.split(",").flatMap((range) => {
    const [from = 0, to = from] = range.split("-").map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}
