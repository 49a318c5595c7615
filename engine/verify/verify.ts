/**
 * Building a step again under other conditions, and comparing what it makes bit by bit.
 *
 * The first build is the one in the store, made under the conditions that every step is promised. The repeated ones
 * publish nothing.
 *
 * @module
 */
import { join } from "node:path";
import { collectOutputs, executeStep, type RunStepOptions } from "../build/mod.ts";
import type { Digest } from "../digest.ts";
import { EngineError, explainIo } from "../error.ts";
import { hashFile, type MadeOutput, type PlannedStep } from "../graph/mod.ts";
import type { SandboxRun } from "../sandbox/mod.ts";
import type { Manifest, WorkFolder } from "../store/mod.ts";
import { type Tree, treeDigest, treeSizeBytes } from "../tree/mod.ts";
import { type Aspect, type AspectName, type Aspects, aspectsOf, type FixedAspect } from "./aspect.ts";
import { compareTrees, type EntryDifference } from "./compare_trees.ts";
import { describeContent } from "./describe_content.ts";
import { findDiffoscope, runDiffoscope } from "./diffoscope.ts";
import { fakeClockFits } from "./fake_clock.ts";
import { memoryFolder } from "./memory_folder.ts";
import { relayout, sizeOfMounts } from "./relayout.ts";

/** What {@linkcode verifyStep} works with. */
export interface VerifyStepOptions extends RunStepOptions {
  /** What the store has for the step. */
  readonly reference: Manifest;
  /** See `findFakeClock`. */
  readonly fakeClock: string | undefined;
  /** How often the step is built again. */
  readonly runs: number;
  /** After a difference, build again with one aspect varied at a time, to find which makes it. */
  readonly findCause: boolean;
}

/** An aspect as it is told. */
export interface VariedAspect {
  readonly name: AspectName;
  readonly from: string;
  readonly to: string;
}

/** A difference, and lines that say what it is. */
export interface DescribedDifference extends EntryDifference {
  readonly description: readonly string[];
}

/** One repeated build. */
export interface RepeatedBuild {
  readonly digest: Digest;
  readonly durationMs: number;
  readonly varied: readonly VariedAspect[];
  readonly fixed: readonly FixedAspect[];
  readonly differences: readonly DescribedDifference[];
}

/** What came of it. */
export interface StepVerdict {
  readonly name: string;
  readonly outcome: "reproducible" | "different" | "failed";
  /** What the store has. */
  readonly reference: MadeOutput;
  readonly runs: readonly RepeatedBuild[];
  /**
   * Why it differs, if that was asked for: the aspects that make a difference on their own; empty if none does;
   * "itself" if the step differs when nothing is varied: time, random numbers, or a race.
   */
  readonly cause: readonly AspectName[] | "itself" | undefined;
  /** Present if a repeated build failed. */
  readonly error: EngineError | undefined;
}

/** Entries whose content is looked into; of the others only the names are told. */
const DESCRIBED_ENTRIES = 10;
/** Larger files are compared by digest alone. */
const MAX_DESCRIBED_BYTES = 512 * 2 ** 20;

/**
 * Verifies one step. A repeated build that fails is a verdict, not an error; being called off is one.
 *
 * @throws {EngineError} "interrupted", and what keeps anything from running
 */
export async function verifyStep(planned: PlannedStep, options: VerifyStepOptions): Promise<StepVerdict> {
  const { reference, store } = options;
  const runs: RepeatedBuild[] = [];
  const head = {
    name: planned.step.name,
    reference: {
      digest: reference.treeDigest,
      entries: reference.tree.length,
      sizeBytes: treeSizeBytes(reference.tree),
      durationMs: reference.durationMs,
      madeMs: store.publishedMs(reference.id),
    },
  };
  try {
    for (let build = 1; build <= options.runs; build++) {
      runs.push(await repeat(planned, build, options));
      if (runs.at(-1)!.differences.length > 0) break;
    }
    const isSame = runs.every(({ differences }) => differences.length === 0);
    const cause = isSame || !options.findCause ? undefined : await findCause(planned, runs.length, options);
    return { ...head, outcome: isSame ? "reproducible" : "different", runs, cause, error: undefined };
  } catch (error) {
    if (!(error instanceof EngineError) || !isOfTheStep(error)) throw error;
    return { ...head, outcome: "failed", runs, cause: undefined, error };
  }
}

