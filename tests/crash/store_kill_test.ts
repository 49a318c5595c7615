/**
 * SIGKILL to a process that changes a store: at each boundary between two calls that write, and at random moments. The
 * graph is small and nothing runs in it, so that kills come by the thousand; whole builds are killed in kill_test.ts.
 *
 * @module
 */
import { describe, expect, it } from "vitest";
import { join } from "node:path";
import { denoHost } from "../../engine/deno_host.ts";
import { LEASE_LOCKS } from "../../engine/store/lease.ts";
import { Store } from "../../engine/store/mod.ts";
import { verifyStore } from "../../engine/store/upkeep.ts";
import { change, type KillTask, STEPS, textOf } from "./_kill_worker.ts";
import { crashRuns, crashSeed, Random } from "./_random.ts";

const host = denoHost();
const RUNS = crashRuns(60);
/** Kills in a row on one store: a crash may meet what another left. */
const SERIES = 10;
/** Workers that load while another is being killed. */
const READY = 2;
const VERSIONS = 4;

describe("a store", () => {
  it(`is whole whenever a process that changes it is killed (${RUNS} kills)`, async () => {
    const folder = Deno.makeTempDirSync({ prefix: "vkforge-store-kill-" });
    const seed = crashSeed();
    const random = new Random(seed);
    const workers = Array.from({ length: READY }, start);
    try {
      const whole = await measure(folder, workers);
      const counts = {
        seed,
        runs: 0,
        atBoundary: 0,
        atRandom: 0,
        builds: 0,
        collections: 0,
        slowestHealMs: 0,
      };
      for (let series = 0; counts.runs < RUNS; series++) {
        const root = join(folder, `store-${series}`);
        for (let run = 0; run < SERIES && counts.runs < RUNS; run++) {
          const kind = run % 4 === 3 ? "collect" : "build";
          const calls = Math.max(1, whole[kind].calls);
          const task: KillTask = {
            root,
            change: kind,
            version: random.below(VERSIONS),
            ...(random.below(4) === 0 ? {} : { dieAt: random.below(calls) }),
          };
          const what = `seed ${seed}, run ${counts.runs}: ${JSON.stringify(task)}`;
          const afterMs = task.dieAt === undefined
            ? (random.below(1000) / 1000) * whole[kind].tookMs
            : undefined;
          const end = await runTask(next(workers), task, afterMs);
          // One that was faster, or whose store had less to do than a whole one, was not killed.
          if (end.calls !== undefined) continue;
          counts.runs++;
          counts[afterMs === undefined ? "atBoundary" : "atRandom"]++;
          counts[kind === "build" ? "builds" : "collections"]++;
          expect([what, wrongIn(root)]).toEqual([what, []]);
          // Two of three are met as they are by the next that dies.
          if (run % 3 !== 2) continue;
          const began = performance.now();
          await change(host, { root, change: "build", version: task.version });
          counts.slowestHealMs = Math.max(counts.slowestHealMs, Math.round(performance.now() - began));
          expect([what, leftIn(root), wrongIn(root)]).toEqual([what, [], []]);
          expect([what, stepsIn(root)]).toEqual([what, STEPS.map((name) => `${name} ${task.version}`)]);
        }
        Deno.removeSync(root, { recursive: true });
      }
      console.log(JSON.stringify({ ...counts, boundaries: [whole.build.calls, whole.collect.calls] }));
      expect(counts.slowestHealMs).toBeLessThan(5_000);
      // Otherwise the kills were not where the writing is.
      expect(whole.build.calls).toBeGreaterThan(100);
    } finally {
      await Promise.all(workers.map(async (worker) => (await worker).stop()));
      Deno.removeSync(folder, { recursive: true });
    }
  });
});

/** How many calls a whole change makes, and how long it takes. */
async function measure(folder: string, workers: Promise<Worker>[]) {
  const root = join(folder, "measured");
  const build = await runTask(next(workers), { root, change: "build", version: 0 });
  const collect = await runTask(next(workers), { root, change: "collect", version: 0 });
  return {
    build: { calls: build.calls ?? 0, tookMs: build.tookMs },
    collect: { calls: collect.calls ?? 0, tookMs: collect.tookMs },
  };
}

/** What a store would serve that is wrong; damages of what it would not serve count too. */
function wrongIn(root: string): string[] {
  // One may die before there is a store.
  const store = Store.open(host, root);
  const wrong = verifyStore(host, root).damages.map(({ path }) => `damaged: ${path}`);
  for (const name of STEPS) {
    const latest = store.latest(name);
    const found = latest === undefined ? undefined : store.hit(latest.id);
    if (found === undefined) continue;
    const { version } = found.inputs as { version: number };
    const path = join(store.checkout(found.tree), "out");
    if (Deno.readTextFileSync(path) !== textOf(name, version)) wrong.push(`other bytes: ${name}`);
  }
  return wrong;
}

/** Names and versions of the steps that a store has as the last ones. */
function stepsIn(root: string): string[] {
  const store = Store.open(host, root);
  return STEPS.map((name) => {
    const latest = store.latest(name);
    const found = latest === undefined ? undefined : store.hit(latest.id);
    return `${name} ${(found?.inputs as { version?: number } | undefined)?.version}`;
  });
}

/** What the dead ones left that nobody removed. */
function leftIn(root: string): string[] {
  return ["tmp", "locks"].flatMap((folder) =>
    [...Deno.readDirSync(join(root, folder))].map(({ name }) => name).filter((name) =>
      !LEASE_LOCKS.includes(name)
    )
  );
}

/** A process that has loaded all it needs and waits for what to do. */
interface Worker {
  readonly child: Deno.ChildProcess;
  readonly lines: ReadableStreamDefaultReader<string>;
  stop(): Promise<void>;
}

async function start(): Promise<Worker> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--quiet", join(import.meta.dirname ?? ".", "_kill_worker.ts")],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  expect((await lines.read()).value).toContain("ready");
  const stop = async () => {
    kill(child);
    await lines.cancel();
    await child.stdin.abort().catch(() => {});
    await child.status;
  };
  return { child, lines, stop };
}

/** Takes a worker that is ready, and starts another in its place. */
async function next(workers: Promise<Worker>[]): Promise<Worker> {
  const worker = workers.shift();
  if (worker === undefined) throw new Error("no worker");
  workers.push(start());
  return await worker;
}

/** Has a worker do something; `calls` is `undefined` if it died. */
async function runTask(
  ready: Promise<Worker>,
  task: KillTask,
  killAfterMs?: number,
): Promise<{ readonly calls: number | undefined; readonly tookMs: number }> {
  const { child, lines } = await ready;
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(`${JSON.stringify(task)}\n`));
  const began = performance.now();
  if (killAfterMs !== undefined) {
    await host.clock.sleep(killAfterMs);
    kill(child);
  }
  let text = "";
  for (let part = await lines.read(); !part.done; part = await lines.read()) text += part.value;
  const tookMs = performance.now() - began;
  const { signal, success } = await child.status;
  await writer.close().catch(() => {});
  if (signal === "SIGKILL") return { calls: undefined, tookMs };
  if (!success) throw new Error(`a worker failed at ${JSON.stringify(task)}`);
  return { calls: Number(/done (\d+)/.exec(text)?.[1]), tookMs };
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // It has ended.
  }
}
