/**
 * Measuring the models on SwiftShader: the processes, the comparison, the result folder.
 *
 * @module
 */
import { join } from "node:path";
import { EngineError, type Manifest } from "../engine/mod.ts";
import {
  HostTarget,
  judgeResult,
  measureModel,
  type ModelResult,
  renderHtml,
  renderJunit,
  renderMarkdown,
  type Result,
  resultId,
  writeResult,
} from "../measure/mod.ts";
import { sizeName, toleranceFor } from "../models/mod.ts";
import type { ModelSteps, SizeChoice } from "../recipes/model.ts";
import type { MainJob } from "../recipes/project.ts";
import { environmentOf, stepTimings } from "./_environment.ts";
import type { Session } from "./_session.ts";

/** What SwiftShader calls its device. */
const SWIFTSHADER_DEVICE = "SwiftShader";

/** More threads than this did not make Debian's torch faster anywhere, and often slower. */
const MAX_CPU_THREADS = 4;

/** Bounds of one process of the runner. */
const RUN_LIMITS = { memoryBytes: 4 * 2 ** 30, processes: 512, timeoutMs: 5 * 60_000 };

/** What {@linkcode measureOnSwiftshader} measures. */
export interface MeasureRequest {
  readonly job: MainJob;
  readonly manifests: ReadonlyMap<string, Manifest>;
  readonly values: {
    readonly iterations: number;
    readonly warmup: number;
    readonly replicates: number;
    readonly samples: number;
    readonly size: SizeChoice;
    readonly results: string;
    readonly weights: string;
    readonly runtime: string;
  };
}

/** Runs, compares and writes the result folder. */
export async function measureOnSwiftshader(
  session: Session,
  request: MeasureRequest,
): Promise<{ readonly result: Result; readonly folder: string }> {
  const { host, engine, signal, renderer } = session;
  const { job, values } = request;
  const startedAt = new Date(session.startedMs);
  const measureStartMs = host.clock.now() - session.startedMs;
  const started = host.clock.monotonic();
  const folderOf = (name: string) => engine.folderOf(manifestOf(request, name));
  const sandbox = await engine.sandbox(signal);
  const target = new HostTarget({
    host,
    sandbox,
    image: await engine.image(session.project.materials.vulkanSdk, signal),
    runnerFolder: join(folderOf(job.runtime.runner.name), "bin"),
    pluginFolder: join(folderOf(job.runtime.plugin.name), "lib"),
    driverFolder: join(folderOf(job.swiftshader.name), "lib"),
    driverManifest: "vk_swiftshader_icd.json",
    limits: RUN_LIMITS,
    signal,
  });
  using work = engine.store.workFolder();
  const models = [];
  for (const steps of job.models) {
    renderer.say(`measuring ${steps.spec.name}`);
    models.push(await measureSteps(steps, { session, request, target, work: work.path }));
  }
  const result = judgeResult({
    id: resultId(startedAt, crypto.randomUUID()),
    command: "test-swiftshader",
    options: {
      iterations: values.iterations,
      warmup: values.warmup,
      replicates: values.replicates,
      samples: values.samples,
      size: typeof values.size === "string" ? values.size : sizeName(values.size),
      weights: values.weights,
      runtime: values.runtime,
    },
    startedAt: startedAt.toISOString(),
    finishedAt: new Date(host.clock.now()).toISOString(),
    complete: true,
    target: { name: "swiftshader" },
    environment: environmentOf(host, { sandbox: sandbox.name, variables: target.environment }),
    digests: digestsOf(request),
    drift: session.drift.map((drift) => ({
      subject: `debian:${drift.source}`,
      locked: drift.lockedVersion,
      used: drift.usedVersion,
      reason: drift.reason,
    })),
    steps: [
      ...stepTimings(session.events),
      {
        name: "measure",
        status: "ran",
        startMs: measureStartMs,
        durationMs: host.clock.monotonic() - started,
      },
    ],
    models,
  });
  const folder = await writeResult(values.results, result, {
    attachments: [
      { path: "report.html", content: await renderHtml(result) },
      { path: "report.md", content: renderMarkdown(result) },
      { path: "junit.xml", content: renderJunit(result) },
      ...job.models.map(({ spec }) => ({ path: `runs/${spec.name}`, from: join(work.path, spec.name) })),
    ],
  });
  return { result, folder };
}

function measureSteps(steps: ModelSteps, context: ModelContext): Promise<ModelResult> {
  const { spec } = steps;
  const { engine, host } = context.session;
  const { values } = context.request;
  const cpuFolder = engine.folderOf(manifestOf(context.request, steps.cpu.name));
  const vulkanFolder = engine.folderOf(manifestOf(context.request, steps.vulkan.name));
  const workFolder = join(context.work, spec.name);
  host.fs.mkdir(workFolder);
  return measureModel(context.target, {
    name: spec.name,
    title: spec.title,
    weights: { kind: values.weights },
    cpu: { folder: cpuFolder, file: `${spec.name}_cpu.pt`, tolerance: toleranceFor(spec, "cpu") },
    vulkan: {
      folder: vulkanFolder,
      file: `${spec.name}_vulkan.pt`,
      tolerance: toleranceFor(spec, "swiftshader"),
    },
    goldenFolder: join(cpuFolder, "golden"),
    inputs: spec.inputs.map((input) => input.name),
    outputs: spec.outputs.map((output) => output.name),
    cpuThreads: [...new Set([1, Math.min(MAX_CPU_THREADS, host.machine.cpus)])],
    warmup: values.warmup,
    iterations: values.iterations,
    replicates: values.replicates,
    samples: values.samples,
    expectDevice: SWIFTSHADER_DEVICE,
    workFolder,
  });
}

interface ModelContext {
  readonly session: Session;
  readonly request: MeasureRequest;
  readonly target: HostTarget;
  readonly work: string;
}

function manifestOf(request: MeasureRequest, name: string): Manifest {
  const manifest = request.manifests.get(name);
  if (manifest === undefined) throw new EngineError("io", `The output of "${name}" is not there`);
  return manifest;
}

function digestsOf(request: MeasureRequest) {
  return [...request.manifests.values()].map((manifest) => ({
    role: "step",
    name: manifest.name,
    sha256: manifest.treeDigest as string,
  }));
}
