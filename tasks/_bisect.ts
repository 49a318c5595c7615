/**
 * Finding the operator that makes a model's outputs differ: a step for each model whose parity failed.
 *
 * @module
 */
import { join } from "node:path";
import { z } from "zod";
import { DEFAULT_RESOURCES, EngineError, type Step } from "../engine/mod.ts";
import { type DriverName, openDriver, type SoftwareDriver } from "../recipes/drivers/mod.ts";
import type { HostRuntime } from "../recipes/host_runtime/host_runtime.ts";
import type { ModelSteps } from "../recipes/model.ts";
import type { MainJob } from "../recipes/project.ts";
import type { Session } from "./_session.ts";

/** How far an operator's result is from the CPU's: an error relative to its scale, or the reason why there is none. */
const Difference = z.object({ error: z.number().optional(), reason: z.string().optional() });

const Operator = z.object({
  op: z.string(),
  name: z.string(),
  inputs: z.array(z.array(z.int())),
  outputs: z.array(z.array(z.int())),
  source: z.string(),
  scope: z.string(),
  /** With the CPU's values for its inputs; null where it agrees. */
  fed: Difference.nullable(),
  /** With what the device computed before; null where it agrees. */
  free: Difference.nullable(),
});

/** What `python3 -m graph.bisect --json` writes. */
export const BisectReport = z.object({
  schema: z.literal(1),
  /** Whether all operators agree. */
  ok: z.boolean(),
  tolerance: z.number(),
  /** How many operators were looked at. */
  nodes: z.int(),
  /** The operator to look at. */
  first: Operator.nullable(),
  fed: z.array(Operator),
  free: z.array(Operator),
  /** The finding for people, line by line. */
  text: z.array(z.string()),
});

/** See {@linkcode BisectReport}. */
export type BisectReport = z.infer<typeof BisectReport>;

/** What {@linkcode bisectStep} runs. */
export interface BisectStepOptions {
  readonly runtime: HostRuntime;
  readonly driver: SoftwareDriver;
  /** Which golden sample is the input. */
  readonly sample: number;
}

/**
 * `bisect.json` of a model, see {@linkcode BisectReport}. An operator that differs does not fail the step: it is what
 * the step tells.
 */
export function bisectStep({ spec, cpu }: ModelSteps, options: BisectStepOptions): Step {
  const { runtime, driver, sample } = options;
  return {
    name: `bisect/${spec.name}/${driver.name}`,
    image: driver.image,
    inputs: {
      models: {
        kind: "files",
        folder: "models",
        only: ["convert/", "graph/", "ops/__init__.py", "ops/compare.py"],
      },
      model: { kind: "step", step: cpu },
      plugin: { kind: "step", step: runtime.plugin, path: "lib" },
      ...driver.inputs,
    },
    environment: driver.environment,
    script: [
      "export PYTHONPATH=/in/models PYTHONDONTWRITEBYTECODE=1 OMP_WAIT_POLICY=passive",
      "exec python3 -m graph.bisect /in/model --plugin /in/plugin/libvkforge_vulkan.so --report-only " +
      `--sample ${sample} --json /out/bisect.json`,
    ].join("\n"),
    outputs: ["bisect.json"],
    resources: { ...DEFAULT_RESOURCES, memoryBytes: 4 * 2 ** 30, timeoutMs: 30 * 60_000 },
  };
}

/** What {@linkcode bisectModels} bisects. */
export interface BisectRequest {
  readonly job: MainJob;
  readonly driver: DriverName;
  /** Names of the models whose parity failed. */
  readonly failed: readonly string[];
  /** Which golden sample; the first unless given. */
  readonly sample?: number;
}

/**
 * Bisects the models whose parity failed, as cached steps, and says what was found.
 *
 * @returns the reports by the models' names
 * @throws {EngineError} "usage" for the driver of a GPU, which no step can use; what a failed step throws
 */
export async function bisectModels(
  session: Session,
  request: BisectRequest,
): Promise<ReadonlyMap<string, BisectReport>> {
  const { engine, host, project, renderer, signal } = session;
  const failed = request.job.models.filter(({ spec }) => request.failed.includes(spec.name));
  if (failed.length === 0) return new Map();
  const driver = await openDriver(host, request.driver, project);
  if (driver.kind !== "software") {
    throw new EngineError("usage", `Cannot bisect with the driver "${request.driver}"`, {
      hint:
        "Use --driver swiftshader or lavapipe with --bisect: a GPU's driver belongs to the machine, outside steps",
    });
  }
  const { runtime } = request.job;
  const steps = new Map(
    failed.map((model) =>
      [model.spec.name, bisectStep(model, { runtime, driver, sample: request.sample ?? 0 })] as const
    ),
  );
  const manifests = await engine.build([...steps.values()], signal, "bisect");
  const reports = new Map<string, BisectReport>();
  for (const [name, step] of steps) {
    const folder = engine.folderOf(manifests.get(step.name)!);
    const text = host.fs.readTextFile(join(folder, "bisect.json"));
    const report = BisectReport.parse(JSON.parse(text));
    renderer.say(...bisectLines(name, report));
    reports.set(name, report);
  }
  return reports;
}

/** The finding for people, under the model's name. */
export function bisectLines(name: string, report: BisectReport): string[] {
  return [`bisect ${name} (${report.nodes} operators):`, ...report.text.map((line) => `  ${line}`)];
}
