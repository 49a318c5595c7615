/**
 * Watching the memory of a process and everything below it. Works for every user and without cgroups, at the price of
 * sampling: a program that grows faster than the interval is stopped late, not never.
 *
 * @module
 */
import type { Host } from "../host.ts";

/** Options of {@linkcode watchMemory}. */
export interface WatchOptions {
  readonly limitBytes: number;
  readonly intervalMs: number;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  readonly onExceeded: (usedBytes: number) => void;
}

/** Samples until the signal; gives the highest sum seen. */
export async function watchMemory(host: Host, pid: number, options: WatchOptions): Promise<number> {
  let peakBytes = 0;
  while (!options.signal.aborted) {
    const usedBytes = memoryOfTree(host, pid);
    peakBytes = Math.max(peakBytes, usedBytes);
    if (usedBytes > options.limitBytes) {
      options.onExceeded(usedBytes);
      return peakBytes;
    }
    try {
      await host.clock.sleep(options.intervalMs, options.signal);
    } catch {
      return peakBytes;
    }
  }
  return peakBytes;
}

/** Anonymous and shared memory of a process and its descendants; file pages are the kernel's to drop. */
export function memoryOfTree(host: Host, pid: number): number {
  let bytes = 0;
  const pending = [pid];
  for (let current = pending.pop(); current !== undefined; current = pending.pop()) {
    try {
      bytes += residentBytes(host.fs.readTextFile(`/proc/${current}/status`));
      for (const task of host.fs.readDir(`/proc/${current}/task`)) {
        const children = host.fs.readTextFile(`/proc/${current}/task/${task.name}/children`).trim();
        if (children !== "") pending.push(...children.split(" ").map(Number));
      }
    } catch {
      // It ended while we looked.
    }
  }
  return bytes;
}

/** RssAnon + RssShmem of a `/proc/<pid>/status`. */
export function residentBytes(status: string): number {
  let bytes = 0;
  for (const match of status.matchAll(/^Rss(?:Anon|Shmem):\s+(\d+) kB$/gm)) bytes += Number(match[1]) * 1024;
  return bytes;
}
