/**
 * Watching what a process and everything below it use. Works for every user and without cgroups, at the price of
 * sampling: a program that grows faster than the interval is stopped late, not never.
 *
 * @module
 */
import type { Host } from "../host.ts";

/** What a process tree uses at one moment. */
export interface Usage {
  /** Anonymous and shared memory; file pages are the kernel's to drop. */
  readonly memoryBytes: number;
  /** Processes and their threads. */
  readonly threads: number;
}

/** Options of {@linkcode watchUsage}. */
export interface WatchOptions {
  readonly memoryBytes: number;
  readonly threads: number;
  readonly intervalMs: number;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  /** Called once, when a limit is passed; the watch ends then. */
  readonly onExceeded: (usage: Usage) => void;
}

/** Samples until the signal; gives the highest memory seen. */
export async function watchUsage(host: Host, pid: number, options: WatchOptions): Promise<number> {
  let peakBytes = 0;
  while (!options.signal.aborted) {
    const usage = usageOfTree(host, pid, options.threads);
    peakBytes = Math.max(peakBytes, usage.memoryBytes);
    if (usage.memoryBytes > options.memoryBytes || usage.threads > options.threads) {
      options.onExceeded(usage);
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

/**
 * What a process and its descendants use.
 *
 * @param enough stops counting beyond so many threads: looking at a fork bomb must not take longer than stopping it
 */
export function usageOfTree(host: Host, pid: number, enough: number): Usage {
  let memoryBytes = 0;
  let threads = 0;
  const pending = [pid];
  for (let current = pending.pop(); current !== undefined && threads <= enough; current = pending.pop()) {
    try {
      const status = host.fs.readTextFile(`/proc/${current}/status`);
      memoryBytes += residentBytes(status);
      threads += Number(/^Threads:\s+(\d+)$/m.exec(status)?.[1] ?? 1);
      for (const task of host.fs.readDir(`/proc/${current}/task`)) {
        const children = host.fs.readTextFile(`/proc/${current}/task/${task.name}/children`).trim();
        if (children !== "") pending.push(...children.split(" ").map(Number));
      }
    } catch {
      // It ended while we looked.
    }
  }
  return { memoryBytes, threads };
}

/** RssAnon + RssShmem of a `/proc/<pid>/status`. */
export function residentBytes(status: string): number {
  let bytes = 0;
  for (const match of status.matchAll(/^Rss(?:Anon|Shmem):\s+(\d+) kB$/gm)) bytes += Number(match[1]) * 1024;
  return bytes;
}
