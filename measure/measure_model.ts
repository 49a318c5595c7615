/**
 * Measuring one model: the processes of every arm, their outputs against the golden ones, the verdict.
 *
 * @module
 */
import { join } from "node:path";
import type { HostTarget } from "./host_target.ts";
import { judgeModel, type MeasuredArm } from "./judge.ts";
import { compareOutputs, readOutputs } from "./outputs.ts";
import type { Tolerance } from "./parity.ts";
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
  /** Part of the Vulkan device's name. */
  readonly expectDevice: string;
  /** New host folder for what the processes write; becomes `runs/<name>` of the result folder. */
  readonly workFolder: string;
}

/** Runs every arm and judges the model. */
export async function measureModel(target: HostTarget, request: MeasureModelRequest): Promise<ModelResult> {
  const arms: MeasuredArm[] = [];
  let order = 0;
  for (const arm of armsOf(request)) {
    arms.push(await measureArm(target, request, { ...arm, order }));
    order += request.replicates;
  }
  const golden = await Promise.all(
    request.outputs.map((output) => readTensor(join(request.goldenFolder, `${output}.json`))),
  );
  const parity: ParityEntry[] = [];
  for (const arm of arms) {
    const { tolerance } = arm.backend === "cpu" ? request.cpu : request.vulkan;
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
  const { name, title, weights, expectDevice } = request;
  return judgeModel({ name, title, weights, arms, parity }, { expectDevice });
}

interface ArmRequest {
  readonly name: string;
  readonly backend: "cpu" | "vulkan";
  readonly form: ModelForm;
  readonly threads?: number;
}

/** The CPU with every thread count, then Vulkan. Which CPU arm stands for the CPU is decided by the figures. */
function armsOf(request: MeasureModelRequest): ArmRequest[] {
  return [
    ...request.cpuThreads.map((threads): ArmRequest => ({
      name: `cpu-${threads}t`,
      backend: "cpu",
      form: request.cpu,
      threads,
    })),
    { name: "vulkan", backend: "vulkan", form: request.vulkan },
  ];
}

async function measureArm(
  target: HostTarget,
  request: MeasureModelRequest,
  arm: ArmRequest & { readonly order: number },
): Promise<MeasuredArm> {
  const runs: Run[] = [];
  for (let replicate = 0; replicate < request.replicates; replicate++) {
    const folder = folderName(arm.name, replicate);
    const { runner, wallMs } = await target.run({
      backend: arm.backend,
      modelFolder: arm.form.folder,
      modelFile: arm.form.file,
      inputFolder: request.goldenFolder,
      inputs: request.inputs.map((input) => `${input}.json`),
      outFolder: join(request.workFolder, folder),
      warmup: request.warmup,
      iterations: request.iterations,
      ...(arm.threads === undefined ? {} : { threads: arm.threads }),
      ...(arm.backend === "vulkan" ? { expectDevice: request.expectDevice } : {}),
    });
    runs.push({
      replicate,
      order: arm.order + replicate,
      folder: `runs/${request.name}/${folder}`,
      wallMs,
      runner,
    });
  }
  const title = arm.threads === undefined
    ? undefined
    : `CPU, ${arm.threads} thread${arm.threads === 1 ? "" : "s"}`;
  return { name: arm.name, backend: arm.backend, runs, ...(title === undefined ? {} : { title }) };
}

function folderName(arm: string, replicate: number): string {
  return `${arm}-${replicate}`;
}
