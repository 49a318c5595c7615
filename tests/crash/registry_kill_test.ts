/**
 * A pull that is killed leaves whole entries or none, and the next one ends what it began.
 */
import { describe, expect, it } from "vitest";
import { join } from "node:path";
import { denoHost } from "../../engine/deno_host.ts";
import { verifyStore } from "../../engine/store/upkeep.ts";
import { MemoryRegistry } from "../registry/_memory_registry.ts";
import { Machine, PROGRAM } from "../registry/_shared_steps.ts";
import { crashRuns, crashSeed, Random } from "./_random.ts";

const host = denoHost();
const RUNS = crashRuns(20);

describe("a pull", () => {
  it(`killed at any moment leaves whole entries or none (${RUNS} kills)`, async () => {
    const seed = crashSeed();
    const random = new Random(seed);
    await using registry = new MemoryRegistry();
    using builder = new Machine();
    await builder.push(builder.client(registry.address), builder.build());
    const content = builder.contentOf(PROGRAM);
    // How long it takes when nobody interrupts it.
    let durationMs: number;
    {
      using first = new Machine();
      durationMs = await pull(first.folder, registry.address, undefined) ?? 0;
      expect(first.contentOf(PROGRAM)).toEqual(content);
    }
    const counts = { seed, runs: RUNS, killed: 0, inPart: 0 };
    for (let run = 0; run < RUNS; run++) {
      const what = `seed ${seed}, run ${run}`;
      using victim = new Machine();
      const tookMs = await pull(victim.folder, registry.address, (random.below(1000) / 1000) * durationMs);
      if (tookMs === undefined) counts.killed++;
      else durationMs = Math.min(durationMs, tookMs);
      if (tookMs === undefined && hasBlobs(victim) && victim.hit(PROGRAM) === undefined) counts.inPart++;
      expect([what, verifyStore(host, victim.store.root).damages]).toEqual([what, []]);
      victim.store.sweep();
      expect([what, [...Deno.readDirSync(join(victim.store.root, "tmp"))]]).toEqual([what, []]);
      await victim.pull(victim.client(registry.address));
      expect([what, victim.contentOf(PROGRAM)]).toEqual([what, content]);
    }
    console.log(JSON.stringify({ ...counts, durationMs: Math.round(durationMs) }));
    expect(counts.killed).toBeGreaterThan(RUNS / 4);
  });
});

function hasBlobs({ store }: Machine): boolean {
  return [...Deno.readDirSync(join(store.root, "blobs"))].length > 0;
}

/** Pulls in a process of its own; how long that took, or `undefined` if it was killed. */
async function pull(
  folder: string,
  registry: string,
  killAfterMs: number | undefined,
): Promise<number | undefined> {
  await using child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", join(import.meta.dirname ?? ".", "_registry_pull.ts"), folder, registry],
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
