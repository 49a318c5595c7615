/**
 * The result of models that ran elsewhere: what is asked of `measureModel`, and the folder that comes of it.
 *
 * @module
 */
import { join } from "node:path";
import { z } from "zod";
import type { Host, Manifest } from "../engine/mod.ts";
import type { Effort } from "../measure/effort.ts";
import {
  type Environment,
  judgeResult,
  type MeasureModelRequest,
  renderHtml,
  renderJunit,
  renderMarkdown,
  type Result,
  resultId,
  writeResult,
} from "../measure/mod.ts";
import type { TargetEvidence } from "../measure/targets/mod.ts";
import { sizeName, toleranceFor } from "../models/mod.ts";
import type { SizeChoice } from "../recipes/model.ts";
import type { MainJob } from "../recipes/project.ts";
import config from "../deno.json" with { type: "json" };
import { manifestOf } from "./_provenance.ts";
import type { Session } from "./_session.ts";

/** More threads than this did not make the CPU faster anywhere. */
const MAX_CPU_THREADS = 4;

/** Values of the command that shape what is measured. */
export interface DeviceValues {
  readonly samples: number;
  readonly size: SizeChoice;
  readonly weights: string;
  readonly runtime: string;
  readonly driver: "device" | "swiftshader";
  readonly profile: "stock" | "lab";
  readonly seed?: number | undefined;
}

/** What {@linkcode modelRequests} works from. */
export interface RequestContext {
  readonly job: MainJob;
  readonly manifests: ReadonlyMap<string, Manifest>;
  readonly values: DeviceValues;
  readonly effort: Effort;
  /** Of the order in which processes run. */
  readonly seed: number;
  /** Numbers of processors to try; what a device has is known only there. */
  readonly processors: readonly number[];
  readonly workFolder: string;
}

/** What is to be measured of each model. */
export function modelRequests({ engine, host }: Session, context: RequestContext): MeasureModelRequest[] {
  const { job, manifests, values, effort, seed, processors, workFolder } = context;
  return job.models.map((steps) => {
    const { spec } = steps;
    const [cpuFolder, vulkanFolder] = [steps.cpu, steps.vulkan].map((step) => {
      return engine.folderOf(manifestOf(manifests, step.name));
    });
    return {
      name: spec.name,
      title: spec.title,
      weights: { kind: steps.cpu.name.startsWith("model-file/") ? "own" : values.weights },
      cpu: { folder: cpuFolder!, file: `${spec.name}_cpu.pt`, tolerance: toleranceFor(spec, "cpu") },
      vulkan: {
        folder: vulkanFolder!,
        file: `${spec.name}_vulkan.pt`,
        tolerance: toleranceFor(spec, values.driver === "swiftshader" ? "swiftshader" : "gpu"),
      },
      goldenFolder: join(cpuFolder!, "golden"),
      ...interfaceOf(host.fs.readTextFile(join(cpuFolder!, "model.json"))),
      cpuThreads: [...new Set([1, ...processors.map((count) => Math.min(MAX_CPU_THREADS, count))])],
      effort,
      seed,
      samples: values.samples,
      ...(values.driver === "swiftshader" ? { expectDevice: "SwiftShader" } : {}),
      workFolder: join(workFolder, spec.name),
    };
  });
}

/** The options that shape the result, for the record. */
export function optionsOf(
  { values, effort, seed }: Pick<RequestContext, "values" | "effort" | "seed">,
  effortName: string,
) {
  const { samples, driver, profile, weights, runtime, size } = values;
  return {
    effort: effortName,
    ...effort,
    seed,
    samples,
    driver,
    profile,
    size: typeof size === "string" ? size : sizeName(size),
    weights,
    runtime,
  };
}

/** The machine that models ran on, in the terms of a result. */
export function environmentOfDevice(
  { identity, versions }: TargetEvidence,
  variables: Readonly<Record<string, string>>,
): Environment {
  const { android, os, kernel, machine = "unknown", cpu = "unknown", processors, memory_kb: memory } =
    identity;
  return {
    os: android === undefined ? os ?? "Linux" : `Android ${android}`,
    ...(kernel === undefined ? {} : { kernel }),
    arch: machine,
    cpu: { model: cpu, logical: Math.max(1, Number(processors) || 1) },
    ...(memory === undefined ? {} : { memoryBytes: Number(memory) * 1024 }),
    sandbox: { driver: "none" },
    versions: { deno: Deno.version.deno, vkforge: config.version, ...versions },
    variables: { ...variables },
  };
}

/** Parts of a result folder that come from the caller. */
export interface DeviceResult {
  readonly host: Host;
  readonly results: string;
  readonly startedMs: number;
  readonly parts: Omit<Parameters<typeof judgeResult>[0], "id" | "startedAt" | "finishedAt">;
  /** Folder with one folder for each model, of what its processes wrote. */
  readonly workFolder: string;
}

/** Judges and writes the folder. */
export async function writeDeviceResult(
  { host, results, startedMs, parts, workFolder }: DeviceResult,
): Promise<{ readonly result: Result; readonly folder: string }> {
  const startedAt = new Date(startedMs);
  const result = judgeResult({
    ...parts,
    id: resultId(startedAt, crypto.randomUUID()),
    startedAt: startedAt.toISOString(),
    finishedAt: new Date(host.clock.now()).toISOString(),
  });
  const folder = await writeResult(results, result, {
    attachments: [
      { path: "report.html", content: await renderHtml(result) },
      { path: "report.md", content: renderMarkdown(result) },
      { path: "junit.xml", content: renderJunit(result) },
      ...result.models.flatMap(({ name }) => {
        const from = join(workFolder, name);
        return host.fs.lstat(from) === undefined ? [] : [{ path: `runs/${name}`, from }];
      }),
    ],
  });
  return { result, folder };
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
