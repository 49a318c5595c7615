/**
 * Running models on this machine's own GPU, outside any sandbox: its driver belongs to the machine, not to an image.
 *
 * @module
 */
import { join } from "node:path";
import { EngineError, type Host } from "../../engine/mod.ts";
import { readRunnerResult } from "../result.ts";
import { runnerArguments, type RunRequest } from "../runner_arguments.ts";
import { withoutResult } from "./host_target.ts";
import type { RunOutcome, Target } from "./target.ts";

/** A program that was built for an image. */
export interface ImageProgram {
  /** Folder of the unpacked image. */
  readonly root: string;
  readonly program: string;
  readonly args: readonly string[];
  /** A folder to keep things in. */
  readonly work: string;
}

/** What to start on the machine. */
export interface ProgramStart {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Where everything a run needs lies. */
export interface MachineTargetOptions {
  readonly host: Host;
  /** How a program of the image is started with the machine's driver. */
  readonly start: (program: ImageProgram) => ProgramStart;
  /** Root file system with libtorch and the Vulkan loader. */
  readonly imageRoot: string;
  readonly runnerFolder: string;
  readonly pluginFolder: string;
  /** A folder to keep things in. */
  readonly workFolder: string;
  /** Variables that choose the driver, for the record. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** See the module's text. */
export class MachineTarget implements Target {
  readonly #options: MachineTargetOptions;

  constructor(options: MachineTargetOptions) {
    this.#options = options;
  }

  /** The variables of every process. */
  get environment(): Readonly<Record<string, string>> {
    return this.#options.environment;
  }

  /** See {@linkcode Target.run}. */
  async run(request: RunRequest): Promise<RunOutcome> {
    const { host, imageRoot, runnerFolder, pluginFolder, workFolder, timeoutMs, signal } = this.#options;
    host.fs.mkdir(request.outFolder);
    const timeout = AbortSignal.timeout(timeoutMs);
    let output = "";
    const decoder = new TextDecoder();
    const keep = (chunk: Uint8Array) => {
      output = (output + decoder.decode(chunk, { stream: true })).slice(-16_384);
    };
    const started = host.clock.monotonic();
    const { program, args, env } = this.#options.start({
      root: imageRoot,
      program: join(runnerFolder, "vkforge-runner"),
      args: runnerArguments(request, {
        model: request.modelFolder,
        plugin: pluginFolder,
        input: request.inputFolder,
        out: request.outFolder,
        timeoutMs,
      }),
      work: workFolder,
    });
    const child = host.spawn(program, {
      args,
      cwd: workFolder,
      env,
      signal: AbortSignal.any([signal, timeout]),
      onStdout: keep,
      onStderr: keep,
    });
    const { code } = await child.exit;
    const wallMs = host.clock.monotonic() - started;
    if (signal.aborted) throw new EngineError("interrupted", "Measuring was stopped");
    const path = join(request.outFolder, "result.json");
    if (host.fs.lstat(path) !== undefined) return { runner: await readRunnerResult(path), wallMs };
    const exit = timeout.aborted ? { kind: "timeout" } as const : { kind: "exit", code } as const;
    return { runner: withoutResult(exit, output), wallMs };
  }
}
