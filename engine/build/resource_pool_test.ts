import { describe, expect, it } from "vitest";
import { ResourcePool } from "./resource_pool.ts";

const never = new AbortController().signal;

describe("ResourcePool", () => {
  it("starts a step once a processor is free, and makes the next wait for one", async () => {
    const pool = new ResourcePool({ cpus: 2, memoryBytes: 100 });
    const order: string[] = [];
    const first = await pool.take({ cpus: 1, memoryBytes: 10 }, never);
    const large = await pool.take({ cpus: 2, memoryBytes: 10 }, never);
    const next = pool.take({ cpus: 1, memoryBytes: 10 }, never).then((share) => (order.push("next"), share));
    first[Symbol.dispose]();
    await Promise.resolve();
    expect(order).toEqual([]);
    large[Symbol.dispose]();
    await next;
    expect(order).toEqual(["next"]);
  });

  it("never promises memory twice, and keeps the order", async () => {
    const pool = new ResourcePool({ cpus: 4, memoryBytes: 100 });
    const order: string[] = [];
    const first = await pool.take({ cpus: 1, memoryBytes: 60 }, never);
    const large = pool.take({ cpus: 1, memoryBytes: 50 }, never).then((
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