function isOfTheStep({ code }: EngineError): boolean {
  return code.startsWith("step-") || code.startsWith("output-");
}

/** Builds once more with all that can be varied. */
async function repeat(
  planned: PlannedStep,
  build: number,
  options: VerifyStepOptions,
): Promise<RepeatedBuild> {
  return await inPlace(planned, build, options, async (place) => {
    const { varied, fixed } = await place.aspects();
    const started = options.host.clock.monotonic();
    const { tree, outFolder } = await place.run(varied);
    const durationMs = Math.round(options.host.clock.monotonic() - started);
    const differences = compareTrees(options.reference.tree, tree);
    return {
      digest: treeDigest(tree),
      durationMs,
      varied: place.told(varied),
      fixed: [...fixed, ...place.fixed(), ...ALWAYS_FIXED],
      differences: await describe(differences, outFolder, options),
    };
  });
}

const ALWAYS_FIXED: readonly FixedAspect[] = [
  { name: "SOURCE_DATE_EPOCH", reason: "it is part of what a step is promised" },
  {
    name: "kernel and processor model",
    reason: "one machine has one of each; another that filled the store varied them",
  },
  { name: "order and times of the image's files", reason: "the image is the same folder" },
];

/** Builds with nothing varied, then with one aspect at a time. */
async function findCause(
  planned: PlannedStep,
  build: number,
  options: VerifyStepOptions,
): Promise<StepVerdict["cause"]> {
  const differs = (choose: (aspects: readonly Aspect[]) => readonly Aspect[]) =>
    inPlace(planned, build, options, async (place) => {
      try {
        const { tree } = await place.run(choose((await place.aspects()).varied));
        return compareTrees(options.reference.tree, tree).length > 0;
      } catch (error) {
        if (error instanceof EngineError && isOfTheStep(error)) return true;
        throw error;
      }
    });
  if (await differs(() => [])) return "itself";
  const names = await inPlace(
    planned,
    build,
    options,
    async (place) => (await place.aspects()).varied.map(({ name }) => name),
  );
  const guilty: AspectName[] = [];
  for (const name of names) {
    if (await differs((aspects) => aspects.filter((aspect) => aspect.name === name))) guilty.push(name);
  }
  return guilty;
}

/** Gives an action a place to run a step in, and removes it. */
async function inPlace<T>(
  planned: PlannedStep,
  build: number,
  options: VerifyStepOptions,
  act: (place: Place) => Promise<T>,
): Promise<T> {
  using work = options.store.workFolder();
  using place = new Place(planned, build, options, work);
  return await act(place);
}

/** A repeated build's folders: the store's disk for its log and `/tmp`, memory for the rest where there is room. */
class Place implements Disposable {
  readonly #planned: PlannedStep;
  readonly #build: number;
  readonly #options: VerifyStepOptions;
  readonly #work: WorkFolder;
  #memory: WorkFolder | undefined;
  #order: { readonly folders: number; readonly reordered: number; readonly inMemory: boolean } | undefined;

  constructor(planned: PlannedStep, build: number, options: VerifyStepOptions, work: WorkFolder) {
    this.#planned = planned;
    this.#build = build;
    this.#options = options;
    this.#work = work;
  }

