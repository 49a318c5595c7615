/**
 * In which order the processes of a model run.
 *
 * @module
 */
import { type Random, seededRandom } from "./random.ts";

/** An arm and how many processes it has. */
export interface ScheduledArm {
  readonly name: string;
  readonly replicates: number;
  /** Its outputs are compared; its times are not. */
  readonly untimed?: boolean;
}

/** One process: an arm, and which of its processes. */
export interface Turn {
  readonly arm: string;
  readonly replicate: number;
}

/**
 * Interleaves the processes of the timed arms, so that a machine that warms up or slows down does it to all of them alike:
 * a random order of the arms, then its mirror image (ABC CBA), which takes out a linear drift; then another random order.
 * The same seed gives the same order. Arms that are not timed come last.
 */
export function schedule(arms: readonly ScheduledArm[], seed: number): Turn[] {
  const random = seededRandom(seed);
  const timed = arms.filter(({ untimed }) => untimed !== true);
  const rounds = Math.max(0, ...timed.map(({ replicates }) => replicates));
  const turns: Turn[] = [];
  let order: readonly ScheduledArm[] = [];
  for (let replicate = 0; replicate < rounds; replicate++) {
    order = replicate % 2 === 0 ? shuffled(timed, random) : order.toReversed();
    for (const { name, replicates } of order) {
      if (replicate < replicates) turns.push({ arm: name, replicate });
    }
  }
  for (const { name, replicates, untimed } of arms) {
    if (untimed !== true) continue;
    for (let replicate = 0; replicate < replicates; replicate++) turns.push({ arm: name, replicate });
  }
  return turns;
}

/** Fisher and Yates. */
function shuffled<T>(values: readonly T[], random: Random): T[] {
  const order = [...values];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
