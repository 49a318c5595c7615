/**
 * Who uses a store: builds share it, garbage collection and repairs have it alone.
 *
 * Two kernel locks. "use" is held, shared or alone, for as long as the store is used. "turn" is passed through on the
 * way to it: who wants the store alone holds it for short spells, so that an endless row of builds that overlap cannot
 * keep him out, and a build of an hour cannot make all others wait for its end.
 *
 * @module
 */
import { join } from "node:path";
import { EngineError, explainIo } from "../error.ts";
import type { FileLock, Host } from "../host.ts";

/** Their files, which stay. */
export const LEASE_LOCKS: readonly string[] = ["use.lock", "turn.lock"];

/** How long the turn is kept while waiting to have the store alone, and how long it is then left to others. */
const TURN_MS = 2_000;
const PAUSE_MS = 3_000;
/** Between two tries. */
const POLL_MS = 20;

/** A store to use. */
export interface LeasePlace {
  readonly host: Host;
  /** Folder of the store. */
  readonly root: string;
}

/** How to wait for a store. */
export interface WaitOptions {
  readonly signal: AbortSignal;
  /** Called once if there is something to wait for. */
  readonly onWait?: () => void;
}

/**
 * Uses a store beside others: nothing is collected until the lease is disposed of. A store that cannot be written is
 * used without a lease.
 */
export async function shareStore(place: LeasePlace, options: WaitOptions): Promise<Disposable> {
  const wait = waiter(place, options);
  try {
    for (;;) {
      {
        using turn = lockOf(place, "turn", { shared: true });
        const lease = turn === undefined ? undefined : lockOf(place, "use", { shared: true });
        if (lease !== undefined) return lease;
      }
      await wait(POLL_MS);
    }
  } catch (error) {
    if (error instanceof EngineError && (error.code === "read-only" || error.code === "permission")) {
      return { [Symbol.dispose]: () => {} };
    }
    throw error;
  }
}

/**
 * Uses a store alone, once everybody else has left it.
 *
 * @throws {EngineError} "read-only", "permission"
 */
export async function takeStore(place: LeasePlace, options: WaitOptions): Promise<Disposable> {
  const { clock } = place.host;
  const wait = waiter(place, options);
  for (;;) {
    {
      using turn = lockOf(place, "turn");
      const endMs = clock.monotonic() + TURN_MS;
      while (turn !== undefined && clock.monotonic() < endMs) {
        const lease = lockOf(place, "use");
        if (lease !== undefined) return lease;
        await wait(POLL_MS);
      }
    }
    await wait(PAUSE_MS);
  }
}

/** One lease for all that a process does with a store at one time. */
export class SharedLease {
  readonly #place: LeasePlace;
  readonly #onWait: () => void;
  #lease: Promise<Disposable> | undefined;
  #users = 0;

  constructor(place: LeasePlace, onWait: () => void) {
    this.#place = place;
    this.#onWait = onWait;
  }

  /** Shares the store until what this gives is disposed of. */
  async take(signal: AbortSignal): Promise<Disposable> {
    this.#users++;
    this.#lease ??= shareStore(this.#place, { signal, onWait: this.#onWait });
    let lease: Disposable;
    try {
      lease = await this.#lease;
    } catch (error) {
      if (--this.#users === 0) this.#lease = undefined;
      throw error;
    }
    return {
      [Symbol.dispose]: () => {
        if (--this.#users > 0) return;
        this.#lease = undefined;
        lease[Symbol.dispose]();
      },
    };
  }
}

function lockOf(
  { host, root }: LeasePlace,
  name: "use" | "turn",
  options: { readonly shared?: boolean } = {},
): FileLock | undefined {
  const path = join(root, "locks", `${name}.lock`);
  try {
    return host.fs.tryLock(path, options);
  } catch (error) {
    throw explainIo(error, `lock "${path}"`);
  }
}

function waiter({ host }: LeasePlace, { signal, onWait }: WaitOptions): (ms: number) => Promise<void> {
  let isTold = false;
  return async (ms) => {
    if (!isTold) onWait?.();
    isTold = true;
    await host.clock.sleep(ms, signal);
  };
}