  async aspects(): Promise<Aspects> {
    const { host, sandbox, cpus } = this.#options;
    return aspectsOf(this.#build, {
      variations: await sandbox.variations?.() ?? new Set(),
      sandboxName: sandbox.name,
      cpus,
      temporaryFolder: join(this.#work.path, "tmp"),
      nowMs: host.clock.now(),
      fakeClock: fakeClockFits(this.#planned.step.image) ? this.#options.fakeClock : undefined,
      reorder: (run) => this.#reorder(run),
    });
  }

  async run(aspects: readonly Aspect[]): Promise<{ tree: Tree; outFolder: string }> {
    const { host, signal } = this.#options;
    signal.throwIfAborted();
    const { step } = this.#planned;
    const folder = join(this.#work.path, "step");
    try {
      for (const path of [folder, join(this.#work.path, "tmp")]) host.fs.mkdir(path);
    } catch (error) {
      throw explainIo(error, `prepare the step "${step.name}"`);
    }
    const { outFolder } = await executeStep(this.#planned, folder, {
      ...this.#options,
      alter: (run) => aspects.reduce((altered, aspect) => aspect.apply(altered), run),
    });
    const tree = collectOutputs(outFolder, {
      host,
      store: { ingest: (file) => hashFile(host, file) },
      stepName: step.name,
      outputs: step.outputs,
    });
    return { tree, outFolder };
  }

  /** The aspects with what they came to. */
  told(aspects: readonly Aspect[]): VariedAspect[] {
    return aspects.flatMap(({ name, from, to }): VariedAspect[] => {
      if (name !== "directory order") return [{ name, from, to }];
      if (this.#order === undefined) return [];
      const { folders, reordered, inMemory } = this.#order;
      const place = inMemory ? ["/build and /out in memory"] : [];
      const share = reordered === folders ? "inputs" : `${reordered} of ${folders} input folders`;
      const words = [...(reordered > 0 ? [`${share} listed otherwise`] : []), ...place];
      return words.length === 0 ? [] : [{ name, from, to: words.join(", ") }];
    });
  }

  /** What a copy did not vary. */
  fixed(): FixedAspect[] {
    if (this.#order === undefined) return [];
    const { folders, reordered, inMemory } = this.#order;
    return [
      ...(folders > 0 && reordered === 0
        ? [{
          name: "directory order of inputs",
          reason: "the file system of the copy sorts them the same way",
        }]
        : []),
      ...(inMemory
        ? []
        : [{ name: "directory order of /build and /out", reason: "there is no room in /dev/shm" }]),
    ];
  }

  #reorder(run: SandboxRun): SandboxRun {
    const { host } = this.#options;
    try {
      this.#memory ??= memoryFolder(host, sizeOfMounts(host, run.mounts));
      const base = this.#memory?.path ?? join(this.#work.path, "other");
      const { mounts, folders, reordered } = relayout(host, run.mounts, join(base, "in"));
      this.#order = { folders, reordered, inMemory: this.#memory !== undefined };
      const [buildFolder, outFolder] = [join(base, "build"), join(base, "out")];
      for (const path of [buildFolder, outFolder]) host.fs.mkdir(path);
      return { ...run, mounts, buildFolder, outFolder };
    } catch (error) {
      throw explainIo(error, `lay out the inputs of "${this.#planned.step.name}" anew`);
    }
  }

  [Symbol.dispose](): void {
    this.#memory?.[Symbol.dispose]();
  }
}

/** Says of the first entries what differs in them. */
async function describe(
  differences: readonly EntryDifference[],
  outFolder: string,
  options: VerifyStepOptions,
): Promise<DescribedDifference[]> {
  const described: DescribedDifference[] = [];
  for (const [index, difference] of differences.entries()) {
    const description = index < DESCRIBED_ENTRIES && difference.kind === "content"
      ? await describeFile(difference, outFolder, options)
      : [];
    described.push({ ...difference, description });
  }
  return described;
}

async function describeFile(
  { path, before, now }: EntryDifference,
  outFolder: string,
  { host, store, signal }: VerifyStepOptions,
): Promise<string[]> {
  if (before?.kind !== "file" || now?.kind !== "file") return [];
  const files = { before: store.path(before.digest, before.executable), now: join(outFolder, path) };
  const program = findDiffoscope(host);
  if (program !== undefined) {
    const lines = await runDiffoscope(host, { program, ...files, signal });
    if (lines !== undefined) return lines;
  }
  if (Math.max(before.sizeBytes, now.sizeBytes) > MAX_DESCRIBED_BYTES) {
    return [`${before.sizeBytes} bytes before, ${now.sizeBytes} now: too large to look into`];
  }
  try {
    return describeContent(host.fs.readFile(files.before), host.fs.readFile(files.now));
  } catch (error) {
    throw explainIo(error, `compare "${path}"`);
  }
}
