/**
 * How long it takes to know what a build of torch for Android would do: locks read and checked, steps made, ids of all,
 * and what of it is in the store. `deno run -A bench/android_graph.ts [runs]`
 *
 * @module
 */
import { join } from "node:path";
import { denoHost } from "../engine/deno_host.ts";
import { fingerprint } from "../engine/graph/mod.ts";
import { Store } from "../engine/store/mod.ts";
import { loadProject } from "../recipes/project.ts";
import {
  ABIS,
  loadAndroidMaterials,
  parseTorchAndroidOptions,
  torchAndroidSteps,
} from "../recipes/torch_android/mod.ts";
import { storeRoot } from "../tasks/_session.ts";

const REPOSITORY = join(import.meta.dirname ?? ".", "..");
const runs = Number(Deno.args[0] ?? 10);
const host = denoHost();
const store = Store.open(host, storeRoot(host));
const times: number[] = [];
let steps = 0;
for (let run = 0; run < runs; run++) {
  const started = performance.now();
  const project = await loadProject(host, REPOSITORY);
  const materials = await loadAndroidMaterials(host, project);
  const android = torchAndroidSteps(materials, parseTorchAndroidOptions({ abis: [...ABIS] }));
  const targets = [...android.abis.values(), android.sdk, android.gradle];
  const known = fingerprint(targets, { host, repository: REPOSITORY });
  for (const { id } of known) store.hit(id);
  times.push(performance.now() - started);
  steps = known.length;
}
const sorted = times.toSorted((a, b) => a - b);
const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
console.log(
  `${steps} steps, ${runs} runs: first ${times[0]?.toFixed(0)} ms, median ${median.toFixed(0)} ms, ` +
    `slowest ${sorted.at(-1)?.toFixed(0)} ms`,
);
