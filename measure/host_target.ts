/**
 * Running models on this machine, each process in a sandbox of its own.
 *
 * @module
 */
import { join } from "node:path";
import { EngineError, type Host } from "../engine/mod.ts";
import type { Limits, Mount, RootImage, Sandbox, SandboxExit } from "../engine/sandbox/mod.ts";
import { readRunnerResult } from "./result.ts";
import type { RunnerResult } from "./runner_result.ts";

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
  /** Folder with a Vulkan driver and its manifest, the only one that the loader is shown. */
  readonly driverFolder: string;
  /** File name of the manifest. */
  readonly driverManifest: string;
  readonly limits: Limits;
  readonly signal: AbortSignal;
}

/** One process of the runner. */
export interface RunRequest {
  readonly backend: "cpu" | "vulkan";
  /** Host folder with the model's files. */
  readonly modelFolder: string;
  readonly modelFile: string;
  /** Host folder with the inputs' tensor files. */
  readonly inputFolder: string;
  /** Headers of the inputs in the model's order. */
  readonly inputs: readonly string[];
  /** New host folder for what the runner writes. */
  readonly outFolder: string;
  readonly warmup: number;
  readonly iterations: number;
  /** The runner's own choice if left out. */
  readonly threads?: number;
  /** Part of the device's name; another device is a failure. */
  readonly expectDevice?: string;
}

/** What a process gave. */
export interface RunOutcome {
  readonly runner: RunnerResult;
  readonly wallMs: number;
}

/** See the module's text. */
export class HostTarget {
  readonly #options: HostTargetOptions;

  constructor(options: HostTargetOptions) {
    this.#options = options;
  }

  /** The variables of every process: the loader sees one driver and no other. */
  get environment(): Readonly<Record<string, string>> {
    const manifest = `/in/driver/${this.#options.driverManifest}`;
    // Older loaders know only VK_ICD_FILENAMES.
    return { VK_DRIVER_FILES: manifest, VK_ICD_FILENAMES: manifest };
  }

  /**
   * Runs one process. Whatever happens to it becomes a result: one that says what failed where there is no other.
   *
   * @throws {EngineError} "interrupted"
   */
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
        command: runnerCommand(request, limits.timeoutMs),
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
      { source: this.#options.driverFolder, target: "/in/driver" },
      { source: request.modelFolder, target: "/in/model" },
      { source: request.inputFolder, target: "/in/input" },
    ];
  }
}

function runnerCommand(request: RunRequest, timeoutMs: number): string[] {
  return [
    "/in/runner/vkforge-runner",
    "--model",
    `/in/model/${request.modelFile}`,
    "--backend",
    request.backend,
    ...(request.backend === "vulkan" ? ["--plugin", "/in/plugin/libvkforge_vulkan.so"] : []),
    ...request.inputs.flatMap((input) => ["--input", `/in/input/${input}`]),
    "--out",
    "/out",
    "--warmup",
    String(request.warmup),
    "--iterations",
    String(request.iterations),
    // The runner gives up a little earlier than the sandbox, and so can say in which stage.
    "--timeout-ms",
    String(Math.round(timeoutMs * 0.9)),
    ...(request.threads === undefined ? [] : ["--threads", String(request.threads)]),
    ...(request.expectDevice === undefined ? [] : ["--expect-device", request.expectDevice]),
  ];
}

function withoutResult(exit: Exclude<SandboxExit, { kind: "cancelled" }>, output: string): RunnerResult {
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
