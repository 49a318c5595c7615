/**
 * Whatever moment the process dies at, the next build goes on as if nothing had been.
 *
 * @module
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { join } from "node:path";
import { denoHost } from "../../engine/deno_host.ts";
import { LEASE_LOCKS } from "../../engine/store/lease.ts";
import { Store } from "../../engine/store/mod.ts";
import { verifyStore } from "../../engine/store/upkeep.ts";
import { buildGraph, type GraphResult } from "./_graph.ts";

/** Kills per run of the tests; raise it to search. */
const RUNS = Number(Deno.env.get("VKFORGE_CRASH_RUNS") ?? 30);

/**
 * Kills are spread over this. A build on a fresh store takes a little longer, so that some series of kills see the
 * packages unpacked and others the steps run.
 */
const SPREAD_MS = 1_500;

/** Kills in a row on one store: a crash may meet what another left. */
const SERIES = 6;

const never = new AbortController().signal;
let folder: string;
let repository: string;
let marker: string;

describe("a build that is killed", () => {
  beforeEach(() => {
    folder = Deno.makeTempDirSync({ prefix: "vkforge-crash-" });
    repository = join(folder, "repository");
    Deno.mkdirSync(join(repository, "src"), { recursive: true });
    Deno.writeTextFileSync(join(repository, "src", "a.txt"), "text\n");
    marker = String(1e6 + Math.floor(Math.random() * 1e6)).slice(1);
  });

  afterEach(() => Deno.removeSync(folder, { recursive: true }));

  it(`is healed by the next one, at any moment (${RUNS} kills)`, async () => {
    const expected = await buildHere(join(folder, "reference"));
    let killed = 0;
    let healedMs = 0;
    let storeRoot = "";
    for (let run = 0; run < RUNS; run++) {
      if (run % SERIES === 0) storeRoot = join(folder, `store-${run}`);
      const child = start(storeRoot);
      await pause(Math.random() * SPREAD_MS);
      // From what is there after a whole build nothing more is learned.
      if (kill(child, "SIGKILL")) killed++;
      await child.output();
      await noneLeft();
      if (run % SERIES < SERIES - 1 && run < RUNS - 1) continue;
      // What the next build does first: it removes what the dead ones left.
      const began = performance.now();
      Store.open(denoHost(), storeRoot).sweep();
      healedMs = Math.max(healedMs, performance.now() - began);
      expect((await buildHere(storeRoot)).digests).toEqual(expected.digests);
      expect(verifyStore(denoHost(), storeRoot).damages).toEqual([]);
      expect([...Deno.readDirSync(join(storeRoot, "tmp"))]).toEqual([]);
      expect(
        [...Deno.readDirSync(join(storeRoot, "locks"))].filter(({ name }) => !LEASE_LOCKS.includes(name)),
      ).toEqual([]);
      Deno.removeSync(storeRoot, { recursive: true });
    }
    console.log(JSON.stringify({ runs: RUNS, killed, slowestSweepMs: Math.round(healedMs) }));
    expect(healedMs).toBeLessThan(5_000);
    // Otherwise the builds were over before their end came, and nothing was tested.
    expect(killed).toBeGreaterThan(RUNS / 4);
  });

  it("by Ctrl-C says so with exit code 130 and leaves nothing behind", async () => {
    const storeRoot = join(folder, "store");
    for (const target of ["process", "group"] as const) {
      const child = start(storeRoot);
      await someRunning();
      // A terminal sends the signal to the whole group.
      if (target === "group") Deno.kill(-child.pid, "SIGINT");
      else child.kill("SIGINT");
      const { code, stderr } = await child.output();
      expect([target, code]).toEqual([target, 130]);
      expect(new TextDecoder().decode(stderr)).toContain("Interrupted");
      expect(running()).toEqual([]);
      expect([...Deno.readDirSync(join(storeRoot, "tmp"))]).toEqual([]);
      expect([...Deno.readDirSync(join(storeRoot, "logs"))]).toEqual([]);
    }
  });

  it("keeps what was finished before", async () => {
    const storeRoot = join(folder, "store");
    await buildHere(storeRoot);
    Deno.writeTextFileSync(join(repository, "src", "b.txt"), "more\n");
    const child = start(storeRoot);
    await someRunning();
    kill(child, "SIGKILL");
    await child.output();
    Deno.removeSync(join(repository, "src", "b.txt"));
    expect((await buildHere(storeRoot)).outcomes).toEqual({});
  });
});

describe("two processes that build the same", () => {
  beforeEach(() => {
    folder = Deno.makeTempDirSync({ prefix: "vkforge-crash-" });
    repository = join(folder, "repository");
    Deno.mkdirSync(join(repository, "src"), { recursive: true });
    Deno.writeTextFileSync(join(repository, "src", "a.txt"), "text\n");
    marker = String(1e6 + Math.floor(Math.random() * 1e6)).slice(1);
  });

  afterEach(() => Deno.removeSync(folder, { recursive: true }));

  it("build each step once: one builds, the other waits and hits", async () => {
    const storeRoot = join(folder, "store");
    const results = await Promise.all(
      [start(storeRoot), start(storeRoot)].map(async (child): Promise<GraphResult> => {
        const { code, stdout, stderr } = await child.output();
        expect([code, new TextDecoder().decode(stderr)]).toEqual([0, ""]);
        return JSON.parse(new TextDecoder().decode(stdout));
      }),
    );
    expect(results[1]?.digests).toEqual(results[0]?.digests);
    for (const name of ["base", "left", "right", "top"]) {
      const outcomes = results.map((result) => result.outcomes[name] ?? "hit").toSorted();
      expect([name, ...outcomes]).toEqual([name, "built", "hit"]);
    }
    expect(results.flatMap(({ waited }) => waited).length).toBeGreaterThan(0);
    expect([...Deno.readDirSync(join(storeRoot, "tmp"))]).toEqual([]);
  });
});

async function buildHere(storeRoot: string): Promise<GraphResult> {
  return await buildGraph({ storeRoot, repository, marker, signal: never });
}

/** A build in a process of its own, which leads a group as a terminal's foreground job does. */
function start(storeRoot: string): Deno.ChildProcess {
  const script = new URL("./_graph.ts", import.meta.url).pathname;
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--quiet", script, storeRoot, repository, marker],
    stdout: "piped",
    stderr: "piped",
    detached: true,
  }).spawn();
}

/** Whether the process was still there to be killed. */
function kill(child: Deno.ChildProcess, signal: Deno.Signal): boolean {
  try {
    child.kill(signal);
    return true;
  } catch {
    return false;
  }
}

/** Processes of a sandbox that were started by these tests. */
function running(): string[] {
  const found: string[] = [];
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const line = Deno.readTextFileSync(`/proc/${name}/cmdline`);
      if (
        line.startsWith("sleep\0") && line.includes(marker) || line.includes("bwrap") && line.includes(folder)
      ) {
        found.push(line.replaceAll("\0", " "));
      }
    } catch {
      // It ended.
    }
  }
  return found;
}

async function someRunning(): Promise<void> {
  while (running().length === 0) await pause(5);
}

/** The kernel ends the sandbox when its parent is gone; that takes it a moment. */
async function noneLeft(): Promise<void> {
  const until = Date.now() + 2_000;
  while (running().length > 0 && Date.now() < until) await pause(5);
  expect(running()).toEqual([]);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
