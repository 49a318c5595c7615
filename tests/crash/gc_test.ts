/**
 * Garbage collection never takes what somebody needs, whoever runs beside it and wherever it dies.
 *
 * @module
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { join } from "node:path";
import { denoHost } from "../../engine/deno_host.ts";
import { Store } from "../../engine/store/mod.ts";
import { SmallGraph } from "../../engine/store/_testing_graph.ts";
import { collectGarbage, takeStore, verifyStore } from "../../engine/store/upkeep.ts";
import type { LoopResult } from "./_build_loop.ts";
import { crashRuns, crashSeed, Random } from "./_random.ts";

const host = denoHost();
const never = new AbortController().signal;
const RUNS = crashRuns(20);
/** Builders beside each other. */
const BUILDERS = 2;
/** A tenth of a second per run for what has no runs of its own. */
const SECONDS = Math.max(6, RUNS / 10);

let folder: string;
let root: string;

describe("garbage collection", () => {
  beforeEach(() => {
    folder = Deno.makeTempDirSync({ prefix: "vkforge-crash-gc-" });
    root = join(folder, "store");
  });

  afterEach(() => Deno.removeSync(folder, { recursive: true }));

  it(`beside builds takes nothing from under their hands (${SECONDS} s)`, async () => {
    const builders = Array.from({ length: BUILDERS }, (_, index) =>
      new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "-A",
          script("_build_loop.ts"),
          root,
          join(folder, `repository-${index}`),
          String(SECONDS),
        ],
        stdout: "piped",
        stderr: "piped",
      }).output());
    let isOver = false;
    const over = Promise.all(builders).finally(() => isOver = true);
    const store = Store.open(host, root);
    let collections = 0;
    let removed = 0;
    while (!isOver) {
      using _alone = await takeStore({ host, root }, { signal: never });
      // Now and then the image goes too.
      const maxBytes = collections % 5 === 4 ? 0 : 20_000_000;
      removed += collectGarbage(host, store, { keepMs: 0, maxBytes }).removed.steps.count;
      collections++;
      await host.clock.sleep(20);
    }
    const results = (await over).map(({ success, stdout, stderr }): LoopResult => {
      if (!success) throw new Error(new TextDecoder().decode(stderr));
      return JSON.parse(new TextDecoder().decode(stdout));
    });
    console.log(JSON.stringify({ collections, removed, builders: results }));
    expect(removed).toBeGreaterThan(0);
    expect(results.every(({ builds }) => builds > 0)).toBe(true);
    expect(verifyStore(host, root).damages).toEqual([]);
  });

  it(`killed at any moment leaves whole entries or none (${RUNS} kills)`, async () => {
    const seed = crashSeed();
    const random = new Random(seed);
    // How long it takes when nobody interrupts it, on a machine that may be busy with something else now and then.
    fill(root);
    let durationMs = await collect(root, undefined) ?? 0;
    let killed = 0;
    let inPart = 0;
    for (let run = 0; run < RUNS; run++) {
      const what = `seed ${seed}, run ${run}`;
      Deno.removeSync(root, { recursive: true });
      const { graph, steps } = fill(root);
      const files = countFiles(root);
      const afterMs = (random.below(1000) / 1000) * durationMs;
      const tookMs = await collect(root, afterMs);
      if (tookMs === undefined) killed++;
      else durationMs = Math.min(durationMs, tookMs);
      const left = countFiles(root);
      if (left < files && left > ALWAYS_LEFT) inPart++;
      expect([what, verifyStore(host, root).damages]).toEqual([what, []]);
      const hits = steps.filter(({ id }) => graph.store.hit(id) !== undefined);
      expect([what, hits.every((step) => graph.isWhole(step))]).toEqual([what, true]);
      // The next one ends what this one began.
      collectGarbage(host, graph.store, { keepMs: 0, maxBytes: 0 });
      expect([what, [...Deno.readDirSync(join(root, "manifests"))], [...Deno.readDirSync(join(root, "tmp"))]])
        .toEqual([what, [], []]);
    }
    console.log(JSON.stringify({ seed, killed, inPart, durationMs }));
    expect(killed).toBeGreaterThan(RUNS / 4);
  });
});

/** Files that stay when all content is gone: the version, the tag, two locks. */
const ALWAYS_LEFT = 4;

function countFiles(place: string): number {
  return [...Deno.readDirSync(place)].reduce(
    (sum, { name, isDirectory }) => sum + (isDirectory ? countFiles(join(place, name)) : 1),
    0,
  );
}

/** A store with enough in it that removing it takes a while. */
function fill(place: string) {
  const graph = new SmallGraph(host, place);
  const steps = Array.from(
    { length: 40 },
    (_, index) => graph.step(`step-${index}`, { sources: [`source ${index}`] }),
  );
  return { graph, steps };
}

/** Collects everything in a process of its own; how long that took, or `undefined` if it was killed. */
async function collect(place: string, killAfterMs: number | undefined): Promise<number | undefined> {
  await using child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", script("_collect.ts"), place],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  expect((await lines.read()).value).toContain("ready");
  const started = performance.now();
  if (killAfterMs !== undefined) {
    await host.clock.sleep(killAfterMs);
    try {
      child.kill("SIGKILL");
    } catch {
      // It was faster.
    }
  }
  const { success } = await child.status;
  while (!(await lines.read()).done);
  return success ? performance.now() - started : undefined;
}

function script(name: string): string {
  return join(import.meta.dirname ?? ".", name);
}
