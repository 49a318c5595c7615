/**
 * Measuring the models on a Vulkan driver: the processes, the comparison, the result folder.
 *
 * @module
 */
import { join } from "node:path";
import { z } from "zod";
import type { Manifest } from "../engine/mod.ts";
import {
  type Effort,
  type EffortName,
  effortOf,
  judgeResult,
  measureModel,
  type ModelResult,
  type OnStopped,
  reportFiles,
  type Result,
  resultId,
  writeResult,
} from "../measure/mod.ts";
import { sizeName, toleranceFor } from "../models/mod.ts";
import type { DriverName } from "../recipes/drivers/mod.ts";
import type { ModelSteps, SizeChoice } from "../recipes/model.ts";
import type { MainJob } from "../recipes/project.ts";
import { environmentOf, stepTimings } from "./_environment.ts";
import { digestsOf, driftOf, manifestOf } from "./_provenance.ts";
import { chooseTarget, type ChosenTarget } from "./_target.ts";
import type { Session } from "./_session.ts";

/** More threads than this did not make Debian's torch faster anywhere, and often slower. */
const MAX_CPU_THREADS = 4;

/** What {@linkcode measureModels} measures. */
export interface MeasureRequest {
  /** The verb that was typed, for the record. */
  readonly command: "test-swiftshader" | "test-device";
  readonly job: MainJob;
  readonly manifests: ReadonlyMap<string, Manifest>;
  readonly values: {
    readonly effort: EffortName;
    readonly iterations?: number | undefined;
    readonly warmup?: number | undefined;
    readonly replicates?: number | undefined;
    readonly seed?: number | undefined;
    readonly samples: number;
    readonly size: SizeChoice;
    readonly driver: DriverName;
    readonly results: string;
    readonly weights: string;
    readonly runtime: string;
  };
}

/**
 * Runs, compares and writes the result folder. Where something stops it on the way, Ctrl-C included, what was measured
 * until then is written too and marked incomplete.
 *
 * @throws what stopped it
 */
export async function measureModels(session: Session, request: MeasureRequest): Promise<Measured> {
  const { host, engine, renderer } = session;
  const { job, values } = request;
  const measureStartMs = host.clock.now() - session.startedMs;
  const started = host.clock.monotonic();
  const folderOf = (name: string) => engine.folderOf(manifestOf(request.manifests, name));
  using work = engine.store.workFolder();
  const chosen = await chooseTarget(session, {
    driver: values.driver,
    runnerFolder: join(folderOf(job.runtime.runner.name), "bin"),
    pluginFolder: join(folderOf(job.runtime.plugin.name), "lib"),
    folderOf,
    workFolder: work.path,
  });
  const context: Context = {
    session,
    request,
    chosen,
    work: work.path,
    loadBefore: Deno.loadavg()[0]!,
    effort: effortOf(values.effort, values),
    seed: values.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]!,
  };
  const models: ModelResult[] = [];
  const write = (complete: boolean) => {
    const measured = { startMs: measureStartMs, durationMs: host.clock.monotonic() - started };
    return writeMeasured(context, { complete, models, measured });
  };
  try {
    for (const steps of job.models) {
      renderer.say(`measuring ${steps.spec.name}`);
      models.push(await measureSteps(steps, context, (partial) => models.push(partial)));
    }
  } catch (error) {
    if (models.some(({ arms }) => arms.some(({ runs }) => runs.length > 0))) {
      // What stopped it is the news; that the rest could not be kept either is not.
      await write(false).then(
        ({ folder }) => renderer.say(`incomplete: ${join(folder, "report.html")}`),
        (failure) => renderer.say(`nothing was kept: ${failure.message}`),
      );
    }
    throw error;
  }
  return await write(true);
}

/** A result, and the folder it was written to. */
export interface Measured {
  readonly result: Result;
  readonly folder: string;
}

