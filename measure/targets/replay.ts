/**
 * Measuring in two parts: first every process is written down, later, when it has run elsewhere, its results are taken
 * from a folder. Both parts go through the same `measureModel`, whose processes do not depend on results.
 *
 * @module
 */
import { cp, mkdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { readRunnerResult } from "../result.ts";
import { runnerArguments, type RunRequest } from "../runner_arguments.ts";
import type { RunnerResult } from "../runner_result.ts";
import { withoutResult } from "./host_target.ts";
import type { RunOutcome, Target } from "./target.ts";

/** A process that is to run: the folder of its results, and the runner's words. */
export interface Job {
  readonly name: string;
  readonly words: readonly string[];
}

/** What {@linkcode RecordingTarget} knows of the bundle. */
export interface RecordOptions {
  /** Folders of the bundle by folders of this machine. */
  readonly folders: ReadonlyMap<string, string>;
  readonly timeoutMs: number;
}

/** Writes processes down and runs none. */
export class RecordingTarget implements Target {
  readonly environment = {};
  readonly jobs: Job[] = [];
  readonly #options: RecordOptions;

  constructor(options: RecordOptions) {
    this.#options = options;
  }

  /** Gives a failure: there is no result yet. */
  run(request: RunRequest): Promise<RunOutcome> {
    const { folders, timeoutMs } = this.#options;
    const name = jobName(request);
    const inBundle = (folder: string) => folders.get(folder) ?? folder;
    const words = runnerArguments(request, {
      model: inBundle(request.modelFolder),
      plugin: "bin",
      input: inBundle(request.inputFolder),
      out: `out/${name}`,
      timeoutMs,
    });
    this.jobs.push({ name, words });
    return Promise.resolve({ runner: notRun(name), wallMs: 0 });
  }
}

/** Takes results from the folder `out` of a bundle that ran. */
export class ReplayTarget implements Target {
  readonly environment = {};
  readonly #out: string;
  /** Processes that have not run, or not to their end. */
  readonly missing: string[] = [];

  constructor(out: string) {
    this.#out = out;
  }

  /** Copies what a process wrote. */
  async run(request: RunRequest): Promise<RunOutcome> {
    const name = jobName(request);
    const folder = join(this.#out, name);
    const end = await textOf(join(folder, "exit"));
    const [, code, from, to] = /^(\d+) ([\d.]+) ([\d.]+)\s*$/.exec(end ?? "") ?? [];
    await mkdir(request.outFolder, { recursive: true });
    if (code === undefined) {
      this.missing.push(name);
      return { runner: notRun(name), wallMs: 0 };
    }
    await cp(folder, request.outFolder, { recursive: true, dereference: false });
    const wallMs = Math.max(0, Math.round((Number(to) - Number(from)) * 1_000));
    const path = join(request.outFolder, "result.json");
    if (await textOf(path) !== undefined) return { runner: await readRunnerResult(path), wallMs };
    const log = await textOf(join(folder, "log")) ?? "";
    return { runner: withoutResult({ kind: "exit", code: Number(code) }, log.slice(-16_384)), wallMs };
  }
}

/** What stands for a process that was not run. */
export function notRun(name: string, why = "it was not run, or not to its end"): RunnerResult {
  return {
    schema: 1,
    ok: false,
    failure: { code: "internal", message: `There is no result of "${name}": ${why}` },
  };
}

/** Its folder below `out`: the model's work folder and the process's own one. */
function jobName({ outFolder }: RunRequest): string {
  return `${basename(dirname(outFolder))}/${basename(outFolder)}`;
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    throw error;
  }
}
