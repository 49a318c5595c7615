/**
 * One of many processes on one store: it puts steps, gets what any of them put, byte by byte, and now and then collects
 * garbage.
 *
 *     deno run -A tests/crash/_soak_worker.ts STORE SECONDS SEED
 *
 * prints one line of JSON with what it did.
 *
 * @module
 */
import { join } from "node:path";
import { denoHost } from "../../engine/deno_host.ts";
import { SmallGraph } from "../../engine/store/_testing_graph.ts";
import { Store } from "../../engine/store/mod.ts";
import { collectGarbage, shareStore, takeStore } from "../../engine/store/upkeep.ts";
import { Random } from "./_random.ts";

/** What the worker prints. */
export interface SoakResult {
  readonly puts: number;
  readonly hits: number;
  readonly misses: number;
  readonly collections: number;
  readonly removed: number;
}

/** Names that all workers share, and versions that take turns under each. */
const NAMES = 40;
const VERSIONS = 6;
/** Of 100 rounds, those below this collect; those below the other put; the rest get. */
const COLLECT = 1;
const PUT = 40;
const never = new AbortController().signal;

if (import.meta.main) {
  const [root = "", seconds = "1", seed = "1"] = Deno.args;
  const host = denoHost();
  const random = new Random(Number(seed));
  // As the engine does before it takes a lease: the folder of locks must be there.
  Store.open(host, root);
  const endMs = performance.now() + Number(seconds) * 1000;
  const count = { puts: 0, hits: 0, misses: 0, collections: 0, removed: 0 };
  // However short the time is, some collect, some put, some get.
  const first = [COLLECT - 1, PUT - 1, 99][Number(seed) % 3] ?? 0;
  for (let round = 0; round === 0 || performance.now() < endMs; round++) {
    const name = `step-${random.below(NAMES)}`;
    const choice = round === 0 ? first : random.below(100);
    if (choice < COLLECT) {
      using _alone = await takeStore({ host, root }, { signal: never });
      const { store } = new SmallGraph(host, root);
      const { removed } = collectGarbage(host, store, { keepMs: 0, maxBytes: random.below(3_000_000) });
      count.removed += removed.steps.count;
      count.collections++;
      continue;
    }
    using _shared = await shareStore({ host, root }, { signal: never });
    const graph = new SmallGraph(host, root);
    if (choice < PUT) {
      const version = random.below(VERSIONS);
      const made = { out: textOf(name, version), "deep/two": textOf(name, -version) };
      const manifest = graph.step(name, { version, sources: [`source of ${name}`], made });
      if (graph.store.hit(manifest.id) === undefined) throw new Error(`"${name}" is gone under a lease`);
      count.puts++;
    } else if (get(graph, name)) count.hits++;
    else count.misses++;
  }
  const result: SoakResult = count;
  console.log(JSON.stringify(result));
}

/** Reads the last step of a name as a sandbox would; gives whether there is one. */
function get({ store }: SmallGraph, name: string): boolean {
  const latest = store.latest(name);
  const found = latest === undefined ? undefined : store.hit(latest.id);
  if (found === undefined) return false;
  const { version } = found.inputs as { version: number };
  const folder = store.checkout(found.tree);
  const expected = { out: textOf(name, version), "deep/two": textOf(name, -version) };
  for (const [path, text] of Object.entries(expected)) {
    if (Deno.readTextFileSync(join(folder, path)) === text) continue;
    throw new Error(`"${path}" of "${name}", version ${version}, has other bytes`);
  }
  return true;
}

function textOf(name: string, version: number): string {
  return `${name} ${version}\n`.repeat(200);
}
