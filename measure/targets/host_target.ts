/**
 * Running models on this machine, each process in a sandbox of its own.
 *
 * @module
 */
import { join } from "node:path";
import { EngineError, type Host } from "../../engine/mod.ts";
import type { Limits, Mount, RootImage, Sandbox, SandboxExit } from "../../engine/sandbox/mod.ts";
import { readRunnerResult } from "../result.ts";
import { runnerArguments, type RunRequest } from "../runner_arguments.ts";
import type { RunnerResult } from "../runner_result.ts";
import type { RunOutcome, Target } from "./target.ts";

/** A Vulkan driver as a process in a sandbox sees it. */
export interface SandboxedDriver {
  /** Folders with what the image does not have. */
  readonly mounts: readonly Mount[];
  /** Variables that show the loader this driver and no other. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Where everything a run needs lies on the host. */
export interface HostTargetOptions {
  readonly host: Host;
  readonly sandbox: Sandbox;
  /** Root file system with libtorch and the Vulkan loader. */
  readonly image: RootImage;
  /** Folder with `vkforge-runner`. */
  readonly runnerFolder: string;
  /** Folder with `libvkforge_vulkan.so`. */
  readonly pluginFolder: string;
  readonly driver: SandboxedDriver;
  readonly limits: Limits;
  readonly signal: AbortSignal;
}

/** See the module's text. */
export class HostTarget implements Target {
  readonly #options: HostTargetOptions;

  constructor(options: HostTargetOptions) {
    this.#options = options;
  }

  /** The variables of every process: the loader sees one driver and no other. */
  get environment(): Readonly<Record<string, string>> {
    return this.#options.driver.environment;
  }

  /** See {@linkcode Target.run}. */
  async run(request: RunRequest): Promise<RunOutcome> {
    const { host, sandbox, image, limits, signal } = this.#options;
    const buildFolder = `${request.outFolder}.work`;
    for (const folder of [request.outFolder, buildFolder]) host.fs.mkdir(folder);
    let output = "";
    const decoder = new TextDecoder();
    try {
      const { exit, durationMs } = await sandbox.run({
        image,
        mounts: this.#mounts(request),
        buildFolder,
        outFolder: request.outFolder,
        command: [RUNNER, ...runnerArguments(request, { ...INSIDE, timeoutMs: limits.timeoutMs })],
        environment: this.environment,
        limits,
        signal,
        onOutput: (chunk) => output = (output + decoder.decode(chunk, { stream: true })).slice(-16_384),
      });
      if (exit.kind === "cancelled") throw new EngineError("interrupted", "Measuring was stopped");
      if (exit.kind === "exit" && host.fs.lstat(join(request.outFolder, "result.json")) !== undefined) {
        return { runner: await readRunnerResult(join(request.outFolder, "result.json")), wallMs: durationMs };
      }
      return { runner: withoutResult(exit, output), wallMs: durationMs };
    } finally {
      host.fs.remove(buildFolder);
    }
  }

  #mounts(request: RunRequest): Mount[] {
    return [
      { source: this.#options.runnerFolder, target: "/in/runner" },
      { source: this.#options.pluginFolder, target: "/in/plugin" },
      ...this.#options.driver.mounts,
      { source: request.modelFolder, target: "/in/model" },
      { source: request.inputFolder, target: "/in/input" },
    ];
  }
}

const RUNNER = "/in/runner/vkforge-runner";
const INSIDE = { model: "/in/model", plugin: "/in/plugin", input: "/in/input", out: "/out" };

/** What stands for the result of a process that wrote none. */
export function withoutResult(
  exit: Exclude<SandboxExit, { kind: "cancelled" }>,
  output: string,
): RunnerResult {
  const detail = output.trim();
  switch (exit.kind) {
    case "timeout":
      return failed("timeout", "The runner did not end in time", detail);
    case "out-of-memory":
      return failed(
        "out-of-memory",
        `The runner used ${Math.round(exit.usedBytes / 2 ** 20)} MiB of memory, beyond its limit`,
        detail,
      );
    case "too-many-processes":
      return failed("internal", "The runner started more processes and threads than it may", detail);
    case "exit":
      return failed("internal", `The runner ended with exit code ${exit.code} and wrote no result`, detail);
  }
}

function failed(
  code: "timeout" | "out-of-memory" | "internal",
  message: string,
  detail: string,
): RunnerResult {
  return { schema: 1, ok: false, failure: { code, message, detail } };
}
