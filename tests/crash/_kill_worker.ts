/**
 * One change of a store in a process of its own, which dies by its own hand at the boundary that it is told, or is killed
 * by somebody else.
 *
 *     deno run -A tests/crash/_kill_worker.ts
 *
 * prints "ready", reads one {@linkcode KillTask} as a line of JSON, and prints "done" and how many calls of it wrote to
 * the disk.
 *
 * @module
 */
import { join } from "node:path";
import type { Host } from "../../engine/mod.ts";
import { faultyHost } from "../../engine/store/_testing.ts";
import { SmallGraph } from "../../engine/store/_testing_graph.ts";
import { Store } from "../../engine/store/mod.ts";
import { collectGarbage, shareStore, takeStore } from "../../engine/store/upkeep.ts";

/** What a worker does. */
export interface KillTask {
  readonly root: string;
  readonly change: "build" | "collect";
  /** Which build: steps of one version have one content. */
  readonly version: number;
  /** SIGKILL right before this call that writes; none if left out. */
  readonly dieAt?: number;
}

/** Names of the steps, each of which reads the one before. */
export const STEPS = ["first", "second", "third"] as const;

/** Text of what a step makes. */
export function textOf(name: string, version: number): string {
  return `${name} ${version}\n`.repeat(300);
}

/** Changes the store as the engine does: under a lease, a lock for each step, output by way of a work folder. */
export async function change(host: Host, { root, change, version }: KillTask): Promise<void> {
  const { signal } = new AbortController();
  const store = Store.open(host, root);
  store.sweep();
  if (change === "collect") {
    using _alone = await takeStore({ host, root }, { signal });
    collectGarbage(host, store, { keepMs: 0, maxBytes: version % 2 === 0 ? 0 : 10_000 });
    return;
  }
  using _shared = await shareStore({ host, root }, { signal });
  const graph = new SmallGraph(host, root);
  const made = [graph.package];
  for (const name of STEPS) {
    using _lock = await store.lock(name, signal);
    using work = store.workFolder();
    const output = join(work.path, "out");
    host.fs.writeFile(output, textOf(name, version));
    store.ingest(output);
    made.push(graph.step(name, {
      version,
      reads: made.slice(-1),
      sources: [`source of ${name}`, `alias for ${name}`],
      files: { "src/a.txt": `source ${version}` },
      made: { out: textOf(name, version), "bin/run.sh": `run ${name} ${version}` },
    }));
  }
}

if (import.meta.main) {
  console.log("ready");
  const bytes = new Uint8Array(4096);
  const length = await Deno.stdin.read(bytes) ?? 0;
  const task: KillTask = JSON.parse(new TextDecoder().decode(bytes.subarray(0, length)));
  let calls = 0;
  const host = faultyHost(({ index }) => {
    if (index === task.dieAt) Deno.kill(Deno.pid, "SIGKILL");
    calls = index + 1;
    return undefined;
  });
  await change(host, task);
  console.log(`done ${calls}`);
}