interface Parts {
  readonly complete: boolean;
  readonly models: readonly ModelResult[];
  /** The time that measuring took. */
  readonly measured: { readonly startMs: number; readonly durationMs: number };
}

async function writeMeasured(context: Context, parts: Parts): Promise<Measured> {
  const { session, request, chosen, effort, seed, work } = context;
  const { host } = session;
  const { values } = request;
  const startedAt = new Date(session.startedMs);
  const result = judgeResult({
    id: resultId(startedAt, crypto.randomUUID()),
    command: request.command,
    options: {
      effort: values.effort,
      ...effort,
      seed,
      samples: values.samples,
      driver: values.driver,
      size: typeof values.size === "string" ? values.size : sizeName(values.size),
      weights: values.weights,
      runtime: values.runtime,
    },
    startedAt: startedAt.toISOString(),
    finishedAt: new Date(host.clock.now()).toISOString(),
    complete: parts.complete,
    target: { name: values.driver },
    environment: {
      ...environmentOf(host, { sandbox: chosen.sandbox, variables: chosen.target.environment }),
      loadBefore: context.loadBefore,
    },
    digests: digestsOf(request.manifests),
    drift: driftOf(session),
    steps: [
      ...stepTimings(session.events),
      { name: "measure", status: parts.complete ? "ran" : "failed", ...parts.measured },
    ],
    models: [...parts.models],
  });
  const folder = await writeResult(values.results, result, {
    attachments: [
      ...reportFiles(result),
      ...parts.models.map(({ name }) => ({ path: `runs/${name}`, from: join(work, name) })),
    ],
  });
  return { result, folder };
}

function measureSteps(steps: ModelSteps, context: Context, onStopped: OnStopped): Promise<ModelResult> {
  const { spec } = steps;
  const { engine, host } = context.session;
  const { values } = context.request;
  const cpuFolder = engine.folderOf(manifestOf(context.request.manifests, steps.cpu.name));
  const vulkanFolder = engine.folderOf(manifestOf(context.request.manifests, steps.vulkan.name));
  const workFolder = join(context.work, spec.name);
  host.fs.mkdir(workFolder);
  return measureModel(context.chosen.target, {
    name: spec.name,
    title: spec.title,
    weights: { kind: steps.cpu.name.startsWith("model-file/") ? "own" : values.weights },
    cpu: { folder: cpuFolder, file: `${spec.name}_cpu.pt`, tolerance: toleranceFor(spec, "cpu") },
    vulkan: {
      folder: vulkanFolder,
      file: `${spec.name}_vulkan.pt`,
      tolerance: toleranceFor(spec, values.driver),
    },
    goldenFolder: join(cpuFolder, "golden"),
    ...interfaceOf(host.fs.readTextFile(join(cpuFolder, "model.json"))),
    cpuThreads: [...new Set([1, Math.min(MAX_CPU_THREADS, host.machine.cpus)])],
    effort: context.effort,
    seed: context.seed,
    samples: values.samples,
    expectHardware: values.driver === "gpu",
    ...(context.chosen.expectDevice === undefined ? {} : { expectDevice: context.chosen.expectDevice }),
    workFolder,
  }, onStopped);
}

const Interface = z.object({
  inputs: z.array(z.object({ name: z.string() })),
  outputs: z.array(z.object({ name: z.string() })),
});

/** Names of inputs and outputs, as the conversion wrote them. */
function interfaceOf(modelJson: string): { readonly inputs: string[]; readonly outputs: string[] } {
  const { inputs, outputs } = Interface.parse(JSON.parse(modelJson));
  return { inputs: inputs.map(({ name }) => name), outputs: outputs.map(({ name }) => name) };
}

interface Context {
  readonly session: Session;
  readonly request: MeasureRequest;
  readonly effort: Effort;
  readonly seed: number;
  readonly chosen: ChosenTarget;
  /** Of the last minute. */
  readonly loadBefore: number;
  readonly work: string;
}
