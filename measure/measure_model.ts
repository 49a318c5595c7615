/**
 * Measuring one model: the processes of every arm, their outputs against the golden ones, the verdict.
 *
 * @module
 */
import { join } from "node:path";
import type { Target } from "./targets/target.ts";
import type { Effort } from "./effort.ts";
import { judgeModel, type MeasuredArm } from "./judge.ts";
import { compareOutputs, readOutputs } from "./outputs.ts";
import type { Tolerance } from "./parity.ts";
import type { RunnerResult } from "./runner_result.ts";
import { schedule } from "./schedule.ts";
import type { ModelResult, ParityEntry, Run } from "./schema.ts";
import { readTensor } from "./tensor.ts";

/** A form of a model, as a file on the host. */
export interface ModelForm {
  readonly folder: string;
  readonly file: string;
  readonly tolerance: Tolerance;
}

/** What {@linkcode measureModel} measures. */
export interface MeasureModelRequest {
  readonly name: string;
  readonly title: string;
  readonly weights: NonNullable<ModelResult["weights"]>;
  /** The best form for the CPU: the comparison is with what a user would run, not with a straw man. */
  readonly cpu: ModelForm;
  readonly vulkan: ModelForm;
  /** Folder with the tensor files of inputs and outputs, named after them. */
  readonly goldenFolder: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Thread counts to try on the CPU; the fastest one stands for the CPU. */
  readonly cpuThreads: readonly number[];
  readonly effort: Effort;
  /** Of the order in which processes run. */
  readonly seed: number;
  /** Golden inputs: the first is timed on every arm, the others only compared, in a Vulkan process each. */
  readonly samples: number;
  /** Part of the Vulkan device's name, where it is known beforehand. */
  readonly expectDevice?: string;
  /** A driver in software is a failure. */
  readonly expectHardware?: boolean;
  /** New host folder for what the processes write; becomes `runs/<name>` of the result folder. */
  readonly workFolder: string;
}

/** Takes what there is of a model that could not be measured to the end. */
export type OnStopped = (partial: ModelResult) => void;

/**
 * Runs the processes of every arm in the order of {@linkcode schedule} and judges the model. Which processes run does not
 * depend on what they give.
 *
 * @throws what the target throws, after `onStopped` was given what there is until then
 */
export async function measureModel(
  target: Target,
  request: MeasureModelRequest,
  onStopped?: OnStopped,
): Promise<ModelResult> {
  const wanted = armsOf(request);
  const arms = wanted.map((arm): MeasuredArm & { runs: Run[] } => ({
    name: arm.name,
    backend: arm.backend,
    runs: [],
    title: titleOf(arm),
    ...optional("sample", arm.sample),
  }));
  const turns = schedule(
    wanted.map((arm) => ({
      name: arm.name,
      replicates: replicatesOf(request, arm),
      untimed: arm.sample !== undefined,
    })),
    request.seed,
  );
  try {
    for (const [order, { arm: name, replicate }] of turns.entries()) {
      const index = wanted.findIndex((arm) => arm.name === name);
      const run = await measureProcess(target, request, { ...wanted[index]!, replicate });
      arms[index]!.runs.push({ order, ...run });
    }
  } catch (error) {
    onStopped?.(await judged(request, wanted, arms));
    throw error;
  }
  return await judged(request, wanted, arms);
}

/** Compares the outputs of all processes with the golden ones, and judges. */
async function judged(
  request: MeasureModelRequest,
  wanted: readonly ArmRequest[],
  arms: readonly MeasuredArm[],
): Promise<ModelResult> {
  const parity: ParityEntry[] = [];
  for (const [index, arm] of arms.entries()) {
    const { tolerance } = arm.backend === "cpu" ? request.cpu : request.vulkan;
    const { sample = 0 } = wanted[index]!;
    const golden = await Promise.all(
      request.outputs.map((output) => readTensor(join(request.goldenFolder, tensorFile(output, sample)))),
    );
    for (const run of arm.runs) {
      if (!run.runner.ok) continue;
      const outputs = await readOutputs(
        join(request.workFolder, folderName(arm.name, run.replicate)),
        run.runner,
      );
      const compared = { arm: arm.name, replicate: run.replicate, reference: "golden", tolerance };
      parity.push(...compareOutputs(golden, outputs, compared));
    }
  }
  const inputs = await Promise.all(request.inputs.map(async (input) => {
    const { shape, sha256 } = await readTensor(join(request.goldenFolder, tensorFile(input, 0)));
    return { name: input, shape: [...shape], sha256 };
  }));
  const { name, title, weights, expectDevice, expectHardware = false } = request;
  return judgeModel({ name, title, weights, inputs, arms, parity }, {
    expectHardware,
    ...optional("expectDevice", expectDevice),
  });
}

