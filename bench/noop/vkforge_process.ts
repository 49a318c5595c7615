/**
 * Builds the benchmark's graph with the engine: the first time for real, then with nothing to do.
 *
 * @module
 */
import { denoHost } from "../../engine/deno_host.ts";
import { DEFAULT_RESOURCES, Engine, type Step } from "../../engine/mod.ts";
import { dependenciesOf, stepName, targetsOf } from "./graph.ts";
import type { VkforgeGraph, VkforgeRun } from "./vkforge.ts";

if (import.meta.main) {
  const graph: VkforgeGraph = JSON.parse(Deno.readTextFileSync(Deno.args[0] ?? ""));
  let built = 0;
  const engine = Engine.open({
    host: denoHost(),
    storeRoot: graph.storeRoot,
    repository: graph.repository,
    sources: { archives: graph.archives, mirrors: [graph.mirror] },
    offline: true,
    jobs: navigator.hardwareConcurrency,
    memoryBytes: 8 * 2 ** 30,
    sandboxTools: graph.sandboxTools,
    emit: (event) => {
      if (event.type === "step-end" && event.outcome === "built") built++;
    },
  });
  const steps = stepsOf(graph);
  const targets = targetsOf(graph.steps).flatMap((index) => steps[index] ?? []);
  await engine.build(targets, new AbortController().signal);
  const run: VkforgeRun = { built, peakBytes: peakBytes() };
  console.log(JSON.stringify(run));
}

function stepsOf({ steps: count, image }: VkforgeGraph): Step[] {
  const steps: Step[] = [];
  for (let index = 0; index < count; index++) {
    const read = dependenciesOf(index).flatMap((other) => steps[other] ?? []);
    steps.push({
      name: stepName(index),
      image,
      inputs: {
        src: { kind: "files", folder: stepName(index) },
        ...Object.fromEntries(read.map((step) => [step.name, { kind: "step", step } as const])),
      },
      environment: {},
      script: "cat /in/*/* | sha256sum > /out/out",
      outputs: ["out"],
      resources: DEFAULT_RESOURCES,
    });
  }
  return steps;
}

/** The most memory that this process had so far. */
function peakBytes(): number {
  const line = Deno.readTextFileSync("/proc/self/status").match(/^VmHWM:\s+(\d+) kB$/m);
  return Number(line?.[1] ?? 0) * 1024;
}
