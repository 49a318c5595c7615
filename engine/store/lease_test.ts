import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { join } from "node:path";
import { denoHost } from "../deno_host.ts";
import type { Host } from "../host.ts";
import { osError } from "./_testing.ts";
import { type LeasePlace, SharedLease, shareStore, takeStore } from "./lease.ts";
import { Store } from "./store.ts";

const real = denoHost();
const never = new AbortController().signal;
let folder: string;
let place: LeasePlace;

/** A machine whose clock stands still but for sleeping, and what happens while it sleeps. */
function machine(onSleep: (nowMs: number) => void = () => {}): Host {
  let nowMs = 0;
  return {
    ...real,
    clock: {
      ...real.clock,
      monotonic: () => nowMs,
      sleep: (ms, signal) => {
        signal?.throwIfAborted();
        nowMs += ms;
        onSleep(nowMs);
        return Promise.resolve();
      },
    },
  };
}

describe("leases", () => {
  beforeEach(() => {
    folder = Deno.makeTempDirSync({ prefix: "vkforge-lease-" });
    Store.open(real, folder);
    place = { host: machine(), root: folder };
  });

  afterEach(() => Deno.removeSync(folder, { recursive: true }));

  it("shareStore() lets any number in at one time", async () => {
    using _one = await shareStore(place, { signal: never });
    using _two = await shareStore(place, { signal: never });
  });

  it("takeStore() waits until the last user has left, and says once that it waits", async () => {
    const users = [await shareStore(place, { signal: never }), await shareStore(place, { signal: never })];
    const log: string[] = [];
    const host = machine((nowMs) => {
      if (nowMs < 100) return;
      users.pop()?.[Symbol.dispose]();
      log.push(`left: ${users.length} stay`);
    });
    using _alone = await takeStore({ host, root: folder }, { signal: never, onWait: () => log.push("wait") });
    expect(log).toEqual(["wait", "left: 1 stay", "left: 0 stay"]);
  });

  it("shareStore() waits while somebody has the store alone", async () => {
    const alone = await takeStore(place, { signal: never });
    const log: string[] = [];
    const host = machine((nowMs) => {
      if (nowMs === 200) alone[Symbol.dispose]();
    });
    using _lease = await shareStore({ host, root: folder }, {
      signal: never,
      onWait: () => log.push("wait"),
    });
    expect(log).toEqual(["wait"]);
  });

  it("takeStore() gets its turn though users overlap without end", async () => {
    let user = await shareStore(place, { signal: never });
    let entered = 0;
    // Every 100 ms another user comes before the last one goes; who finds the door shut comes back later.
    const host = machine((nowMs) => {
      if (nowMs % 100 !== 0) return;
      const turn = real.fs.tryLock(join(folder, "locks", "turn.lock"), { shared: true });
      user[Symbol.dispose]();
      if (turn === undefined) return;
      user = real.fs.tryLock(join(folder, "locks", "use.lock"), { shared: true })!;
      turn[Symbol.dispose]();
      entered++;
    });
    using _alone = await takeStore({ host, root: folder }, { signal: never });
    expect(entered).toBe(0);
  });

  it("takeStore() lets others in while a long user stays", async () => {
    const long = await shareStore(place, { signal: never });
    let entered = 0;
    const host = machine((nowMs) => {
      using turn = real.fs.tryLock(join(folder, "locks", "turn.lock"), { shared: true });
      if (turn !== undefined) entered++;
      if (nowMs > 20_000) long[Symbol.dispose]();
    });
    using _alone = await takeStore({ host, root: folder }, { signal: never });
    expect(entered > 0).toBe(true);
  });

  it("both stop waiting when they are called off", async () => {
    const stop = new AbortController();
    stop.abort(new Error("stopped"));
    {
      using _alone = await takeStore(place, { signal: never });
      await expect(shareStore(place, { signal: stop.signal })).rejects.toThrow("stopped");
      await expect(takeStore(place, { signal: stop.signal })).rejects.toThrow("stopped");
    }
    using _again = await takeStore(place, { signal: never });
  });

  it("shareStore() does without a lease where the store cannot be written; takeStore() says so", async () => {
    const fs = {
      ...real.fs,
      tryLock: () => {
        throw Object.assign(osError("EIO"), { code: "EROFS" });
      },
    };
    const readOnly = { host: { ...real, fs }, root: folder };
    using _lease = await shareStore(readOnly, { signal: never });
    await expect(takeStore(readOnly, { signal: never })).rejects.toThrow("the file system is read-only");
  });

  it("SharedLease shares one lease among its users and gives it back with the last", async () => {
    const lease = new SharedLease(place, () => {});
    const one = await lease.take(never);
    const two = await lease.take(never);
    const isFree = () => {
      using lock = real.fs.tryLock(join(folder, "locks", "use.lock"));
      return lock !== undefined;
    };
    one[Symbol.dispose]();
    expect(isFree()).toBe(false);
    two[Symbol.dispose]();
    expect(isFree()).toBe(true);
    using _three = await lease.take(never);
    expect(isFree()).toBe(false);
  });
});
