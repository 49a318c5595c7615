import { describe, expect, it } from "vitest";
import { ResourcePool } from "./resource_pool.ts";

const never = new AbortController().signal;

describe("ResourcePool", () => {
  it("lets run what fits and makes the rest wait, in order", async () => {
    const pool = new ResourcePool({ cpus: 2, memoryBytes: 100 });
    const order: string[] = [];
    const first = await pool.take({ cpus: 1, memoryBytes: 60 }, never);
    const large = pool.take({ cpus: 2, memoryBytes: 10 }, never).then((
      share,
    ) => (order.push("large"), share));
    const small = pool.take({ cpus: 1, memoryBytes: 10 }, never).then((
      share,
    ) => (order.push("small"), share));
    await Promise.resolve();
    expect(order).toEqual([]);
    first[Symbol.dispose]();
    (await large)[Symbol.dispose]();
    await small;
    expect(order).toEqual(["large", "small"]);
  });

  it("cuts a demand to its size", async () => {
    const pool = new ResourcePool({ cpus: 2, memoryBytes: 100 });
    const share = await pool.take({ cpus: 64, memoryBytes: 1e12 }, never);
    expect([share.cpus, share.memoryBytes]).toEqual([2, 100]);
  });

  it("forgets a demand that is called off, and goes on with the next", async () => {
    const pool = new ResourcePool({ cpus: 1, memoryBytes: 1 });
    const first = await pool.take({ cpus: 1, memoryBytes: 1 }, never);
    const off = new AbortController();
    const cancelled = pool.take({ cpus: 1, memoryBytes: 1 }, off.signal);
    const next = pool.take({ cpus: 1, memoryBytes: 1 }, never);
    off.abort(new Error("called off"));
    await expect(cancelled).rejects.toThrow("called off");
    first[Symbol.dispose]();
    expect((await next).cpus).toBe(1);
  });
});
