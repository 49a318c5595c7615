/**
 * Measuring one model: the processes of every arm, their outputs against the golden ones, the verdict.
 *
 * @module
 */
import { join } from "node:path";
import type { Target } from "./host_target.ts";
import { judgeModel, type MeasuredArm } from "./judge.ts";
import { compareOutputs, readOutputs } from "./outputs.ts";
import type { Tolerance } from "./parity.ts";
import type { RunnerResult } from "./runner_result.ts";
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
  readonly warmup: number;
  readonly iterations: number;
  /** Fresh processes per arm. */
  readonly replicates: number;
  /** Golden inputs: the first is timed on every arm, the others only compared, in a Vulkan process each. */
  readonly samples: number;
  /** Part of the Vulkan device's name, where it is known beforehand. */
  readonly expectDevice?: string;
  /** A driver in software is a failure. */
  readonly expectHardware?: boolean;
  /** New host folder for what the processes write; becomes `runs/<name>` of the result folder. */
  readonly workFolder: string;
}

/** Runs every arm and judges the model. */
export async function measureModel(target: Target, request: MeasureModelRequest): Promise<ModelResult> {
  const arms: MeasuredArm[] = [];
  let order = 0;
  const wanted = armsOf(request);
  for (const arm of wanted) {
    arms.push(await measureArm(target, request, { ...arm, order }));
    order += replicatesOf(request, arm);
  }
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
  const { name, title, weights, expectDevice, expectHardware = false } = request;
  return judgeModel({ name, title, weights, arms, parity }, {
    expectHardware,
    ...(expectDevice === undefined ? {} : { expectDevice }),
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
    ...(request.replicates > 1
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

async function measureArm(
  target: Target,
  request: MeasureModelRequest,
  arm: ArmRequest & { readonly order: number },
): Promise<MeasuredArm> {
  const runs: Run[] = [];
  for (let replicate = 0; replicate < replicatesOf(request, arm); replicate++) {
    const folder = folderName(arm.name, replicate);
    const { runner, wallMs } = await target.run({
      backend: arm.backend,
      modelFolder: arm.form.folder,
      modelFile: arm.form.file,
      inputFolder: request.goldenFolder,
      inputs: request.inputs.map((input) => tensorFile(input, arm.sample ?? 0)),
      outFolder: join(request.workFolder, folder),
      // Twice, so that a second run in the same process is compared with the first.
      ...(arm.sample === undefined
        ? { warmup: request.warmup, iterations: request.iterations }
        : { warmup: 0, iterations: 2 }),
      ...(arm.threads === undefined ? {} : { threads: arm.threads }),
      ...(arm.backend === "vulkan" && request.expectDevice !== undefined
        ? { expectDevice: request.expectDevice }
        : {}),
    });
    const named = withNames(runner, request.outputs);
    runs.push({
      replicate,
      order: arm.order + replicate,
      folder: `runs/${request.name}/${folder}`,
      wallMs,
      runner: named,
    });
  }
  const title = titleOf(arm);
  return {
    name: arm.name,
    backend: arm.backend,
    runs,
    ...(title === undefined ? {} : { title }),
    ...(arm.sample === undefined ? {} : { sample: arm.sample }),
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

function titleOf({ threads, sample }: ArmRequest): string | undefined {
  if (threads !== undefined) return `CPU, ${threads} thread${threads === 1 ? "" : "s"}`;
  if (sample === undefined) return undefined;
  return sample === 0 ? "Vulkan, a second process" : `Vulkan, input ${sample + 1}`;
}

/** One process tells whether another input is computed right; only the first is repeated. */
function replicatesOf(request: MeasureModelRequest, arm: { readonly sample?: number }): number {
  return arm.sample === undefined ? request.replicates : 1;
}

/** The conversion's name for a tensor of a sample: the first is not numbered. */
function tensorFile(name: string, sample: number): string {
  return `${name}${sample === 0 ? "" : sample}.json`;
}

function folderName(arm: string, replicate: number): string {
  return `${arm}-${replicate}`;
}
