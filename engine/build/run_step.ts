/**
 * Running one step: inputs in, script in the sandbox, outputs into the store, manifest last.
 *
 * @module
 */
import { join } from "node:path";
import { EngineError, explainIo } from "../error.ts";
import type { EventSink } from "../event.ts";
import type { Input, PlannedStep } from "../graph/mod.ts";
import type { Host } from "../host.ts";
import type { AssembledImage } from "../image/assemble.ts";
import type { Mount, Sandbox, SandboxExit, SandboxRun } from "../sandbox/mod.ts";
import { Secrets } from "../secrets/mod.ts";
import type { Fetcher } from "../source/mod.ts";
import type { Manifest, Store } from "../store/mod.ts";
import type { Tree } from "../tree/mod.ts";
import { collectOutputs } from "./collect_outputs.ts";
import { LogFile } from "./log_file.ts";

/** What {@linkcode runStep} works with. */
export interface RunStepOptions {
  readonly host: Host;
  readonly store: Store;
  readonly fetcher: Fetcher;
  readonly sandbox: Sandbox;
  readonly image: AssembledImage;
  readonly repository: string;
  /** The manifests of the steps it reads. */
  readonly inputs: ReadonlyMap<string, Manifest>;
  /** Processors that the script may use, told to it as JOBS. Not part of the id: it must not change the output. */
  readonly cpus: number;
  readonly signal: AbortSignal;
  readonly emit: EventSink;
  /** What is masked in the step's log, events and errors. */
  readonly secrets?: Secrets | undefined;
}

/** Runs a step and publishes what it made. */
export async function runStep(planned: PlannedStep, options: RunStepOptions): Promise<Manifest> {
  const { host, store } = options;
  const { step } = planned;
  using work = store.workFolder();
  const started = host.clock.monotonic();
  const { outFolder, logPath } = await executeStep(planned, work.path, options);
  const tree = collectOutputs(outFolder, { host, store, stepName: step.name, outputs: step.outputs });
  return store.publish({
    id: planned.id,
    kind: "step",
    name: step.name,
    inputs: planned.inputs,
    tree,
    log: store.ingest(logPath),
    durationMs: Math.round(host.clock.monotonic() - started),
  });
}

/** Options of {@linkcode executeStep}. */
export interface ExecuteOptions extends RunStepOptions {
  /** Changes what is about to run; for `verify`. */
  readonly alter?: (run: SandboxRun) => SandboxRun;
}

/** Where a step that has run left things. */
export interface ExecutedStep {
  readonly outFolder: string;
  readonly logPath: string;
}

/**
 * Runs a step's script and publishes nothing.
 *
 * @param folder empty folder on the store's file system, to work in
 * @throws {EngineError} if the script fails or passes a limit
 */
export async function executeStep(
  planned: PlannedStep,
  folder: string,
  options: ExecuteOptions,
): Promise<ExecutedStep> {
  const { host, store, sandbox, secrets = new Secrets(), alter = (run) => run } = options;
  const { step } = planned;
  const buildFolder = join(folder, "build");
  const outFolder = join(folder, "out");
  const scriptFile = join(folder, "step.sh");
  const logPath = join(folder, "log");
  try {
    for (const path of [buildFolder, outFolder]) host.fs.mkdir(path);
    host.fs.writeFile(scriptFile, step.script);
  } catch (error) {
    throw explainIo(error, `prepare the step "${step.name}"`);
  }
  const mounts = await stepMounts(planned, options);
  using log = new LogFile(host, logPath);
  const mask = secrets.stream();
  const tell = (chunk: Uint8Array) => {
    if (chunk.length === 0) return;
    log.write(chunk);
    options.emit({ type: "step-output", name: step.name, chunk });
  };
  const run = alter({
    image: options.image,
    mounts: [...mounts, { source: scriptFile, target: "/in/.step.sh" }],
    buildFolder,
    outFolder,
    command: ["/bin/bash", "-euo", "pipefail", "/in/.step.sh"],
    environment: { ...step.image.environment, ...step.environment, JOBS: String(options.cpus) },
    limits: step.resources,
    signal: options.signal,
    onOutput: (chunk) => tell(mask.push(chunk)),
  });
  const result = await sandbox.run(run);
  tell(mask.end());
  if (result.exit.kind !== "exit" || result.exit.code !== 0) {
    const error = stepError(planned, result.exit, { sandbox, store, log, host });
    secrets.maskError(error);
    throw error;
  }
  return { outFolder: run.outFolder, logPath };
}

