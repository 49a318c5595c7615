/**
 * Running models on this machine's own GPU, outside any sandbox: its driver belongs to the machine, not to an image.
 *
 * @module
 */
import { join } from "node:path";
import { EngineError, type Host } from "../../engine/mod.ts";
import { readRunnerResult } from "../result.ts";
import { runnerArguments, type RunRequest } from "../runner_arguments.ts";
import { DeviceError } from "./device_error.ts";
import { withoutResult } from "./host_target.ts";
import { wordsOf } from "./process_report.ts";
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

/** Longer than any driver takes to name its device. */
const LOOK_MS = 60_000;

/** See the module's text. */
export class MachineTarget implements Target {
  readonly #options: MachineTargetOptions;
  #hasVulkan = false;

  constructor(options: MachineTargetOptions) {
    this.#options = options;
  }

  /** The variables of every process. */
  get environment(): Readonly<Record<string, string>> {
    return this.#options.environment;
  }

  /**
   * See {@linkcode Target.run}. Before the first process it looks whether the driver has a device: a manifest may lie
   * there without a GPU, in a container say, and minutes on the CPU would say nothing then.
   */
  async run(request: RunRequest): Promise<RunOutcome> {
    const { host, pluginFolder, timeoutMs } = this.#options;
    if (!this.#hasVulkan) await this.#assertVulkan();
    this.#hasVulkan = true;
    host.fs.mkdir(request.outFolder);
    const started = host.clock.monotonic();
    const places = {
      model: request.modelFolder,
      plugin: pluginFolder,
      input: request.inputFolder,
      out: request.outFolder,
      timeoutMs,
    };
    const { exit, output } = await this.#start(runnerArguments(request, places), timeoutMs);
    const wallMs = host.clock.monotonic() - started;
    const path = join(request.outFolder, "result.json");
    if (host.fs.lstat(path) !== undefined) return { runner: await readRunnerResult(path), wallMs };
    return { runner: withoutResult(exit, output), wallMs };
  }

  async #assertVulkan(): Promise<void> {
    const { pluginFolder, environment } = this.#options;
    const words = ["--describe", "--plugin", join(pluginFolder, "libvkforge_vulkan.so")];
    const { exit, output } = await this.#start(words, LOOK_MS);
    if (exit.kind === "exit" && exit.code === 0) return;
    throw new DeviceError("no-vulkan", "The Vulkan driver of this machine has no GPU that works", {
      hint: "Look with vulkaninfo; in a container, the GPU must be handed in; " +
        "--target swiftshader and --target lavapipe need no GPU",
      detail: [
        ...Object.entries(environment).map(([name, value]) => `${name}=${value}`),
        ...(exit.kind === "timeout" ? [`The driver did not answer within ${LOOK_MS / 1_000} s`] : []),
        ...wordsOf(output),
      ],
    });
  }

  /** Starts the runner and waits for its end. @throws {EngineError} "interrupted" */
  async #start(words: readonly string[], timeoutMs: number) {
    const { host, start, imageRoot, runnerFolder, workFolder, signal } = this.#options;
    const timeout = AbortSignal.timeout(timeoutMs);
    let output = "";
    const decoder = new TextDecoder();
    const keep = (chunk: Uint8Array) => {
      output = (output + decoder.decode(chunk, { stream: true })).slice(-16_384);
    };
    const { program, args, env } = start({
      root: imageRoot,
      program: join(runnerFolder, "vkforge-runner"),
      args: words,
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
    if (signal.aborted) throw new EngineError("interrupted", "Measuring was stopped");
    const exit = timeout.aborted ? { kind: "timeout" } as const : { kind: "exit", code } as const;
    return { exit, output };
  }
}
