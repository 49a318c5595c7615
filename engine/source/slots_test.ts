import { describe, expect, it } from "vitest";
import { Slots } from "./_slots.ts";

describe("Slots.take()", () => {
  it("serves those who wait in order", async () => {
    const slots = new Slots(1);
    const order: number[] = [];
    const first = await slots.take();
    const waiting = [1, 2].map(async (number) => {
      using _slot = await slots.take();
      order.push(number);
    });
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    await Promise.all(waiting);
    expect(order).toEqual([1, 2]);
  });

  it("leaves the queue when aborted", async () => {
    const slots = new Slots(1);
    const held = await slots.take();
    const abort = new AbortController();
    const impatient = slots.take(abort.signal);
    const patient = slots.take();
    abort.abort(new Error("enough"));
    await expect(impatient).rejects.toThrow("enough");
    held[Symbol.dispose]();
    (await patient)[Symbol.dispose]();
  });
});
