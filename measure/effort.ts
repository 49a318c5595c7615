/**
 * How much is measured: what `--effort` stands for.
 *
 * @module
 */

/** Choices of `--effort`. */
export const EFFORTS = ["quick", "normal", "thorough"] as const;

/** One of {@linkcode EFFORTS}. */
export type EffortName = typeof EFFORTS[number];

/** How often everything is run. */
export interface Effort {
  /** Fresh processes per arm. */
  readonly replicates: number;
  /** Inferences of a process before those that count. */
  readonly warmup: number;
  /** Warm-up goes on up to this while inferences become faster. */
  readonly warmupMax: number;
  /** Inferences of a process that count. */
  readonly iterations: number;
  /** Further ones on Vulkan with upload, compute and download timed apart. */
  readonly phaseIterations: number;
  /** Further ones on Vulkan with each command timed by the device's own clock. */
  readonly gpuIterations: number;
  /**
   * Time for all inferences of a process but the first; where it is used up earlier, the process stops with at least one
   * inference of each kind. No limit if left out.
   */
  readonly budgetMs?: number;
}

/**
 * "quick" checks outputs, and times as much as fits; "normal" has the eight processes an arm that verdicts on up to
 * twelve comparisons need at p below 0.002; "thorough" can tell a few percent apart on a quiet machine.
 */
export const EFFORT: Readonly<Record<EffortName, Effort>> = {
  quick: {
    replicates: 1,
    warmup: 1,
    warmupMax: 1,
    iterations: 5,
    phaseIterations: 1,
    gpuIterations: 1,
    budgetMs: 1_500,
  },
  normal: {
    replicates: 8,
    warmup: 2,
    warmupMax: 20,
    iterations: 50,
    phaseIterations: 5,
    gpuIterations: 3,
    budgetMs: 5_000,
  },
  thorough: {
    replicates: 12,
    warmup: 5,
    warmupMax: 100,
    iterations: 1_024,
    phaseIterations: 20,
    gpuIterations: 10,
    budgetMs: 20_000,
  },
};

/** Counts given one by one, in place of an effort's. */
export interface EffortChanges {
  readonly replicates?: number | undefined;
  readonly warmup?: number | undefined;
  readonly iterations?: number | undefined;
  readonly budgetMs?: number | undefined;
}

/** An effort with some counts changed. A number of iterations is meant: it lifts the budget, unless one is given too. */
export function effortOf(name: EffortName, changes: EffortChanges = {}): Effort {
  const { budgetMs: ownBudgetMs, ...effort } = EFFORT[name];
  const { replicates, warmup, iterations } = changes;
  const budgetMs = changes.budgetMs ?? (iterations === undefined ? ownBudgetMs : undefined);
  return {
    ...effort,
    ...(replicates === undefined ? {} : { replicates }),
    ...(warmup === undefined ? {} : { warmup, warmupMax: warmup }),
    ...(iterations === undefined ? {} : {
      iterations,
      phaseIterations: Math.min(effort.phaseIterations, iterations),
      gpuIterations: Math.min(effort.gpuIterations, iterations),
    }),
    ...(budgetMs === undefined ? {} : { budgetMs }),
  };
}
