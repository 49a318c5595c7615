/**
 * Targets of the commands that look at the graph: those of the main job, and those of the AARs.
 *
 * @module
 */
import { EngineError, type Host, inOrder, type Step } from "../engine/mod.ts";
import { mainJob, type Project, resolveTarget, TARGETS } from "../recipes/project.ts";
import type { AarValues } from "./_aar_options.ts";
import type { JobValues } from "./_job_options.ts";

/** The target that stands for all steps of the AARs. */
export const AAR_TARGET = "build-aar";

/** Steps of the AARs begin with one of these. */
const AAR_STEPS = /^(aar|torch-android)\//;

/** What a name on the command line stands for. */
export interface ResolvedTarget {
  readonly targets: readonly Step[];
  /** Whether the name is that of a command, and not of one step. */
  readonly isCommand: boolean;
}

/**
 * The steps that a target stands for: the name of a command or of a step.
 *
 * @throws {EngineError} "unknown-step" with the names there are; what choosing models or AARs throws
 */
export async function resolveAnyTarget(
  host: Host,
  project: Project,
  { target, values }: { readonly target: string; readonly values: JobValues & AarValues },
): Promise<ResolvedTarget> {
  if (target === AAR_TARGET || AAR_STEPS.test(target)) {
    return await resolveAarTarget(host, project, { target, values });
  }
  const job = mainJob(project, {
    models: values.model ?? [],
    weights: values.weights,
    runtime: values.runtime,
    size: values.size,
    samples: values.samples,
  });
  try {
    const isCommand = (TARGETS as readonly string[]).includes(target);
    return { targets: resolveTarget(job, target), isCommand };
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== "unknown-step") throw error;
    throw new EngineError(error.code, error.message, {
      hint: `${error.hint ?? ""}; ${AAR_TARGET} and its steps, torch-android/… and aar/…`,
      cause: error,
    });
  }
}

/** A step's name tells the lane: its origin, and of official AARs the version. */
async function resolveAarTarget(
  host: Host,
  project: Project,
  { target, values }: { readonly target: string; readonly values: AarValues },
): Promise<ResolvedTarget> {
  const { chooseLane } = await import("./_aar_lane.ts");
  if (target === AAR_TARGET) {
    const { lane } = await chooseLane(host, project, values);
    return { targets: [lane.repository], isCommand: true };
  }
  const known: string[] = [];
  for (const choice of await lanesOf(target, values)) {
    const { lane } = await chooseLane(host, project, choice);
    const steps = inOrder([lane.repository]);
    const found = steps.find(({ name }) => name === target);
    if (found !== undefined) return { targets: [found], isCommand: false };
    known.push(...steps.map(({ name }) => name));
  }
  throw new EngineError("unknown-step", `Unknown target "${target}"`, {
    hint: `Steps of this kind are ${known.filter((name) => AAR_STEPS.test(name)).join(", ")}`,
  });
}

async function lanesOf(target: string, values: AarValues): Promise<AarValues[]> {
  if (!target.startsWith("aar/")) return [{ ...values, from: "source" }];
  const { OFFICIAL_AARS } = await import("../recipes/aar/official.ts");
  const versions = new Set(OFFICIAL_AARS.map(({ version }) => version));
  return [...versions].map((version) => ({ ...values, from: "maven", version }));
}