interface ArmRequest {
  readonly name: string;
  readonly backend: "cpu" | "vulkan";
  readonly form: ModelForm;
  readonly threads?: number;
  /** Which golden input; the first unless given. An arm with another one is for comparing, not for timing. */
  readonly sample?: number;
}

/**
 * The CPU with every thread count, Vulkan, then Vulkan with the other inputs. Which CPU arm stands for the CPU is decided
 * by the figures.
 */
function armsOf(request: MeasureModelRequest): ArmRequest[] {
  return [
    ...request.cpuThreads.map((threads): ArmRequest => ({
      name: `cpu-${threads}t`,
      backend: "cpu",
      form: request.cpu,
      threads,
    })),
    { name: "vulkan", backend: "vulkan", form: request.vulkan },
    // A fresh process must give the same bytes; with several replicates there is one already.
    ...(request.effort.replicates > 1
      ? []
      : [{ name: "vulkan-again", backend: "vulkan", form: request.vulkan, sample: 0 } as const]),
    ...Array.from({ length: request.samples - 1 }, (_, index): ArmRequest => ({
      name: `vulkan-input${index + 2}`,
      backend: "vulkan",
      form: request.vulkan,
      sample: index + 1,
    })),
  ];
}

async function measureProcess(
  target: Target,
  request: MeasureModelRequest,
  arm: ArmRequest & { readonly replicate: number },
): Promise<Omit<Run, "order">> {
  const folder = folderName(arm.name, arm.replicate);
  const { runner, wallMs } = await target.run({
    backend: arm.backend,
    modelFolder: arm.form.folder,
    modelFile: arm.form.file,
    inputFolder: request.goldenFolder,
    inputs: request.inputs.map((input) => tensorFile(input, arm.sample ?? 0)),
    outFolder: join(request.workFolder, folder),
    ...countsOf(request, arm),
    ...optional("threads", arm.threads),
    ...(arm.backend === "vulkan" ? optional("expectDevice", request.expectDevice) : {}),
  });
  return {
    replicate: arm.replicate,
    folder: `runs/${request.name}/${folder}`,
    wallMs,
    runner: withNames(runner, request.outputs),
  };
}

/**
 * The model's names for its outputs, in place of the runner's: a TorchScript file gives them places only. Another number
 * of outputs keeps the runner's names, and so fails by name.
 */
function withNames(runner: RunnerResult, names: readonly string[]): RunnerResult {
  if (!runner.ok || runner.outputs.length !== names.length) return runner;
  return { ...runner, outputs: runner.outputs.map((output, index) => ({ ...output, name: names[index]! })) };
}

function titleOf({ threads, sample }: ArmRequest): string {
  if (threads !== undefined) return `CPU, ${threads} thread${threads === 1 ? "" : "s"}`;
  if (sample === undefined) return "Vulkan";
  return sample === 0 ? "Vulkan, a second process" : `Vulkan, input ${sample + 1}`;
}

/** One process tells whether another input is computed right; only the first is repeated. */
function replicatesOf(request: MeasureModelRequest, arm: { readonly sample?: number }): number {
  return arm.sample === undefined ? request.effort.replicates : 1;
}

/**
 * What a process runs. One that is only for comparing runs another input twice, so that the second run in the same process
 * is compared with the first; the first input again only once, since the timed arm compares its runs.
 */
function countsOf({ effort }: MeasureModelRequest, { sample }: ArmRequest) {
  if (sample !== undefined) return { warmup: 0, iterations: sample === 0 ? 0 : 1, phaseIterations: 0 };
  const { warmup, warmupMax, iterations, phaseIterations, gpuIterations, budgetMs } = effort;
  return {
    warmup,
    warmupMax,
    iterations,
    phaseIterations,
    gpuIterations,
    ...(budgetMs === undefined ? {} : { budgetMs }),
  };
}

/** The conversion's name for a tensor of a sample: the first is not numbered. */
function tensorFile(name: string, sample: number): string {
  return `${name}${sample === 0 ? "" : sample}.json`;
}

function folderName(arm: string, replicate: number): string {
  return `${arm}-${replicate}`;
}

/** An object with a property, or without it where there is no value. */
function optional<K extends string, T>(key: K, value: T | undefined): { readonly [P in K]?: T } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: T };
}
