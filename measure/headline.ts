import type { Arm, ModelResult, ParityEntry, Result } from "./schema.ts";

/**
 * The arms a table has room for: the fastest CPU arm, so that Vulkan never beats a straw man, and the first Vulkan arm;
 * later ones compare other inputs and are not timed properly.
 */
export function mainArms(
  model: ModelResult,
): { readonly cpu: Arm | undefined; readonly vulkan: Arm | undefined } {
  const cpu =
    model.arms.filter((arm) => arm.backend === "cpu").toSorted((a, b) => medianOf(a) - medianOf(b))[0];
  return { cpu, vulkan: model.arms.find((arm) => arm.backend === "vulkan") };
}

/**
 * The parity entry that stands for the model: the worst of its Vulkan arms, failed ones first, then by relative error;
 * an error that could not be computed is the worst of all. `undefined` if nothing was compared.
 */
export function worstParity(model: ModelResult): ParityEntry | undefined {
  const vulkan = new Set(model.arms.filter((arm) => arm.backend === "vulkan").map((arm) => arm.name));
  return model.parity
    .filter((entry) => vulkan.has(entry.arm))
    .toSorted((a, b) => Number(a.ok) - Number(b.ok) || badness(b) - badness(a))[0];
}

/** One sentence that says how the whole measurement ended. */
export function verdictSentence({ models, complete, device, target }: Result): string {
  if (models.length === 0) return "Nothing was measured";
  const sentence = `${matchPhrase(models)} on ${device?.name ?? target.name}`;
  return complete ? sentence : `Incomplete: ${sentence}, the rest was not measured`;
}

function matchPhrase(models: readonly ModelResult[]): string {
  const passed = models.filter((model) => model.ok).length;
  if (models.length > 1) return `${passed} of ${models.length} models match their reference`;
  return `${models[0]!.name} ${passed === 1 ? "matches" : "does not match"} its reference`;
}

function badness(entry: ParityEntry): number {
  return entry.maxRel ?? Infinity;
}

/** An arm without measurements comes last; a finite number, since Infinity - Infinity is none. */
function medianOf(arm: Arm): number {
  return arm.latency?.total.median ?? Number.MAX_VALUE;
}
