/**
 * Measuring the models on SwiftShader: the processes, the comparison, the result folder.
 *
 * @module
 */
import { join } from "node:path";
import { EngineError, type Manifest } from "../engine/mod.ts";
import {
  compareOutputs,
  HostTarget,
  judgeModel,
  judgeResult,
  type MeasuredArm,
  type ParityEntry,
  readOutputs,
  readTensor,
  renderHtml,
  renderJunit,
  renderMarkdown,
  type Result,
  resultId,
  type Tolerance,
  writeResult,
} from "../measure/mod.ts";
import { toleranceFor } from "../models/mod.ts";
import type { ModelSteps } from "../recipes/model.ts";
import type { MainJob } from "../recipes/project.ts";
import { environmentOf, stepTimings } from "./_environment.ts";
import type { Session } from "./_session.ts";

/** What SwiftShader calls its device. */
const SWIFTSHADER_DEVICE = "SwiftShader";

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
  const startedAt = new Date(host.clock.now());
  const started = host.clock.monotonic();
  const folderOf = (name: string) => engine.folderOf(manifestOf(request, name));
  const sandbox = await engine.sandbox(signal);
  const target = new HostTarget({
    host,
    sandbox,
    imageRoot: (await engine.image(session.project.materials.vulkanSdk, signal)).root,
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
    models.push(await measureModel(steps, { session, request, target, work: work.path }));
  }
  const result = judgeResult({
    id: resultId(startedAt, crypto.randomUUID()),
    command: "test-swiftshader",
    options: {
      iterations: values.iterations,
      warmup: values.warmup,
      replicates: values.replicates,
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
        startMs: Math.max(0, session.events.at(-1)?.atMs ?? 0),
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
      { path: "runs", from: work.path },
    ],
  });
  return { result, folder };
}

interface ModelContext {
  readonly session: Session;
  readonly request: MeasureRequest;
  readonly target: HostTarget;
  readonly work: string;
}

async function measureModel(steps: ModelSteps, context: ModelContext) {
  const { spec } = steps;
  const { engine } = context.session;
  const cpuFolder = engine.folderOf(manifestOf(context.request, steps.cpu.name));
  const vulkanFolder = engine.folderOf(manifestOf(context.request, steps.vulkan.name));
  const arms: MeasuredArm[] = [
    await measureArm(steps, context, {
      backend: "cpu",
      modelFolder: cpuFolder,
      modelFile: `${spec.name}_cpu.pt`,
      inputFolder: join(cpuFolder, "golden"),
    }),
    await measureArm(steps, context, {
      backend: "vulkan",
      modelFolder: vulkanFolder,
      modelFile: `${spec.name}_vulkan.pt`,
      inputFolder: join(cpuFolder, "golden"),
    }),
  ];
  const golden = await Promise.all(
    spec.outputs.map((output) => readTensor(join(cpuFolder, "golden", `${output.name}.json`))),
  );
  const parity: ParityEntry[] = [];
  for (const arm of arms) {
    const tolerance: Tolerance = toleranceFor(spec, arm.backend === "cpu" ? "cpu" : "swiftshader");
    for (const run of arm.runs) {
      if (!run.runner.ok) continue;
      const outputs = await readOutputs(join(context.work, run.folder ?? ""), run.runner);
      parity.push(...compareOutputs(golden, outputs, { arm: arm.name, reference: "golden", tolerance }));
    }
  }
  return judgeModel({
    name: spec.name,
    title: spec.title,
    weights: { kind: context.request.values.weights },
    arms,
    parity,
  }, {
    expectDevice: SWIFTSHADER_DEVICE,
  });
}

interface ArmRequest {
  readonly backend: "cpu" | "vulkan";
  readonly modelFolder: string;
  readonly modelFile: string;
  readonly inputFolder: string;
}

async function measureArm(
  { spec }: ModelSteps,
  context: ModelContext,
  arm: ArmRequest,
): Promise<MeasuredArm> {
  const { values } = context.request;
  const runs = [];
  for (let replicate = 0; replicate < values.replicates; replicate++) {
    const folder = join(spec.name, `${arm.backend}-${replicate}`);
    const { runner, wallMs } = await context.target.run({
      ...arm,
      inputs: spec.inputs.map((input) => `${input.name}.json`),
      outFolder: join(context.work, folder),
      warmup: values.warmup,
      iterations: values.iterations,
      ...(arm.backend === "vulkan" ? { expectDevice: SWIFTSHADER_DEVICE } : {}),
    });
    runs.push({ replicate, order: replicate, folder, wallMs, runner });
  }
  return { name: arm.backend, backend: arm.backend, runs };
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
