/**
 * Builds in a row while others collect garbage: each reads what it made, byte by byte, as the sandbox of a later command
 * would.
 *
 *     deno run -A tests/crash/_build_loop.ts STORE REPOSITORY SECONDS
 *
 * prints one line of JSON with how many builds there were and how many steps they built and found.
 *
 * @module
 */
import { join } from "node:path";
import { digestOf } from "../../engine/digest.ts";
import type { Event, Manifest } from "../../engine/mod.ts";
import { miniEngine, miniStep } from "../fixtures/mini_engine.ts";

/** What the loop prints. */
export interface LoopResult {
  readonly builds: number;
  readonly built: number;
  readonly hits: number;
  readonly waited: number;
}

/** Versions of the source that take turns, so that builds hit, miss, and meet what was collected. */
const VERSIONS = 3;

if (import.meta.main) {
  const [storeRoot = "", repository = "", seconds = "1"] = Deno.args;
  const never = new AbortController().signal;
  const endMs = performance.now() + Number(seconds) * 1000;
  const events: Event[] = [];
  let builds = 0;
  while (performance.now() < endMs) {
    const { engine, image } = await miniEngine({ storeRoot, repository, events });
    Deno.mkdirSync(join(repository, "src"), { recursive: true });
    Deno.writeTextFileSync(join(repository, "src", "a.txt"), `version ${builds % VERSIONS}\n`);
    const first = miniStep(image, {
      name: "first",
      inputs: { src: { kind: "files", folder: "src" } },
      script: "mkdir /out/out; for i in {1..20}; do cat /in/src/a.txt > /out/out/$i; done",
    });
    const second = miniStep(image, {
      name: "second",
      inputs: { first: { kind: "step", step: first } },
      script: "cat /in/first/out/* > /out/out",
    });
    using _lease = await engine.lease(never);
    const made = await engine.build([second, first], never);
    for (const manifest of made.values()) checkFolder(engine.folderOf(manifest), manifest);
    builds++;
  }
  const ended = (outcome: string) =>
    events.filter((event) => event.type === "step-end" && event.outcome === outcome).length;
  const waited = events.filter(({ type }) => type === "waiting").length;
  const result: LoopResult = { builds, built: ended("built"), hits: ended("hit"), waited };
  console.log(JSON.stringify(result));
}

function checkFolder(folder: string, { tree, name }: Manifest): void {
  for (const entry of tree) {
    if (entry.kind !== "file") continue;
    if (digestOf(Deno.readFileSync(join(folder, entry.path))) !== entry.digest) {
      throw new Error(`"${entry.path}" of "${name}" has other bytes`);
    }
  }
}