async function stepMounts({ step, files }: PlannedStep, options: RunStepOptions): Promise<Mount[]> {
  const mounts: Mount[] = [];
  for (const [name, input] of Object.entries(step.inputs)) {
    mounts.push(await inputMount(name, input, files.get(name), options));
  }
  return mounts;
}

async function inputMount(
  name: string,
  input: Input,
  files: Tree | undefined,
  options: RunStepOptions,
): Promise<Mount> {
  const { store } = options;
  const target = `/in/${name}`;
  switch (input.kind) {
    case "step": {
      const manifest = options.inputs.get(input.step.name);
      if (manifest === undefined) {
        throw new EngineError("io", `The output of "${input.step.name}" is not there`);
      }
      return { source: join(store.checkout(manifest.tree), input.path ?? ""), target };
    }
    case "source": {
      const { digest } = await options.fetcher.fetch(input.name, input.source, options.signal);
      return { source: store.path(digest), target: `${target}/${input.fileName}` };
    }
    case "files":
      snapshot(files ?? [], join(options.repository, input.folder), options);
      return { source: store.checkout(files ?? []), target };
  }
}

/** Copies files of the repository into the store, so that a step sees exactly what its id was made of. */
function snapshot(tree: Tree, folder: string, { host, store }: RunStepOptions): void {
  for (const entry of tree) {
    if (entry.kind !== "file") continue;
    if (host.fs.lstat(store.path(entry.digest, entry.executable))?.sizeBytes === entry.sizeBytes) continue;
    if (store.putBytes(readInput(join(folder, entry.path), host), entry.executable) !== entry.digest) {
      throw new EngineError("io", `The file "${entry.path}" changed while it was read`, {
        hint: "Run the command again",
      });
    }
  }
}

function readInput(path: string, host: Host): Uint8Array {
  try {
    return host.fs.readFile(path);
  } catch (error) {
    throw explainIo(error, `read "${path}"`);
  }
}

interface FailureContext {
  readonly sandbox: Sandbox;
  readonly store: Store;
  readonly host: Host;
  readonly log: LogFile;
}

function stepError({ step }: PlannedStep, exit: SandboxExit, context: FailureContext): EngineError {
  const { log, store, host } = context;
  if (exit.kind === "cancelled") return new EngineError("interrupted", `Step "${step.name}" was stopped`);
  const tail = log.tail();
  const path = store.keepLog(step.name, log.path);
  const command = step.script.trim().split("\n")[0] ?? "";
  const detail = [`command: ${command}`, `sandbox: ${context.sandbox.name}`, `log: ${path}`, ...tail];
  switch (exit.kind) {
    case "timeout":
      return new EngineError(
        "step-timeout",
        `Step "${step.name}" did not end within ${step.resources.timeoutMs / 1000} s`,
        {
          detail,
          hint: "Read the log; if the machine is only slow, raise the step's timeoutMs",
        },
      );
    case "out-of-memory":
      return new EngineError(
        "step-out-of-memory",
        `Step "${step.name}" used ${mebibytes(exit.usedBytes)} MiB of memory, its limit is ${
          mebibytes(step.resources.memoryBytes)
        } MiB`,
        { detail, hint: "Lower --jobs, or raise the step's memoryBytes" },
      );
    case "too-many-processes":
      return new EngineError(
        "step-failed",
        `Step "${step.name}" had more than ${step.resources.processes} processes and threads at one time`,
        { detail, hint: "If it needs them, raise the step's processes" },
      );
    case "exit":
      if (host.fs.freeBytes(store.root) < 64 * 2 ** 20) {
        return new EngineError("disk-full", `Step "${step.name}" failed and the disk is full`, {
          detail,
          hint: "Free some space or point VKFORGE_HOME to a larger disk; nothing that was finished is lost",
        });
      }
      return new EngineError("step-failed", `Step "${step.name}" failed: exit code ${exit.code}`, { detail });
  }
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}
