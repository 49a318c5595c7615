/**
 * Running models on this machine's own GPU, outside any sandbox: its driver belongs to the machine, not to an image.
 *
 * @module
 */
import { join, relative } from "node:path";
import { EngineError, type Host } from "../engine/mod.ts";
import { type RunOutcome, type Target, withoutResult } from "./host_target.ts";
import { readRunnerResult } from "./result.ts";
import { runnerArguments, type RunRequest } from "./runner_arguments.ts";

/** Where everything a run needs lies. */
export interface MachineTargetOptions {
  readonly host: Host;
  /** Script that starts a program of an image with the machine's driver: root, program below it, arguments. */
  readonly launcher: string;
  /** Root file system with libtorch and the Vulkan loader. */
  readonly imageRoot: string;
  readonly runnerFolder: string;
  readonly pluginFolder: string;
  /** A folder for the launcher to keep things in. */
  readonly workFolder: string;
  /** Variables that choose the driver or the GPU. */
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
    const { host, imageRoot, launcher, runnerFolder, pluginFolder, workFolder, timeoutMs, signal } =
      this.#options;
    host.fs.mkdir(request.outFolder);
    const timeout = AbortSignal.timeout(timeoutMs);
    let output = "";
    const decoder = new TextDecoder();
    const keep = (chunk: Uint8Array) => {
      output = (output + decoder.decode(chunk, { stream: true })).slice(-16_384);
    };
    const started = host.clock.monotonic();
    const child = host.spawn("/bin/bash", {
      args: [
        launcher,
        imageRoot,
        relative(imageRoot, join(runnerFolder, "vkforge-runner")),
        ...runnerArguments(request, {
          model: request.modelFolder,
          plugin: pluginFolder,
          input: request.inputFolder,
          out: request.outFolder,
          timeoutMs,
        }),
      ],
      cwd: workFolder,
      env: {
        PATH: "/usr/bin:/bin",
        LC_ALL: "C.UTF-8",
        VKFORGE_WORK: workFolder,
        ...this.environment,
      },
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
