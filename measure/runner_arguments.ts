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
  readonly iterations: number;
  /** The runner's own choice if left out. */
  readonly threads?: number;
  /** Part of the device's name; another device is a failure. */
  readonly expectDevice?: string;
}

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
    "--iterations",
    String(request.iterations),
    // The runner gives up a little earlier than what started it, and so can say in which stage.
    "--timeout-ms",
    String(Math.round(places.timeoutMs * 0.9)),
    ...(request.threads === undefined ? [] : ["--threads", String(request.threads)]),
    ...(request.expectDevice === undefined ? [] : ["--expect-device", request.expectDevice]),
  ];
}
