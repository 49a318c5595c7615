import { describe, expect, it } from "vitest";
import { schedule, type Turn } from "./schedule.ts";

const ARMS = [
  { name: "cpu-1t", replicates: 6 },
  { name: "cpu-2t", replicates: 6 },
  { name: "vulkan", replicates: 6 },
  { name: "vulkan-input2", replicates: 1, untimed: true },
];

describe("schedule()", () => {
  it("runs every process once, an arm's own in order, untimed arms last", () => {
    const turns = schedule(ARMS, 1);
    expect(turns).toHaveLength(19);
    for (const { name, replicates } of ARMS) {
      expect(replicatesOf(turns, name)).toEqual(Array.from({ length: replicates }, (_, index) => index));
    }
    expect(turns.at(-1)).toEqual({ arm: "vulkan-input2", replicate: 0 });
  });

  it("mirrors every other round", () => {
    const turns = schedule(ARMS, 7).map(({ arm }) => arm);
    for (const start of [0, 6, 12]) {
      expect(turns.slice(start + 3, start + 6)).toEqual(turns.slice(start, start + 3).toReversed());
    }
  });

  it("gives every arm the same mean place over pairs of rounds", () => {
    const turns = schedule(ARMS, 3);
    const sums = ["cpu-1t", "cpu-2t", "vulkan"].map((name) =>
      turns.reduce((sum, { arm }, place) => arm === name ? sum + place : sum, 0)
    );
    expect(new Set(sums).size).toBe(1);
  });

  it("is the same for a seed, and another for most other seeds", () => {
    expect(schedule(ARMS, 5)).toEqual(schedule(ARMS, 5));
    const orders = new Set(Array.from({ length: 20 }, (_, seed) => JSON.stringify(schedule(ARMS, seed))));
    expect(orders.size).toBeGreaterThan(15);
  });

  it("puts any arm first", () => {
    const first = new Set(Array.from({ length: 50 }, (_, seed) => schedule(ARMS, seed)[0]!.arm));
    expect([...first].sort()).toEqual(["cpu-1t", "cpu-2t", "vulkan"]);
  });

  it("takes arms with fewer processes, and none at all", () => {
    const turns = schedule([{ name: "a", replicates: 3 }, { name: "b", replicates: 1 }], 1);
    expect(turns.filter(({ arm }) => arm === "b")).toHaveLength(1);
    expect(schedule([], 1)).toEqual([]);
  });
});

function replicatesOf(turns: readonly Turn[], name: string): number[] {
  return turns.filter(({ arm }) => arm === name).map(({ replicate }) => replicate);
}
