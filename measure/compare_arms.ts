/**
 * CPU against Vulkan within one result: the verdict of each model.
 *
 * @module
 */
import { compareGroups, judgeComparisons, noiseOf, processMedians, ratioOf } from "./compare/mod.ts";
import { deviceOf } from "./device.ts";
import { mainArms } from "./headline.ts";
import type { Arm, ArmsComparison, ModelResult, Result } from "./schema.ts";

/**
 * Adds to every model how its Vulkan arm compares with its fastest CPU arm, process by process: the ratio of the medians
 * with its bootstrap interval, Mann-Whitney's p adjusted over all models by Holm's method, and what the arms differ from
 * themselves. A model without both arms gets none.
 */
export function compareArms(models: readonly ModelResult[]): ModelResult[] {
  const compared = models.map((model) => ({ model, groups: compareOne(model) }));
  const judged = judgeComparisons(compared.flatMap(({ groups }) => groups?.comparison ?? []));
  return compared.map(({ model, groups }) => {
    if (groups === undefined) return model;
    const { invalid, processes, ...figures } = judged.shift()!;
    const { comparison: _, ...rest } = groups;
    return {
      ...model,
      comparison: {
        ...rest,
        ...figures,
        processes: { base: processes.before, arm: processes.after },
        ...(invalid === undefined ? {} : { reason: invalid }),
      },
    };
  });
}

/** A result of before there were comparisons in it, with them; any other as it is. */
export function withComparisons(result: Result): Result {
  if (result.models.some(({ comparison }) => comparison !== undefined)) return result;
  return { ...result, models: compareArms(result.models) };
}

function compareOne(model: ModelResult) {
  const { cpu, vulkan } = mainArms(model);
  if (cpu === undefined || vulkan === undefined) return undefined;
  const comparison = compareGroups({ before: processMedians(cpu), after: processMedians(vulkan) });
  return {
    base: cpu.name,
    arm: vulkan.name,
    software: vulkan.runs.some(({ runner }) => runner.device ? deviceOf(runner.device).software : false),
    aa: [cpu, vulkan].map(selfComparison),
    // Times of a model with wrong numbers are no times of that model.
    comparison: model.ok ? comparison : { ...comparison, ...FAILED },
  };
}

const FAILED = { interval: null, p: null, invalid: "The model failed its checks" };

/** An arm's odd processes over its even ones: nothing differs but chance and the machine. */
function selfComparison(arm: Arm): ArmsComparison["aa"][number] {
  const medians = processMedians(arm);
  const [even, odd] = [0, 1].map((rest) => medians.filter((_, index) => index % 2 === rest));
  return {
    arm: arm.name,
    ratio: odd!.length === 0 ? null : ratioOf(even!, odd!),
    noise: noiseOf(medians),
  };
}
