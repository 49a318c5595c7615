/**
 * Made-up results with enough processes for a verdict.
 *
 * @module
 */
import type { Result, Run } from "../../schema.ts";
import { fixtureResult } from "../../testdata/fixture.ts";

let results = 0;

/** A result of its own with ten processes an arm, each `factor` times as slow, on Vulkan `vulkanFactor` times that. */
export function resultOf(factor: number, { vulkan = 1, seed = 0 } = {}): Result {
  const result = fixtureResult();
  const models = result.models.map((model) => ({
    ...model,
    arms: model.arms.map((arm) => ({
      ...arm,
      runs: Array.from({ length: 10 }, (_, replicate) => {
        const jitter = 1 + (((replicate + seed) * 7) % 10) / 1000;
        const by = factor * jitter * (arm.backend === "vulkan" ? vulkan : 1);
        return slowed(arm.runs[0]!, by, replicate);
      }),
    })),
  }));
  return { ...result, id: `20260314T092653Z-${String(++results).padStart(8, "0")}`, models };
}

function slowed(run: Run, by: number, replicate: number): Run {
  const { runner } = run;
  if (!runner.ok) throw new Error("the fixture's run failed");
  return {
    ...run,
    replicate,
    runner: { ...runner, samples: runner.samples.map(({ totalMs }) => ({ totalMs: totalMs * by })) },
  };
}
