import { describe, expect, it } from "vitest";
import { denoHost } from "../deno_host.ts";
import type { Host } from "../host.ts";
import { residentBytes, type Usage, usageOfTree, watchUsage } from "./usage.ts";

const host = denoHost();
const KIB = 1024;

/** A machine whose /proc has these processes: memory in KiB, threads, children by thread. */
function hostWith(
  processes: Readonly<Record<number, { kib: number; threads?: number; children?: number[][] }>>,
): Host {
  return {
    ...host,
    fs: {
      ...host.fs,
      readTextFile: (path) => {
        const [, pid, rest] = /^\/proc\/(\d+)\/(.*)$/.exec(path) ?? [];
        const found = processes[Number(pid)];
        if (found === undefined) throw new Deno.errors.NotFound(path);
        if (rest === "status") return statusOf(found.kib, found.threads);
        const [, thread] = /^task\/(\d+)\/children$/.exec(rest ?? "") ?? [];
        return (found.children?.[Number(thread)] ?? []).map((child) => `${child} `).join("");
      },
      readDir: (path) =>
        (processes[Number(path.split("/")[2])]?.children ?? [[]]).map((_, index) => ({
          name: String(index),
          kind: "directory",
        })),
    },
  };
}

function statusOf(kib: number, threads = 1): string {
  return `Name:\tx\nVmRSS:\t  99999 kB\nRssAnon:\t  ${kib} kB\nRssFile:\t  7777 kB\nRssShmem:\t       2 kB\nThreads:\t${threads}\n`;
}

describe("residentBytes()", () => {
  it("adds anonymous and shared memory, not pages of files", () => {
    expect(residentBytes(statusOf(100))).toBe(102 * KIB);
  });

  it("is nothing for a process that has none, such as a zombie", () => {
    expect(residentBytes("Name:\tx\nState:\tZ (zombie)\nThreads:\t1\n")).toBe(0);
  });
});

describe("usageOfTree()", () => {
  it("adds up a process and all below it, children of any thread too", () => {
    const tree = hostWith({
      1: { kib: 8, threads: 2, children: [[2], [3]] },
      2: { kib: 18, children: [[4, 5]] },
      3: { kib: 28 },
      4: { kib: 38, threads: 5 },
      // 5 ended meanwhile.
      6: { kib: 1e6 },
    });
    expect(usageOfTree(tree, 1, 100)).toEqual({
      memoryBytes: (10 + 20 + 30 + 40) * KIB,
      threads: 2 + 1 + 1 + 5,
    });
  });

  it("stops looking once there are more threads than asked for", () => {
    const processes = Object.fromEntries(
      Array.from({ length: 1000 }, (_, index) => [index + 1, { kib: 0, children: [[index + 2]] }]),
    );
    expect(usageOfTree(hostWith(processes), 1, 10).threads).toBe(11);
  });

  it("is nothing for a process that is gone", () => {
    expect(usageOfTree(hostWith({}), 1, 10)).toEqual({ memoryBytes: 0, threads: 0 });
  });

  it("sees the memory and the children of a real process", async () => {
    const child = host.spawn("/bin/sh", { args: ["-c", "sleep 60 & sleep 60 & wait"], cwd: "/", env: {} });
    let usage: Usage;
    do {
      await host.clock.sleep(10);
      usage = usageOfTree(host, child.pid, 100);
    } while (usage.threads < 3);
    expect(usage.threads).toBe(3);
    expect(usage.memoryBytes).toBeGreaterThan(50 * KIB);
    child.kill("SIGKILL");
    await child.exit;
  });
});

describe("watchUsage()", () => {
  const options = { memoryBytes: 50 * KIB, threads: 3, intervalMs: 1 };

  it.each([
    ["memory", { 1: { kib: 60 } }],
    ["threads", { 1: { kib: 1, threads: 4 } }],
  ])(
    "tells once when %s passes its limit",
    async (_what: string, processes: Parameters<typeof hostWith>[0]) => {
      const seen: Usage[] = [];
      const signal = new AbortController().signal;
      await watchUsage(hostWith(processes), 1, {
        ...options,
        signal,
        onExceeded: (usage) => seen.push(usage),
      });
      expect(seen.length).toBe(1);
    },
  );

  it("gives the peak when it is ended, and tells nothing within the limits", async () => {
    const processes = { 1: { kib: 8 } };
    const done = new AbortController();
    const watching = watchUsage(hostWith(processes), 1, {
      ...options,
      signal: done.signal,
      onExceeded: () => {
        throw new Error("told");
      },
    });
    processes[1] = { kib: 38 };
    await host.clock.sleep(20);
    processes[1] = { kib: 18 };
    await host.clock.sleep(20);
    done.abort();
    expect(await watching).toBe(40 * KIB);
  });
});
