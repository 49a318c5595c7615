/**
 * A plan as something to look at: steps with what they read and made, edges, and the critical path.
 *
 * @module
 */
import type { StepId } from "../digest.ts";
import { imageId } from "../image/mod.ts";
import type { Store } from "../store/mod.ts";
import { pinOf } from "./fingerprint.ts";
import type { PlannedStep } from "./plan.ts";
import { stepInputs } from "./step.ts";
import { type MadeOutput, madeOutput } from "./why.ts";

/** One step. */
export interface GraphNode {
  readonly name: string;
  readonly id: StepId;
  readonly status: "hit" | "miss";
  /** Whether a build of the targets has to run it. */
  readonly needed: boolean;
  /** Why it is a miss; "" for a hit. */
  readonly reason: string;
  readonly isTarget: boolean;
  readonly isCritical: boolean;
  readonly image: { readonly name: string; readonly id: StepId; readonly packages: number };
  /** Names of the steps that it reads. */
  readonly steps: readonly string[];
  readonly sources: ReadonlyArray<{ readonly name: string; readonly pin: string }>;
  /** Folders of the repository that it reads. */
  readonly folders: ReadonlyArray<
    { readonly path: string; readonly files: number; readonly sizeBytes: number }
  >;
  readonly outputs: readonly string[];
  /** What the store has; `undefined` for a miss. */
  readonly made: MadeOutput | undefined;
  /** How long it took when it was built last, in whichever form; `undefined` if never. */
  readonly lastDurationMs: number | undefined;
}

/** A step that reads another. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly isCritical: boolean;
}

/** A graph to look at. */
export interface GraphView {
  /** Each after what it reads. */
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** The chain of steps that takes longest by the times of the last builds: no number of processors makes it shorter. */
  readonly critical: { readonly names: readonly string[]; readonly durationMs: number };
}

/** Options of {@linkcode graphView}. */
export interface GraphViewOptions {
  readonly store: Store;
  /** Names of the steps that were asked for. */
  readonly targets: readonly string[];
}

/** A plan as something to look at. */
export function graphView(planned: readonly PlannedStep[], { store, targets }: GraphViewOptions): GraphView {
  const durations = new Map(
    planned.map((one) => [
      one.step.name,
      (one.manifest ?? store.latest(one.step.name))?.durationMs,
    ]),
  );
  const critical = criticalPath(planned, durations);
  const onPath = new Set(critical.names);
  const asked = new Set(targets);
  const nodes = planned.map((one): GraphNode => {
    const { step, id, status, needed, reason, files } = one;
    return {
      name: step.name,
      id,
      status,
      needed,
      reason,
      isTarget: asked.has(step.name),
      isCritical: onPath.has(step.name),
      image: { name: step.image.name, id: imageId(step.image), packages: step.image.packages.length },
      steps: stepNames(one),
      sources: Object.values(step.inputs).flatMap((input) =>
        input.kind === "source" ? [{ name: input.name, pin: pinOf(input.source) }] : []
      ),
      folders: Object.entries(step.inputs).flatMap(([name, input]) => {
        if (input.kind !== "files") return [];
        const tree = files.get(name) ?? [];
        const sizeBytes = tree.reduce((sum, entry) => sum + (entry.kind === "file" ? entry.sizeBytes : 0), 0);
        return [{ path: input.folder, files: tree.length, sizeBytes }];
      }),
      outputs: step.outputs,
      made: madeOutput(one, store),
      lastDurationMs: durations.get(step.name),
    };
  });
  const next = new Map(critical.names.map((name, index) => [name, critical.names[index + 1]]));
  const edges = nodes.flatMap(({ name, steps }) =>
    steps.map((from): GraphEdge => ({ from, to: name, isCritical: next.get(from) === name }))
  );
  return { nodes, edges, critical };
}

/** The chain with the longest time; steps without a time count as nothing. Empty where no time is known. */
function criticalPath(
  planned: readonly PlannedStep[],
  durations: ReadonlyMap<string, number | undefined>,
): GraphView["critical"] {
  const best = new Map<string, { totalMs: number; before: string | undefined }>();
  let end: string | undefined;
  for (const one of planned) {
    let before: string | undefined;
    for (const name of stepNames(one)) {
      if (before === undefined || best.get(name)!.totalMs > best.get(before)!.totalMs) before = name;
    }
    const { name } = one.step;
    const totalMs = (durations.get(name) ?? 0) + (before === undefined ? 0 : best.get(before)!.totalMs);
    best.set(name, { totalMs, before });
    if (totalMs > 0 && (end === undefined || totalMs > best.get(end)!.totalMs)) end = name;
  }
  const names: string[] = [];
  for (let name = end; name !== undefined; name = best.get(name)?.before) names.unshift(name);
  return { names, durationMs: end === undefined ? 0 : best.get(end)!.totalMs };
}

function stepNames({ step }: PlannedStep): string[] {
  return [...new Set(stepInputs(step).map(({ name }) => name))];
}
