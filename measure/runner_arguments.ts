/**
 * The runner's command line.
 *
 * @module
 */

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
  /** Warm-up goes on up to this while inferences become faster; no further than `warmup` if left out. */
  readonly warmupMax?: number;
  /** 0: the first inference only, for its outputs. */
  readonly iterations: number;
  /** On Vulkan; as many as `iterations` if left out. */
  readonly phaseIterations?: number;
  /** On Vulkan, with each command timed by the device; none if left out. */
  readonly gpuIterations?: number;
  /** Time for the inferences after the first; no limit if left out. */
  readonly budgetMs?: number;
  /** The runner's own choice if left out. */
  readonly threads?: number;
  /** Part of the device's name; another device is a failure. */
  readonly expectDevice?: string;
}

/**
 * What the runner wants in its environment. Without it, it starts itself once more, and so loads libtorch twice: 0.8 s
 * for each process on a small machine.
 */
export const RUNNER_ENVIRONMENT: Readonly<Record<string, string>> = { OMP_WAIT_POLICY: "passive" };

/** Folders as the runner sees them, and its bound. */
export interface RunnerPlaces {
  readonly model: string;
  /** Has `libvkforge_vulkan.so`. */
  readonly plugin: string;
  readonly input: string;
  readonly out: string;
  readonly timeoutMs: number;
}

/** The arguments of `vkforge-runner` for a process. */
export function runnerArguments(request: RunRequest, places: RunnerPlaces): string[] {
  return [
    "--model",
    `${places.model}/${request.modelFile}`,
    "--backend",
    request.backend,
    ...(request.backend === "vulkan" ? ["--plugin", `${places.plugin}/libvkforge_vulkan.so`] : []),
    ...request.inputs.flatMap((input) => ["--input", `${places.input}/${input}`]),
    "--out",
    places.out,
    "--warmup",
    String(request.warmup),
    ...optional("--warmup-max", request.warmupMax),
    "--iterations",
    String(request.iterations),
    ...optional("--phase-iterations", request.phaseIterations),
    ...(request.backend === "vulkan" ? optional("--gpu-iterations", request.gpuIterations) : []),
    ...optional("--budget-ms", request.budgetMs),
    // The runner gives up a little earlier than what started it, and so can say in which stage.
    "--timeout-ms",
    String(Math.round(places.timeoutMs * 0.9)),
    ...optional("--threads", request.threads),
    ...optional("--expect-device", request.expectDevice),
  ];
}

function optional(name: string, value: string | number | undefined): string[] {
  return value === undefined ? [] : [name, String(value)];
}
