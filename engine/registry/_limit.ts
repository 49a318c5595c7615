/**
 * A limit on how many things run at one time; first come, first served.
 *
 * @module
 */

/** Runs an action once it is its turn. */
export type Limit = <T>(action: () => Promise<T>) => Promise<T>;

/** A limit of so many at one time. */
export function limitTo(count: number): Limit {
  const waiting: Array<() => void> = [];
  let free = count;
  return async (action) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await action();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}

/** Waits for all, and then fails with what failed first: none works on unseen. */
export async function allOf<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const failures: unknown[] = [];
  const settled = await Promise.allSettled(
    promises.map((promise) =>
      promise.catch((error) => {
        failures.push(error);
        throw error;
      })
    ),
  );
  if (failures.length > 0) throw failures[0];
  return settled.flatMap((result) => result.status === "fulfilled" ? [result.value] : []);
}
