/**
 * Chance that can be repeated: the seed stands in every failure.
 *
 * @module
 */

/** How often a crash test tries; `VKFORGE_CRASH_RUNS` raises it. */
export function crashRuns(usual: number): number {
  const asked = Number(Deno.env.get("VKFORGE_CRASH_RUNS"));
  return Number.isSafeInteger(asked) && asked > 0 ? asked : usual;
}

/** Where the chances start: `VKFORGE_CRASH_SEED`, or else the time. */
export function crashSeed(): number {
  const asked = Deno.env.get("VKFORGE_CRASH_SEED");
  return asked === undefined || asked === "" ? Date.now() % 2 ** 31 : Number(asked);
}

/** Random numbers (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** A whole number from 0 to below the limit. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  /** One of the items. */
  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  }
}
