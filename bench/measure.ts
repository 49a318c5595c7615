/**
 * What the parts of the benchmark have in common.
 *
 * @module
 */

/** One of the figures that a part is run for. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  /** "ms", "×", "MB"; printed behind the value. */
  readonly unit: string;
  /** What it should be at least or at most; no goal if left out. */
  readonly goal?: { readonly atMost: number } | { readonly atLeast: number };
}

/** What a part of the benchmark found. */
export interface PartResult {
  readonly figures: readonly Figure[];
  /** The part's own tables. */
  readonly lines: readonly string[];
}

/** Why a part was not run: something it compares with is not installed. */
export class Skipped extends Error {}

/** Whether a figure is what it should be; `undefined` where nothing is asked of it. */
export function isMet({ value, goal }: Figure): boolean | undefined {
  if (goal === undefined) return undefined;
  return "atMost" in goal ? value <= goal.atMost : value >= goal.atLeast;
}

/**
 * Times of each arm, taken in turn so that whatever else the machine does weighs on all alike; one round before is not
 * counted.
 *
 * @returns median of each, in milliseconds
 */
export async function compareArms<Name extends string>(
  arms: Readonly<Record<Name, () => Promise<number>>>,
  rounds: number,
): Promise<Record<Name, number>> {
  const names = Object.keys(arms) as Name[];
  const times = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = -1; round < rounds; round++) {
    for (const name of names) {
      const ms = await arms[name]();
      if (round >= 0) times.get(name)?.push(ms);
    }
  }
  return Object.fromEntries([...times].map(([name, values]) => [name, median(values)])) as Record<
    Name,
    number
  >;
}

/** How long something takes, in milliseconds. */
export async function timed(run: () => void | Promise<void>): Promise<number> {
  const started = performance.now();
  await run();
  return performance.now() - started;
}

/** The middle value; the mean of the two in the middle where there is none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}
